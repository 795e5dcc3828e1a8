import { asError, errorKind, invalid, OpleadError } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { unusedProxy } from "../core/run-time.ts";
import { tellOption } from "../locales/en/core.ts";
import { duration } from "../locales/en/words.ts";
import { type Answer, errorOf, start, summaryOf } from "./answer.ts";
import type { Call } from "./call.ts";
import type { SharedRefusal } from "./options.ts";
import { isMistake, isTransientStatus, readConnectionFailure } from "./retry.ts";

/**
 * A failed attempt: the error to throw if the request is not repeated, and whether the server can have acted on the
 * request.
 */
export interface Failure {
  readonly error: OpleadError;
  readonly neverSent: boolean;
  readonly final: boolean;
}

/** The failure for a connection that gave no answer. `hasOwnFetch`: requests are sent by a `fetch` of the caller. */
export function connectionFailure(thrown: unknown, call: Call, hasOwnFetch = false): Failure {
  if (hasOwnFetch && isMistake(thrown)) return mistake(thrown, call);
  const { neverSent, permanent, code } = readConnectionFailure(thrown);
  const advice = permanent
    ? "The connection is not trusted: check baseUrl and the certificate."
    : neverSent
      ? `No connection: nothing reached Oplead.${nameAdvice(code, call)}`
      : "The connection broke: Oplead may or may not have acted.";
  const what = code === undefined ? "" : ` (${code})`;
  const error = new OpleadError("connection", `${start(call)} no answer${what}. ${advice}`, {
    ...summaryOf(call),
    retryable: !permanent,
    cause: asError(thrown),
  });
  return { error: neverSent ? error : inFlight(error), neverSent, final: permanent };
}

/** The failure for a mistake in the caller's own `fetch`. The function may have sent the request before it failed. */
function mistake(thrown: unknown, call: Call): Failure {
  const issue = issueAt("fetch", tellOption("fetch_failed", { error: errorKind(thrown) }));
  const what = `${start(call)} Oplead may or may not have acted.`;
  const error = invalid("invalid_options", what, [issue], { ...summaryOf(call), cause: thrown });
  return { error: inFlight(error), neverSent: false, final: true };
}

/** The host that could not be reached, and whether a proxy variable is set that Node ignores. */
function nameAdvice(code: string | undefined, { request }: Call): string {
  const host = request?.host ?? "the host";
  const what =
    code === "ENOTFOUND" || code === "EAI_AGAIN" ? `The name ${host} was not found` : `${host} was not reached`;
  const proxy = unusedProxy();
  return proxy === undefined
    ? ` ${what}: check baseUrl and the network.`
    : ` ${what}. ${proxy} is set but not used: Node uses it with NODE_USE_ENV_PROXY=1 (from 22.21 and 24.0).`;
}

/** The failure for an answer after which repeating the request may help; undefined for any other answer. */
export function failureOf(answer: Answer, call: Call, binary: boolean): Failure | undefined {
  const mustBeReadable = !binary && answer.status >= 200 && answer.status < 300;
  if (!mustBeReadable && !isTransientStatus(answer.status)) return undefined;
  const error = errorOf(answer, call);
  return error && { error, neverSent: answer.status === 429, final: false };
}

/** The error for a request to which the limiter gave no turn. */
export function refused(refusal: SharedRefusal, call: Call): OpleadError {
  if (refusal.reason === "aborted") return aborted(call);
  if (refusal.reason === "paused") {
    return new OpleadError(
      "rate_limited",
      `${start(call)} Oplead asked this client to wait ${duration(refusal.forMs)}, longer than this call may take ` +
        `(deadlineMs ${call.deadlineMs}).`,
      { ...summaryOf(call), retryable: true, retryAfterMs: refusal.forMs },
    );
  }
  return notSentInTime(
    call,
    `no turn came within ${duration(call.deadlineMs)} (deadlineMs): more calls were started than the client's rateLimit ` +
      "and maxConcurrency let through. Start fewer at once, or raise one of the three.",
  );
}

/**
 * The error for a call whose time was over before it could send its next request. If no earlier request of the call has
 * an unknown outcome, the code is `deadline`; otherwise it is `timeout`.
 */
export function notSentInTime(
  call: Call,
  why = `the whole call took longer than ${duration(call.deadlineMs)} (deadlineMs).`,
): OpleadError {
  const details = { ...summaryOf(call), retryable: true };
  if (call.inDoubt) return new OpleadError("timeout", `${start(call)} ${why}`, details);
  const what = call.requests === 0 ? "Nothing was sent." : "The next request was not sent.";
  return new OpleadError("deadline", `${start(call)} ${why} ${what}`, details);
}

export function aborted(call: Call): OpleadError {
  return new OpleadError("aborted", `${start(call)} ended by the caller's signal.`, {
    ...summaryOf(call),
    cause: call.signal?.reason,
  });
}

/** Whether the lease of the user has ended, so that a different process may have begun to write the user. */
export function leaseIsOver({ leaseLeftMs }: Call): boolean {
  return leaseLeftMs !== undefined && leaseLeftMs() <= 0;
}

export function leaseEnded(call: Call): OpleadError {
  const what = "the lease of this user ended, so another process may be sending it now. No further request was sent.";
  return new OpleadError("aborted", `${start(call)} ${what}`, { ...summaryOf(call), retryable: true });
}

export function throwIfAborted(call: Call): void {
  if (call.signal?.aborted) throw aborted(call);
}

export function timedOut(call: Call, deadline: boolean): OpleadError {
  const limit = deadline
    ? `the whole call took longer than ${duration(call.deadlineMs)} (deadlineMs)`
    : `no answer within ${duration(call.timeoutMs)} (timeoutMs)`;
  return new OpleadError("timeout", `${start(call)} ${limit}.`, { ...summaryOf(call), retryable: true });
}

const endedInFlight = new WeakSet<OpleadError>();

/** Marks an error as the error of a request that was sent and may have arrived. */
export function inFlight(error: OpleadError): OpleadError {
  endedInFlight.add(error);
  return error;
}

const afterLate = new WeakSet<OpleadError>();

/**
 * Marks the error that ended a call if the outcome of an earlier request of the call is unknown, or if Oplead may still
 * carry out such a request.
 */
export function noteDoubt(error: OpleadError, { inDoubt, mayComeLate }: Call): void {
  if (inDoubt) inFlight(error);
  if (mayComeLate) afterLate.add(error);
}

/**
 * Whether the server may have acted on a request that ended with this error: the request was on its way and no usable
 * answer came. Also true for a write whose last attempt was refused if an earlier attempt had no known outcome.
 */
export function mayHaveActed(error: OpleadError): boolean {
  return (
    endedInFlight.has(error) ||
    error.code === "server_error" ||
    error.code === "ambiguous_creation" ||
    // A 4xx that does not come from Oplead comes from a proxy that did not pass the request on.
    (error.code === "unexpected_response" && (error.status ?? 0) < 400) ||
    error.status === 408 // a proxy that stopped waiting while Oplead was at work
  );
}

/**
 * Whether the server may still carry out the request that ended with this error, or an earlier request of the same
 * call. If so, it may do that even after requests that are sent from now on. It will not do so if Oplead itself
 * answered with a 5xx.
 */
export function mayComeLate(error: OpleadError): boolean {
  if (afterLate.has(error) || error.code === "ambiguous_creation") return true;
  return mayHaveActed(error) && error.fromOplead !== true;
}
