import { OpleadError } from "../errors.ts";
import type { CallOptions, RequestEvent } from "../options.ts";
import { runtimeName } from "../platform.ts";
import { showIdentity } from "../redact.ts";
import { readCallOptions, type Settings } from "../settings.ts";
import { version } from "../version.ts";
import { onAbort } from "./abort.ts";
import { type Answer, readAnswer, requestIdOf, seconds, start } from "./answer.ts";
import type { Call, Outgoing } from "./call.ts";
import type { Clock } from "./clock.ts";
import { aborted, connectionFailure, type Failure, facts, failureOf, inFlight, refused, timedOut } from "./failures.ts";
import { Gate } from "./limiter.ts";
import { backoffMs, isIdempotent } from "./retry.ts";
import { TokenHolder } from "./token.ts";
import { checkUrl, withTestMode } from "./url.ts";
import type { Send, WireRequest } from "./wire.ts";

/**
 * Sends requests: authentication, test mode, the gate, a fresh timeout for each attempt, retries, one deadline for all.
 * Returns any answer that repeating does not change; throws an {@link OpleadError} when there is none.
 */
export class Transport {
  readonly settings: Settings;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly #send: Send;
  readonly #token: TokenHolder;
  readonly #testParameter: string;
  readonly #userAgent: string;
  readonly #userAgentInTests: string;

  constructor(settings: Settings, send: Send, clock: Clock, testParameter: string) {
    this.settings = settings;
    this.clock = clock;
    this.#send = send;
    this.#testParameter = testParameter;
    this.#token = new TokenHolder(settings.token);
    this.gate = new Gate({ rate: settings.rateLimit, maxConcurrency: settings.maxConcurrency, clock });
    const agent = `oplead-sdk/${version} (${runtimeName()}`;
    this.#userAgent = `${agent})`;
    this.#userAgentInTests = `${agent}; test mode)`;
  }

  /** Starts a call: from here its deadline runs. */
  begin(operation: string, options: CallOptions | undefined, identification?: string | undefined): Call {
    const headers = options ? readCallOptions(operation, options, this.settings) : {};
    const { timeoutMs, deadlineMs, testMode } = this.settings;
    const deadline = options?.deadlineMs ?? deadlineMs;
    return {
      operation,
      // Not checked yet: it may be anything.
      subject: typeof identification === "string" ? showIdentity(identification) : undefined,
      signal: options?.signal,
      timeoutMs: options?.timeoutMs ?? timeoutMs,
      deadlineMs: deadline,
      deadlineAt: this.clock.now() + deadline,
      testMode: testMode || options?.testMode === true,
      headers,
      requests: 0,
      sentAt: 0,
    };
  }

  async send(outgoing: Outgoing, call: Call): Promise<Answer> {
    const { method } = outgoing;
    checkUrl(outgoing.url, this.settings.baseUrl);
    const url = call.testMode ? withTestMode(outgoing.url, method, this.#testParameter) : outgoing.url;
    const { attempts } = this.settings.retry;
    this.throwIfAborted(call);
    const held = this.#token.get();
    let token = typeof held === "string" ? held : await this.#tokenFor(call, held);
    let tokenWasRenewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const event = { operation: call.operation, method, attempt, testMode: call.testMode };
      this.throwIfAborted(call);
      // A timer may have come late: the machine slept.
      if (this.clock.now() >= call.deadlineAt) throw timedOut(call, true);
      const turn = this.gate.enter(call.deadlineAt, call.signal, attempt - 1);
      const refusal = turn && (await turn);
      if (refusal) throw refused(refusal, call);
      const outcome = await this.#attempt(outgoing, url, token, call, event);

      if (!("error" in outcome) && outcome.status === 401 && !tokenWasRenewed) {
        tokenWasRenewed = true;
        const another = await this.#tokenFor(call, this.#token.renewed(token));
        if (another !== undefined) {
          token = another;
          continue;
        }
      }
      const failure = "error" in outcome ? outcome : failureOf(outcome, call, outgoing.binary === true);
      if (!failure) return outcome as Answer;

      const wait = attempt < attempts && mayRepeat(method, failure) ? this.#waitBefore(attempt, failure) : undefined;
      const fits = wait !== undefined && this.clock.now() + wait < call.deadlineAt;
      const { status, retryAfterMs: asked } = failure.error;
      // Who is not told for how long to stay away goes on, more slowly.
      if (status === 429) this.gate.leaveRefused(asked === undefined ? 0 : (wait ?? asked), call.sentAt);
      if (!fits) {
        if ("error" in outcome) throw failure.error;
        return outcome;
      }
      this.#tell("onRetry", { ...event, delayMs: wait, error: failure.error });
      this.settings.logger?.warn(
        `oplead-sdk: ${start(call)} ${failure.error.code}${status ? ` ${status}` : ""}, ` +
          `attempt ${attempt} of ${attempts}; next in ${seconds(wait)}` +
          (status === 429 ? `; for now at most ${Number(this.gate.perSecond.toPrecision(3))} requests per second` : ""),
      );
      // The gate makes everybody wait who was asked to, this call included.
      if (status !== 429 || asked === undefined) await this.sleep(wait, call);
    }
  }

  /** Waits, but not past an abort. The caller has made sure that the deadline is further away. */
  async sleep(ms: number, call: Call): Promise<void> {
    this.throwIfAborted(call);
    await new Promise<void>((resolve, reject) => {
      const stop = onAbort(call.signal, () => {
        this.clock.clearTimeout(timer);
        reject(aborted(call));
      });
      const timer = this.clock.setTimeout(() => {
        stop();
        resolve();
      }, ms);
    });
  }

