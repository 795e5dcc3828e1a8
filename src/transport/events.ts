import { asFailure, type OpleadError, type OpleadFailure } from "../core/errors.ts";
import { type LogEvent, type LogFields, notify } from "../core/log.ts";
import type { Clock } from "../core/time.ts";
import { duration } from "../locales/en/words.ts";
import { type Answer, requestIdOf, start } from "./answer.ts";
import type { Call, Outgoing } from "./call.ts";
import type { Failure } from "./failures.ts";
import type { AttemptEvent, CallEvent, HookEnd, HookEvent, OpleadHooks } from "./options.ts";
import type { Settings } from "./settings.ts";

/** The facts about a call that hooks get. */
export function callEvent({ id: callId, operation, testMode, subject: user }: Call): CallEvent {
  return { kind: "call", callId, operation, testMode, user };
}

/** The facts about a request that hooks get and the log shows. */
export function attemptEvent(
  { operation, method, path = "", rule }: Outgoing,
  call: Call,
  fields: Pick<AttemptEvent, "origin" | "attempt" | "queueMs">,
): AttemptEvent {
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

/** An attempt that has ended, and whether it is repeated. */
export interface Attempted {
  readonly outcome: Answer | Failure;
  /** If the attempt failed: its failure, which says whether the request may be repeated. */
  readonly failure: Failure | undefined;
  /** How long to wait before the attempt is repeated, in milliseconds; undefined if it is not repeated. */
  readonly waitMs: number | undefined;
}

/** What hooks learn at the end of an attempt. */
export function attemptEnd({ outcome, failure, waitMs }: Attempted): Partial<HookEnd> {
  const answered = "error" in outcome ? {} : { status: outcome.status, requestId: requestIdOf(outcome.headers) };
  return { ...answered, error: failure && asFailure(failure.error), retryInMs: waitMs && inMicroseconds(waitMs) };
}

/**
 * When work has finished, its caller waits for this many turns of the microtask queue, so that hooks can end their
 * spans first.
 */
const STEPS = 5;

/** Tells the hooks and the log what the transport does. Hooks and log cannot change the transport's work. */
export class Observers {
  readonly #hooks: readonly OpleadHooks[];
  readonly #logger: Settings["logger"];
  readonly #clock: Clock;
  /** The end of the pause that was logged most recently. */
  #pausedUntil = 0;

  constructor({ hooks, logger }: Settings, clock: Clock) {
    this.#hooks = hooks;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Whether there are hooks. Without them, no facts need to be collected for them. */
  get areThere(): boolean {
    return this.#hooks.length > 0;
  }

  /** Whether there are hooks, or a log of the call. Otherwise no facts about its requests need to be collected. */
  listenTo(call: Call): boolean {
    return this.#hooks.length > 0 || call.logger !== undefined;
  }

  /**
   * Runs work inside the hooks, and returns or throws what the work does. `tell` makes the facts for the hooks from the
   * result.
   */
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
          (error: OpleadFailure) => end({ error, requests: error.attempts }),
        );
      }
      let inner: Promise<HookEnd> | undefined;
      const next = (): Promise<HookEnd> => {
        inner ??= enter(at + 1);
        return inner;
      };
      // Each hook gets a copy, because it may change the object.
      notify(() => hook.around({ ...event }, next), [], complain);
      return next();
    };
    return enter(0).then(async () => {
      for (let step = 0; step < STEPS; step += 1) await undefined;
      return running as unknown as Promise<T>; // the innermost next has set it
    });
  }

  /** Logs that an answer has come. */
  answered(event: AttemptEvent | undefined, call: Call, answer: Answer, tookMs: number): void {
    if (!call.logger || !event) return;
    const { status, headers } = answer;
    const line = `oplead-sdk: ${start(call)} ${event.method} ${status} in ${Math.round(tookMs)} ms`;
    const fields = { status, durationMs: inMicroseconds(tookMs), requestId: requestIdOf(headers) };
    call.logger.debug(line, fieldsOf("request_ended", event, fields));
  }

  /** Logs that no answer has come: the connection broke, or the client stopped waiting. */
  unanswered(event: AttemptEvent | undefined, call: Call, { error, neverSent }: Failure, tookMs: number): void {
    if (!call.logger || !event) return;
    const what = neverSent ? "not sent" : "no answer";
    const line = `oplead-sdk: ${start(call)} ${event.method} ${what} (${error.code}) after ${Math.round(tookMs)} ms`;
    const fields = { code: error.code, durationMs: inMicroseconds(tookMs) };
    call.logger.debug(line, fieldsOf("request_ended", event, fields));
  }

  /** Logs that a write ended without a known outcome and is not sent again. */
  ambiguous(event: AttemptEvent | undefined, call: Call, { code, status, requestId }: OpleadError): void {
    if (!call.logger || !event) return;
    call.logger.warn(
      `oplead-sdk: ${start(call)} ${event.method} ${code}${status ? ` ${status}` : ""}: Oplead may or may not have acted on it`,
      fieldsOf("outcome_unknown", event, { status, requestId, code }),
    );
  }

  /** Logs that the request failed and will be sent again. `perSecond`: the rate from now on, after a 429. */
  retried(
    event: AttemptEvent | undefined,
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

  /**
   * Logs that Oplead asked for a pause that is too long for some calls. It is logged once for each pause, and not for
   * each call.
   */
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

/** Rounds milliseconds to three decimals, because clocks are not more precise than that. */
export function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/**
 * The fields of a log line about an attempt: the fields of the attempt and further fields, all on one level, because
 * log stores want no nested fields.
 */
function fieldsOf(event: LogEvent, { kind: _, ...fields }: AttemptEvent, more: Omit<LogFields, "event">): LogFields {
  return Object.assign({ event }, fields, more);
}
