import { copyError, type FailedStep, OpleadError, type SentResult, stepsOf } from "../core/errors.ts";
import { showIdentity } from "../core/redact.ts";
import { INCOMPLETE } from "../locales/en/incomplete.ts";
import { start, summaryOf } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";
import { resultOf } from "./result.ts";

// Makes the error of a call that arrived in part. If no step was accepted, it has the first failure's code; if the
// caller aborted, `aborted`.
export function incomplete(
  call: Call,
  steps: Parameters<typeof resultOf>[2],
  failed: readonly FailedStep[],
): OpleadError {
  const [first] = failed as readonly [FailedStep, ...FailedStep[]];
  const isFailed = steps.applied.length === 0 && !steps.unverifiable?.length;
  const result = resultOf(call, isFailed ? "failed" : "incomplete", steps, failed);
  hideIdentities(result);
  const message = `${start(call)} ${INCOMPLETE.arrived_in_part(stepsOf(result))}`;
  const waits = failed.flatMap(({ error }) => error.retryAfterMs ?? []);
  const facts = {
    ...summaryOf(call),
    retryable: failed.some(({ error }) => error.retryable),
    retryAfterMs: waits.length > 0 ? Math.max(...waits) : undefined,
    result,
  };
  const abort = failed.find(({ error }) => error.code === "aborted")?.error;
  if (abort || isFailed) return copyError(abort ?? first.error, { ...facts, message });
  return new OpleadError("incomplete", message, { ...facts, cause: first.error });
}

// An identity may be an e-mail address, so it is behind a getter: `util.inspect` shows values of hidden fields, but
// calls no getter.
export function hideIdentities(result: SentResult<"incomplete" | "failed", string | undefined>): void {
  for (const name of ["accountNumber", "id"] as const) {
    const value = result[name];
    if (value !== undefined && showIdentity(value) !== value)
      Object.defineProperty(result, name, { get: () => value, enumerable: false });
  }
}
