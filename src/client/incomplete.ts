import { copyError, type FailedStep, type IncompleteResult, OpleadError, stepsOf } from "../core/errors.ts";
import { showIdentity } from "../core/redact.ts";
import { INCOMPLETE } from "../locales/en/incomplete.ts";
import { start, summaryOf } from "../transport/answer.ts";
import type { Call } from "../transport/call.ts";

// Makes the error of a call that arrived in part. If no step was accepted, it has the first failure's code; if the
// caller aborted, `aborted`.
export function incomplete(call: Call, given: Omit<IncompleteResult, "outcome">): OpleadError {
  const { applied, failed, unverifiable } = given;
  const [first] = failed as readonly [FailedStep, ...FailedStep[]];
  const isFailed = applied.length + unverifiable.length === 0;
  const result: IncompleteResult = Object.assign(given, {
    outcome: isFailed ? ("failed" as const) : ("incomplete" as const),
  });
  const { id } = result;
  // The id may be an e-mail address, so it is behind a getter: `util.inspect` shows values of hidden fields, but calls
  // no getter.
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
