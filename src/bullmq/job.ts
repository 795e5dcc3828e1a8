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

// A job's deduplication id is the user's key in the inbox: one job waits per user, and it holds nothing about the user.
export interface UserKey {
  readonly key: string;
  readonly testMode: boolean;
  // A short hash.
  readonly platform: string;
}

export interface StoredJob {
  readonly failure?: JobFailure | undefined;
}

export interface JobFailure {
  readonly code: OpleadErrorCode | undefined;
  readonly message: string;
  readonly supportReport?: string | undefined;
  readonly error?: StoredError | undefined;
}

const TEST_MODE = "test.";

export function platformTag(platform: string): string {
  return hashText(platform).slice(0, 6);
}

// Hashes, because account numbers may be e-mail addresses. Short ones, because Redis has each key five times.
export function inboxKey(accountNumber: string, testMode: boolean, platform: string): string {
  const hash = hashText(`${platform} ${accountNumber}`).slice(0, 22);
  return `${testMode ? TEST_MODE : ""}${platformTag(platform)}${hash}`;
}

export function userKeyOf(key: string): UserKey {
  const testMode = key.startsWith(TEST_MODE);
  return { key, testMode, platform: key.slice(testMode ? TEST_MODE.length : 0).slice(0, 6) };
}

export function failureOf(error: unknown): JobFailure {
  if (!isOpleadError(error)) return { code: undefined, message: "an error was thrown that is not an OpleadError" };
  const { code, message, status = 0 } = error;
  const supportReport = status >= 500 ? error.supportReport() : undefined;
  return { code, message, supportReport, error: storedError(error) };
}

export type StoredUser = Pick<Content, "user" | "version"> & {
  readonly rules: readonly Pick<Content["rules"][number], "name" | "toSend">[];
};

export function storedUser({ user, rules, version }: Content): StoredUser {
  return { user, rules: rules.map(({ name, toSend }) => ({ name, toSend })), version };
}

// As JSON, without account number and error bodies, which may be personal data.
export interface StoredResult extends Omit<Reconciliation, "failed" | "held" | "accountNumber"> {
  readonly failed: readonly StoredStep[];
  readonly held: readonly StoredStep[];
}

interface StoredStep extends Omit<FailedStep, "error"> {
  readonly error: StoredError;
}

export interface StoredError extends OpleadErrorDetails {
  readonly code: OpleadErrorCode;
  readonly message: string;
}

export function storedResult({ accountNumber: _, ...result }: Reconciliation): StoredResult {
  return { ...result, failed: result.failed.map(storedStep), held: result.held.map(storedStep) };
}

function storedStep(step: FailedStep): StoredStep {
  return { ...step, error: storedError(step.error) };
}

function storedError(error: OpleadError): StoredError {
  const { result: _, name: __, ...fields } = error.toJSON();
  // Safe: toJSON writes the error's details under the constructor's names.
  return fields as unknown as StoredError;
}

export function revivedResult(accountNumber: string, stored: StoredResult): Reconciliation {
  const revived = (step: StoredStep): FailedStep => ({ ...step, error: revivedError(step.error) });
  // Safe: this process's version of the package wrote it from a reconciliation.
  return {
    ...stored,
    accountNumber,
    failed: stored.failed.map(revived),
    held: stored.held.map(revived),
  } as unknown as Reconciliation;
}

export function revivedError({ code, message, ...details }: StoredError): OpleadFailure {
  return asFailure(new OpleadError(code, message, details));
}

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

export function stateLost(): OpleadError {
  return new OpleadError(
    "state_lost",
    "The stored state of a user is gone, and no worker has acknowledged it: Redis evicted it, it was deleted, or it is older than " +
      "inboxTtlMs. Enqueue the user again, or let the next nightly run send it.",
  );
}
