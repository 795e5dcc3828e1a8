import { OpleadError } from "../errors.ts";
import { safeCause } from "../redact.ts";

/** A ledger that cannot be read or written. Going on without it would forget what has been sent. */
export function ledgerError(message: string, cause?: unknown): OpleadError {
  return new OpleadError("ledger_unavailable", message, {
    retryable: true,
    cause: safeCause(cause),
  });
}
