import { isOpleadError } from "../errors.ts";
import { hashText } from "../hash/hash.ts";
import type { EnqueueOptions } from "./options.ts";
import { type StoredError, type StoredResult, storedError } from "./result.ts";

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
  const { code, message } = error;
  const stored = storedError(error);
  return {
    code,
    message,
    error: stored,
    ...(error.status !== undefined && error.status >= 500 && { supportReport: error.supportReport() }),
  };
}
