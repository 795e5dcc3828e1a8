import {
  asFailure,
  type FailedStep,
  isOpleadError,
  OpleadError,
  type OpleadErrorDetails,
  type OpleadFailure,
} from "../core/errors.ts";
import { hashText } from "../core/hash.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import type { Content } from "../reconcile/content.ts";
import type { Reconciliation } from "../reconcile/reconciliation.ts";

/** A job holds nothing about the user. The user's state is in the inbox, under `key`. */
export interface JobData {
  readonly key: string;
  readonly testMode: boolean;
  /** The platform to which the user is to be sent. */
  readonly platform: string;
}

/**
 * The data of a job that BullMQ stores: only the facts that the job's id does not hold. If every field of a job has at
 * most 64 bytes, Redis stores the job in a third of the memory that it takes otherwise.
 */
export interface StoredJob extends Pick<JobData, "platform"> {
  /** Why the last attempt failed. */
  readonly failure?: JobFailure | undefined;
}

/** Why an attempt failed, without personal data. */
export interface JobFailure {
  readonly code: OpleadErrorCode | undefined;
  readonly message: string;
  readonly supportReport?: string | undefined;
  readonly error?: StoredError | undefined;
}

/** BullMQ works on jobs without a priority first. */
export const PRIORITY = { webhook: 0, batch: 10 } as const;

/** The beginning of each key of a user in test mode. */
export const TEST_MODE = "test.";

/**
 * The key of a user in the inbox. Account numbers may be e-mail addresses, so Redis sees a hash. Each platform has
 * records of its own, and so has test mode.
 */
export function inboxKey(accountNumber: string, testMode: boolean, platform: string): string {
  return `${testMode ? TEST_MODE : ""}${hashText(`${platform} ${accountNumber}`)}`;
}

/**
 * A new id for a job of a user. With a fixed id BullMQ would ignore a state that arrives while an older job of the user
 * is under way, or is kept as completed or failed.
 */
export function newJobId(key: string): string {
  return `${key}.${crypto.randomUUID().slice(0, 8)}`;
}

/** Reads the user's key and the test mode from the id of a job. */
export function jobOf(jobId: string): Pick<JobData, "key" | "testMode"> {
  const key = jobId.replace(/\.[^.]*$/, "");
  return { key, testMode: key.startsWith(TEST_MODE) };
}

export function failureOf(error: unknown): JobFailure {
  if (!isOpleadError(error)) return { code: undefined, message: "an error was thrown that is not an OpleadError" };
  const { code, message, status = 0 } = error;
  const supportReport = status >= 500 ? error.supportReport() : undefined;
  return { code, message, supportReport, error: storedError(error) };
}

/** A user in a form that can be written as JSON: its rules are in wire form. */
export type StoredUser = Pick<Content, "user" | "version"> & {
  readonly rules: readonly Pick<Content["rules"][number], "name" | "toSend">[];
};

export function storedUser({ user, rules, version }: Content): StoredUser {
  return { user, rules: rules.map(({ name, toSend }) => ({ name, toSend })), version };
}

/**
 * A {@link Reconciliation} as JSON, without the account number and the bodies of errors, which may be personal data.
 */
export interface StoredResult extends Omit<Reconciliation, "failed" | "accountNumber"> {
  readonly failed: readonly {
    readonly step: FailedStep["step"];
    readonly held?: boolean | undefined;
    readonly error: StoredError;
  }[];
}

export interface StoredError extends OpleadErrorDetails {
  readonly code: OpleadErrorCode;
  readonly message: string;
}

export function storedResult({ accountNumber: _, ...result }: Reconciliation): StoredResult {
  const failed = result.failed.map(({ step, held, error }) => ({ step, held, error: storedError(error) }));
  return { ...result, failed };
}

function storedError(error: OpleadError): StoredError {
  const { result: _, name: __, ...fields } = error.toJSON();
  // toJSON writes the details of the error under the names they have in the constructor, but its return type does not
  // say so.
  return fields as unknown as StoredError;
}

export function revivedResult(accountNumber: string, stored: StoredResult): Reconciliation {
  return {
    ...stored,
    accountNumber,
    // Earlier versions did not store these fields.
    fields: stored.fields ?? [],
    requestIds: stored.requestIds ?? [],
    recovered: stored.recovered ?? false,
    inDoubt: stored.inDoubt ?? false,
    failed: stored.failed.map((step) => ({ ...step, error: revivedError(step.error) })),
  };
}

export function revivedError({ code, message, ...details }: StoredError): OpleadFailure {
  return asFailure(new OpleadError(code, message, details));
}

/** The result if another job has synced a newer state of the user, or if the source no longer has the user. */
export function supersededResult(accountNumber: string, testMode: boolean): Reconciliation {
  return {
    accountNumber,
    testMode,
    id: undefined,
    outcome: "stale",
    isNew: false,
    recovered: false,
    inDoubt: false,
    fields: [],
    applied: [],
    unverifiable: [],
    failed: [],
    notSent: [],
    held: [],
    requestIds: [],
    revision: 0,
    requests: 0,
    retries: 0,
  };
}

/** The error for a job whose user has neither a record nor a mark that it was acknowledged. */
export function stateLost(): OpleadError {
  return new OpleadError(
    "state_lost",
    "The stored state of a user is gone, and no worker has acknowledged it: Redis evicted it, it was deleted, or it is older than " +
      "inboxTtlMs. Enqueue the user again, or let the next nightly run send it.",
  );
}
