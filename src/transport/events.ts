import { asFailure, type OpleadError, type OpleadFailure } from "../core/errors.ts";
import { type LogEvent, type LogFields, notify } from "../core/log.ts";
import type { Clock } from "../core/time.ts";
import { duration } from "../locales/en/words.ts";
import { type Answer, requestIdOf, start } from "./answer.ts";
import type { Call, Outgoing } from "./call.ts";
import type { Failure } from "./failures.ts";
import type { HookEnd, HookEvent, OpleadHooks } from "./options.ts";
import type { Settings } from "./settings.ts";

export function callEvent({ id: callId, operation, testMode, subject: user }: Call): HookEvent<"call"> {
  return { kind: "call", callId, operation, testMode, user };
}

export function attemptEvent(
  { operation, method, path = "", rule }: Outgoing,
  call: Call,
  fields: Pick<HookEvent<"attempt">, "origin" | "attempt" | "queueMs">,
): HookEvent<"attempt"> {
  return {
    kind: "attempt",
    callId: call.id,
    operation: operation ?? call.operation,
    testMode: call.testMode,
    user: call.subject,
    origin: fields.origin,
    attempt: fields.attempt,
    queueMs: fields.queueMs,
    method,
    path,
    rule,
    sequence: call.requests + 1,
  };
}

export interface Attempted {
  readonly outcome: Answer | Failure;
  readonly failure: Failure | undefined;
  readonly waitMs: number | undefined;
}

export function attemptEnd({ outcome, failure, waitMs }: Attempted): Partial<HookEnd> {
  const answered = "error" in outcome ? {} : { status: outcome.status, requestId: requestIdOf(outcome.headers) };
  return { ...answered, error: failure && asFailure(failure.error), retryInMs: waitMs && inMicroseconds(waitMs) };
}

// Microtask turns in which hooks can end their spans before the caller goes on.
const STEPS = 5;

export class Observers {
  readonly #hooks: readonly OpleadHooks[];
  readonly #logger: Settings["logger"];
  readonly #clock: Clock;
  #pausedUntil = 0;

  constructor({ hooks, logger }: Settings, clock: Clock) {
    this.#hooks = hooks;
    this.#logger = logger;
    this.#clock = clock;
  }

  get areThere(): boolean {
    return this.#hooks.length > 0;
  }

  listenTo(call: Call): boolean {
    return this.#hooks.length > 0 || call.logger !== undefined;
  }

  around<T>(
    event: HookEvent,
    work: () => Promise<T>,
    tell: (result: T) => Partial<HookEnd>,
    logger = this.#logger,
  ): Promise<T> {
    if (this.#hooks.length === 0) return work();
    const complain = (): void => {
      const { kind } = event;
      const callId = "callId" in event ? event.callId : undefined;
      logger?.error(`oplead-sdk: a hook failed around this ${kind}; the work goes on`, {
        event: "hook_failed",
        kind,
        callId,
      });
    };
    const startedAt = this.#clock.now();
    let running: Promise<T> | undefined;
    const end = (fields: Partial<HookEnd>): HookEnd => {
      return { durationMs: inMicroseconds(this.#clock.now() - startedAt), ...fields };
    };
    const enter = (at: number): Promise<HookEnd> => {
      const hook = this.#hooks[at];
      if (!hook) {
        running = work();
        return running.then(
          (result) => end(tell(result)),
          (error: OpleadFailure) => end({ error, requests: error.requests }),
        );
      }
      let inner: Promise<HookEnd> | undefined;
      const next = (): Promise<HookEnd> => {
        inner ??= enter(at + 1);
        return inner;
      };
      // A copy for each hook, which may change it.
      notify(() => hook.around({ ...event }, next), [], complain);
      return next();
    };
    return enter(0).then(async () => {
      for (let step = 0; step < STEPS; step += 1) await undefined;
      return running as unknown as Promise<T>; // the innermost next has set it
    });
  }

  answered(event: HookEvent<"attempt"> | undefined, call: Call, answer: Answer, tookMs: number): void {
    if (!call.logger || !event) return;
    const { status, headers } = answer;
    const line = `oplead-sdk: ${start(call)} ${event.method} ${status} in ${Math.round(tookMs)} ms`;
    const fields = { status, durationMs: inMicroseconds(tookMs), requestId: requestIdOf(headers) };
    call.logger.debug(line, fieldsOf("request_ended", event, fields));
  }

  unanswered(event: HookEvent<"attempt"> | undefined, call: Call, { error, neverSent }: Failure, tookMs: number): void {
    if (!call.logger || !event) return;
    const what = neverSent ? "not sent" : "no answer";
    const line = `oplead-sdk: ${start(call)} ${event.method} ${what} (${error.code}) after ${Math.round(tookMs)} ms`;
    const fields = { code: error.code, durationMs: inMicroseconds(tookMs) };
    call.logger.debug(line, fieldsOf("request_ended", event, fields));
  }

  ambiguous(event: HookEvent<"attempt"> | undefined, call: Call, { code, status, requestId }: OpleadError): void {
    if (!call.logger || !event) return;
    call.logger.warn(
      `oplead-sdk: ${start(call)} ${event.method} ${code}${status ? ` ${status}` : ""}: Oplead may or may not have acted on it`,
      fieldsOf("outcome_unknown", event, { status, requestId, code }),
    );
  }

  retried(
    event: HookEvent<"attempt"> | undefined,
    call: Call,
    failure: { readonly error: OpleadError; readonly delayMs: number; readonly perSecond: number | undefined },
    attempts: number,
  ): void {
    if (!call.logger || !event) return;
    const { error, delayMs, perSecond } = failure;
    const { code, status, requestId } = error;
    call.logger.warn(
      `oplead-sdk: ${start(call)} ${code}${status ? ` ${status}` : ""}, ` +
        `attempt ${event.attempt} of ${attempts}; next in ${duration(delayMs)}` +
        (perSecond === undefined ? "" : `; for now at most ${Number(perSecond.toPrecision(3))} requests per second`),
      fieldsOf("request_retried", event, { status, requestId, code, delayMs }),
    );
  }

  // A pause is logged once, not once a call.
  paused(forMs: number, now: number, { logger }: Pick<Call, "logger">): void {
    const until = now + forMs;
    const isKnown = Math.abs(until - this.#pausedUntil) < 2_000;
    this.#pausedUntil = until;
    if (isKnown) return;
    logger?.warn(
      `oplead-sdk: Oplead asked for a pause of ${duration(forMs)} (429 with Retry-After). Calls that cannot wait for its end ` +
        "fail with rate_limited. During a long pause, one request after the other asks whether it is over.",
      { event: "requests_paused", code: "rate_limited", retryAfterMs: Math.round(forMs) },
    );
  }
}

export function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

// Flat: log stores want no nested fields.
function fieldsOf(
  event: LogEvent,
  { kind: _, ...fields }: HookEvent<"attempt">,
  more: Omit<LogFields, "event">,
): LogFields {
  return Object.assign({ event }, fields, more);
}
