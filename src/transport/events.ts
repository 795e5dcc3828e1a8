import type { OpleadError } from "../base/errors.ts";
import { type LogFields, notify } from "../base/observe.ts";
import { duration } from "../base/words.ts";
import type { OpleadHooks, RequestEndEvent, RequestEvent, ResponseEvent } from "../options.ts";
import type { Settings } from "../settings.ts";
import { type Answer, requestIdOf, start } from "./answer.ts";
import type { Call, Outgoing } from "./call.ts";

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** A request as hooks and the log see it. */
export function requestEvent(outgoing: Outgoing, call: Call, attempt: number, queueMs: number): RequestEvent {
  const event: Mutable<RequestEvent> = {
    callId: call.id,
    sequence: call.requests + 1,
    operation: call.operation,
    method: outgoing.method,
    attempt,
    testMode: call.testMode,
    queueMs: inMicroseconds(queueMs),
  };
  if (call.subject !== undefined) event.user = call.subject;
  if (outgoing.rule !== undefined) event.rule = outgoing.rule;
  return event;
}

/** Tells hooks and the log about requests. Nothing that they do changes a call. */
export class Observers {
  readonly #hooks: OpleadHooks;
  /** The end of the pause that the log was told of. */
  #pausedUntil = 0;

  constructor({ hooks }: Settings) {
    this.#hooks = hooks;
  }

  started(event: RequestEvent, call: Call): void {
    this.#tell("onRequest", event, call);
  }

  /** The request is over, with an answer or with the error that says why there is none. */
  ended(event: RequestEvent, call: Call, outcome: Answer | { readonly error: OpleadError }, tookMs: number): void {
    const durationMs = inMicroseconds(tookMs);
    const { onResponse, onRequestEnd } = this.#hooks;
    if ("error" in outcome) {
      this.#tell("onRequestEnd", { ...event, durationMs, error: outcome.error }, call);
      return;
    }
    const { status, headers } = outcome;
    if (!onResponse && !onRequestEnd && !call.logger) return;
    const requestId = requestIdOf(headers);
    const ended: ResponseEvent = { ...event, status, durationMs, ...(requestId && { requestId }) };
    this.#tell("onResponse", ended, call);
    this.#tell("onRequestEnd", ended satisfies RequestEndEvent, call);
    const line = `${start(call)} ${event.method} ${status} in ${Math.round(durationMs)} ms`;
    call.logger?.debug(`oplead-sdk: ${line}`, fieldsOf(ended));
  }

  /** The request failed and will be sent again. `perSecond`: the rate from now on, after a 429. */
  retried(
    event: RequestEvent,
    call: Call,
    failure: { readonly error: OpleadError; readonly delayMs: number; readonly perSecond: number | undefined },
    attempts: number,
  ): void {
    const { error, delayMs, perSecond } = failure;
    const { code, status, requestId } = error;
    this.#tell("onRetry", { ...event, delayMs, error }, call);
    call.logger?.warn(
      `oplead-sdk: ${start(call)} ${code}${status ? ` ${status}` : ""}, ` +
        `attempt ${event.attempt} of ${attempts}; next in ${duration(delayMs)}` +
        (perSecond === undefined ? "" : `; for now at most ${Number(perSecond.toPrecision(3))} requests per second`),
      fieldsOf({ ...event, status, requestId, code, delayMs }),
    );
  }

  /** Oplead asked for a pause that some calls cannot wait for. Said once, not by each of them. */
  paused(forMs: number, now: number, { logger }: Pick<Call, "logger">): void {
    const until = now + forMs;
    const isKnown = Math.abs(until - this.#pausedUntil) < 2_000;
    this.#pausedUntil = until;
    if (isKnown) return;
    logger?.warn(
      `oplead-sdk: Oplead asked for a pause of ${duration(forMs)} (429 with Retry-After). Calls that cannot wait for its end ` +
        "fail with rate_limited. During a long pause, one request after the other asks whether it is over.",
      { code: "rate_limited", retryAfterMs: Math.round(forMs) },
    );
  }

  #tell<Name extends keyof OpleadHooks>(
    name: Name,
    event: Parameters<NonNullable<OpleadHooks[Name]>>[0],
    { logger }: Pick<Call, "logger">,
  ): void {
    // The event fits the hook by its name, which a union of hooks cannot say.
    const hook = this.#hooks[name] as ((event: unknown) => unknown) | undefined;
    if (!hook) return;
    // A copy: a hook may change what it is given. Called on its owner: it may be a method of a class.
    notify(hook.bind(this.#hooks), [{ ...event }], () =>
      logger?.error(`oplead-sdk: the hook ${name} failed; the call goes on`, {
        callId: event.callId,
        hook: name,
      }),
    );
  }
}

/** Milliseconds with three decimals. Clocks give more, which say nothing. */
function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** An event without its error is flat, as a log store wants it. */
function fieldsOf(event: object): LogFields {
  return event as LogFields;
}
