import { isOpleadError, OpleadError } from "../base/errors.ts";

/** The ledger cannot be read or written. Continuing without it would forget what has been sent. */
export function ledgerError(message: string, cause?: unknown): OpleadError {
  return new OpleadError("ledger_unavailable", message, { retryable: true, cause });
}

/** Another process has written the user's entry meanwhile: the same may succeed a little later. */
export function ledgerConflict(message: string): OpleadError {
  return new OpleadError("ledger_conflict", message, { retryable: true });
}

/** Reads or writes a ledger, which may be the application's own code: whatever it throws becomes an {@link OpleadError}. */
export async function useLedger<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw isOpleadError(error) ? error : ledgerError("The ledger failed.", error);
  }
}