  throwIfAborted(call: Call): void {
    if (call.signal?.aborted) throw aborted(call);
  }

  /**
   * One request: sent once, given up at its timeout, at the deadline or when aborted. Gives its turn back, except after a
   * 429: the next would start before the gate knows of the pause.
   */
  async #attempt(
    outgoing: Outgoing,
    url: string,
    token: string,
    call: Call,
    event: RequestEvent,
  ): Promise<Answer | Failure> {
    let taken = false;
    let refused = false;
    try {
      this.throwIfAborted(call);
      const { auth } = this.settings;
      const headers: Record<string, string> = {
        accept: outgoing.binary ? "*/*" : "application/json",
        ...outgoing.headers,
        "user-agent": call.testMode ? this.#userAgentInTests : this.#userAgent,
      };
      // One spelling, or a header given in capitals would be sent beside ours.
      for (const [name, value] of Object.entries(call.headers)) headers[name.toLowerCase()] = value;
      if (outgoing.body !== undefined) headers["content-type"] = outgoing.contentType ?? "application/json";
      if (auth === "bearer") headers.authorization = `Bearer ${token}`;
      else headers[auth.header.toLowerCase()] = token;
      const { method, body, binary = false } = outgoing;

      this.#tell("onRequest", event);
      this.throwIfAborted(call);
      call.sentAt = this.clock.now();
      call.requests += 1;
      const outcome = await this.#race({ method, url, headers, body, binary }, call, token);
      if ("error" in outcome) return outcome;

      const answer = readAnswer(outcome);
      const durationMs = this.clock.now() - call.sentAt;
      const { onResponse } = this.settings.hooks;
      if (onResponse) {
        const requestId = requestIdOf(answer.headers);
        this.#tell("onResponse", { ...event, status: answer.status, durationMs, ...(requestId && { requestId }) });
      }
      this.settings.logger?.debug(
        `oplead-sdk: ${start(call)} ${method} ${answer.status} in ${Math.round(durationMs)} ms`,
      );
      refused = answer.status === 429;
      taken = !refused;
      return answer;
    } finally {
      if (!refused) this.gate.leave(taken);
    }
  }

  #race(request: WireRequest, call: Call, token: string) {
    const left = call.deadlineAt - this.clock.now();
    const limit = Math.min(call.timeoutMs, left);
    return new Promise<Awaited<ReturnType<Send>["answer"]> | Failure>((resolve) => {
      const sending = this.#send(request);
      const end = (result: Awaited<ReturnType<Send>["answer"]> | Failure): void => {
        this.clock.clearTimeout(timer);
        stop();
        resolve(result);
      };
      const leave = (): void => {
        end({ error: inFlight(aborted(call)), neverSent: false, final: true });
        sending.cancel();
      };
      const stop = onAbort(call.signal, leave);
      const timer = this.clock.setTimeout(() => {
        end({ error: inFlight(timedOut(call, limit === left)), neverSent: false, final: limit === left });
        sending.cancel();
      }, limit);
      sending.answer.then(end, (error: unknown) => end(connectionFailure(error, call, token)));
      // A fetch of somebody's own may have aborted it before there was anybody to listen.
      if (call.signal?.aborted) leave();
    });
  }

  #waitBefore(attempt: number, failure: Failure): number {
    const backoff = backoffMs(attempt, this.settings.retry, this.clock.random);
    return Math.max(backoff, failure.error.retryAfterMs ?? 0);
  }

  /** Lets a call wait for something that others wait for too, and leave when its own time is over. */
  withinCall<T>(value: T | Promise<T>, call: Call): T | Promise<T> {
    if (!(value instanceof Promise)) return value;
    return new Promise<T>((resolve, reject) => {
      const end = (): void => {
        this.clock.clearTimeout(timer);
        stop();
      };
      const leave = (): void => {
        end();
        reject(aborted(call));
      };
      const stop = onAbort(call.signal, leave);
      const timer = this.clock.setTimeout(
        () => {
          end();
          reject(timedOut(call, true));
        },
        Math.max(0, call.deadlineAt - this.clock.now()),
      );
      value.then(resolve, reject).finally(end);
      if (call.signal?.aborted) leave();
    });
  }

  /** A token, or why there is none: all who asked share the reason, and each hears it as its own call's. */
  async #tokenFor<T>(call: Call, token: T | Promise<T>): Promise<T> {
    try {
      return await this.withinCall(token, call);
    } catch (error) {
      if (error instanceof OpleadError && error.code === "timeout") this.#token.giveUp();
      if (!(error instanceof OpleadError) || error.operation !== undefined) throw error;
      const { code, message, retryable, cause } = error;
      throw new OpleadError(code, `${start(call)} ${message}`, { ...facts(call), retryable, cause });
    }
  }

  /** Observers observe: what they throw is theirs, and delivery goes on. */
  #tell<Name extends "onRequest" | "onResponse" | "onRetry">(
    name: Name,
    event: Parameters<NonNullable<Settings["hooks"][Name]>>[0],
  ): void {
    const { hooks, logger } = this.settings;
    const hook = hooks[name] as ((event: unknown) => unknown) | undefined;
    if (!hook) return;
    const complain = (): void => logger?.error(`oplead-sdk: the hook ${name} failed; the call goes on`);
    try {
      Promise.resolve(hook.call(hooks, { ...event })).catch(complain);
    } catch {
      complain();
    }
  }
}

function mayRepeat(method: string, failure: Failure): boolean {
  return !failure.final && (failure.neverSent || isIdempotent(method));
}
