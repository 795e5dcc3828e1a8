import { OpleadError, type OpleadErrorCode, type OpleadErrorDetails } from "../errors.ts";
import type { FailedStep, Reconciliation } from "../reconcile/reconciliation.ts";

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

export function storedError(error: OpleadError): StoredError {
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
