import { copyError, type FailedStep, type IncompleteResult, OpleadError, stepsOf } from "../core/errors.ts";
import { showIdentity } from "../core/redact.ts";
import { INCOMPLETE } from "../locales/en/incomplete.ts";
import { start, summaryOf } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";

/**
 * The error for a write that arrived only in part. If Oplead accepted no step, or the caller aborted the call, the
 * error has the code of the first step that failed instead of `incomplete`.
 */
export function incomplete(call: Call, given: Omit<IncompleteResult, "outcome">): OpleadError {
  const { applied, failed, unverifiable } = given;
  const [first] = failed as readonly [FailedStep, ...FailedStep[]];
  const isFailed = applied.length + unverifiable.length === 0;
  const result: IncompleteResult = Object.assign(given, {
    outcome: isFailed ? ("failed" as const) : ("incomplete" as const),
  });
  const { id } = result;
  // An id may be an e-mail address. Then the id is behind a getter, so that a program can read it but it is not
  // printed: `util.inspect` can show the value of a hidden field, but does not call a getter.
  if (showIdentity(id) !== id) Object.defineProperty(result, "id", { get: () => id, enumerable: false });
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
