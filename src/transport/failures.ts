import { asError, errorKind, invalid, OpleadError } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { unusedProxy } from "../core/run-time.ts";
import { tellOption } from "../locales/en/core.ts";
import { duration } from "../locales/en/words.ts";
import { type Answer, errorOf, PROXY_LOGIN, start, summaryOf } from "./answer.ts";
import type { Call } from "./call.ts";
import type { SharedRefusal } from "./options.ts";
import { isMistake, isTransientStatus, REFUSED_BY_PROXY, readConnectionFailure } from "./retry.ts";

export interface Failure {
  readonly error: OpleadError;
  readonly neverSent: boolean;
  readonly final: boolean;
}

export function connectionFailure(thrown: unknown, call: Call, hasOwnFetch = false): Failure {
  if (hasOwnFetch && isMistake(thrown)) return mistake(thrown, call);
  const { neverSent, permanent, code } = readConnectionFailure(thrown);
  const advice = permanent
    ? trustAdvice(code)
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

function trustAdvice(code = ""): string {
  if (code === REFUSED_BY_PROXY) return `The proxy refused. If it ${PROXY_LOGIN}.`;
  const why = /EXPIRED|NOT_YET/.test(code)
    ? "the certificate has expired, or the clock is wrong."
    : /ALTNAME|HOSTNAME/.test(code)
      ? "check baseUrl, the certificate is for another host."
      : "check baseUrl and the certificate (NODE_EXTRA_CA_CERTS=FILE).";
  return `The connection is not trusted: ${why}`;
}

// The caller's `fetch` may have sent the request before.
function mistake(thrown: unknown, call: Call): Failure {
  const issue = issueAt("fetch", tellOption("fetch_failed", { error: errorKind(thrown) }));
  const what = `${start(call)} Oplead may or may not have acted.`;
  const error = invalid("invalid_options", what, [issue], { ...summaryOf(call), cause: thrown });
  return { error: inFlight(error), neverSent: false, final: true };
}

function nameAdvice(code: string | undefined, { request }: Call): string {
  const host = request?.host;
  const what =
    code === "ENOTFOUND" || code === "EAI_AGAIN" ? `The name ${host} was not found` : `${host} was not reached`;
  const proxy = unusedProxy();
  return proxy === undefined
    ? ` ${what}: check baseUrl and the network.`
    : ` ${what}. ${proxy} is set but not used: Node uses it with NODE_USE_ENV_PROXY=1 (from 22.21 and 24.0).`;
}

export function failureOf(answer: Answer, call: Call, binary: boolean): Failure | undefined {
  const mustBeReadable = !binary && answer.status >= 200 && answer.status < 300;
  if (!mustBeReadable && !isTransientStatus(answer.status)) return undefined;
  const error = errorOf(answer, call);
  return error && { error, neverSent: answer.status === 429, final: false };
}

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

export function notSentInTime(
  call: Call,
  why = `the whole call took longer than ${duration(call.deadlineMs)} (deadlineMs).`,
): OpleadError {
  const details = { ...summaryOf(call), retryable: true };
  const what = call.requests === 0 ? "Nothing was sent." : "The next request was not sent.";
  return new OpleadError("deadline", `${start(call)} ${why} ${what}`, details);
}

export function aborted(call: Call): OpleadError {
  return new OpleadError("aborted", `${start(call)} ended by the caller's signal.`, {
    ...summaryOf(call),
    cause: call.signal?.reason,
  });
}

export function leaseIsOver({ leaseLeftMs }: Call): boolean {
  return leaseLeftMs !== undefined && leaseLeftMs() <= 0;
}

export function leaseEnded(call: Call): OpleadError {
  const what =
    "the lease of this user ended, or the longest time for it, so another process may be sending it now. No further request was sent.";
  return new OpleadError("aborted", `${start(call)} ${what}`, { ...summaryOf(call), retryable: true });
}

export function throwIfAborted(call: Call): void {
  if (call.signal?.aborted) throw aborted(call);
}

export function timedOut(call: Call, isDeadline: boolean): OpleadError {
  const limit = isDeadline
    ? `the whole call took longer than ${duration(call.deadlineMs)} (deadlineMs)`
    : `no answer within ${duration(call.timeoutMs)} (timeoutMs)`;
  return new OpleadError(isDeadline ? "deadline" : "timeout", `${start(call)} ${limit}.`, {
    ...summaryOf(call),
    retryable: true,
  });
}

const endedInFlight = new WeakSet<OpleadError>();

export function inFlight(error: OpleadError): OpleadError {
  endedInFlight.add(error);
  return error;
}

const afterLate = new WeakSet<OpleadError>();

export function noteDoubt(error: OpleadError, { inDoubt, mayComeLate }: Call): void {
  if (inDoubt) inFlight(error);
  if (mayComeLate) afterLate.add(error);
}

// True also for a refused write if an earlier attempt had no known outcome.
export function mayHaveActed(error: OpleadError): boolean {
  return (
    endedInFlight.has(error) ||
    error.code === "server_error" ||
    error.code === "ambiguous_creation" ||
    // A proxy's own 4xx: it did not pass the request on.
    (error.code === "unexpected_response" && (error.status ?? 0) < 400) ||
    error.status === 408 // A proxy stopped waiting while Oplead was at work.
  );
}

// Even after requests that are sent later, but not after Oplead's own 5xx.
export function mayComeLate(error: OpleadError): boolean {
  if (afterLate.has(error) || error.code === "ambiguous_creation") return true;
  return mayHaveActed(error) && error.fromOplead !== true;
}
