import { isOpleadError, OpleadError, type OpleadErrorCode, type OpleadErrorDetails } from "../base/errors.ts";
import { hashText } from "../base/hash/hash.ts";
import type { Content } from "../reconcile/content.ts";
import type { FailedStep, Reconciliation } from "../reconcile/reconciliation.ts";
import type { EnqueueOptions } from "./options.ts";

/** What a job holds: nothing about the user. The state is in the inbox, under `key`. */
export interface JobData {
  /** Hash of the account number. */
  readonly key: string;
  readonly testMode: boolean;
  /** Why the last attempt failed. */
  failure?: JobFailure;
}

/** Why an attempt failed, without personal data. */
export interface JobFailure {
  readonly code: string | undefined;
  readonly message: string;
  readonly supportReport?: string | undefined;
  readonly error?: StoredError | undefined;
}

/** What a job came to: null if the user had been brought to Oplead by another job, or is not in the source any more. */
export type JobResult = StoredResult | null;

/** BullMQ works on low numbers first. */
export const PRIORITY: Readonly<Record<NonNullable<EnqueueOptions["origin"]>, number>> = { webhook: 1, batch: 10 };

/** Account numbers may be e-mail addresses, so Redis sees their hash. Test mode has records of its own. */
export function inboxKey(accountNumber: string, testMode: boolean): string {
  return `${testMode ? "test." : ""}${hashText(accountNumber)}`;
}

/**
 * The account's hash and a part that is new whenever work has started: with a fixed id BullMQ would ignore a state that
 * arrives while an older job of the user is under way, or is kept as completed or failed.
 */
export function newJobId(key: string): string {
  return `${key}.${crypto.randomUUID().slice(0, 8)}`;
}

export function failureOf(error: unknown): JobFailure {
  if (!isOpleadError(error)) return { code: undefined, message: "an error was thrown that is not an OpleadError" };
  const { code, message, status = 0 } = error;
  const supportReport = status >= 500 ? error.supportReport() : undefined;
  return { code, message, supportReport, error: storedError(error) };
}

/** A user as it can be written as JSON: its rules as they are sent. */
export type StoredUser = Pick<Content, "user" | "version"> & {
  readonly rules: readonly Pick<Content["rules"][number], "name" | "toSend">[];
};

export function storedUser({ user, rules, version }: Content): StoredUser {
  return { user, rules: rules.map(({ name, toSend }) => ({ name, toSend })), version };
}

/** A {@link Reconciliation} as JSON, without the account number and the bodies of errors, which may be personal data. */
export interface StoredResult extends Omit<Reconciliation, "failed" | "accountNumber"> {
  readonly failed: readonly {
    readonly step: FailedStep["step"];
    readonly held: boolean;
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
  const { rules: _, name: __, ...facts } = error.toJSON();
  // toJSON writes the details that the error was made with, under the same names.
  return facts as unknown as StoredError;
}

export function revivedResult(accountNumber: string, stored: StoredResult): Reconciliation {
  return {
    accountNumber,
    ...stored,
    failed: stored.failed.map((step) => ({ ...step, error: revivedError(step.error) })),
  };
}

export function revivedError({ code, message, ...details }: StoredError): OpleadError {
  return new OpleadError(code, message, details);
}
