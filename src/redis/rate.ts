import { setTimeout as sleep } from "node:timers/promises";
import { codedBy } from "../base/texts/coded.ts";
import { PARTS } from "../base/texts/en/parts.ts";
import { MAX_TIMER_MS, number, valueThat } from "../base/validation/validate.ts";
import type { SharedRate, SharedRateRequest, SharedRefusal, SharedTurn } from "../options.ts";
import { answerWithin, argumentsCheck, keyText, type RedisClient } from "./client.ts";
import { BEGIN, PING, REFUSED, RESERVE } from "./rate-scripts.ts";

/** Options of {@link redisRate}: at most `requests` in every `perMs` milliseconds, of all clients together. */
export interface RedisRateOptions {
  /** The name of the limit in Redis. Clients with the same key share it. One key for each API token. */
  readonly key: string;
  /** How many requests all clients together may start in `perMs`. */
  readonly requests: number;
  /** The length of that time in milliseconds. */
  readonly perMs: number;
  /** The share of the limit that each client uses while Redis does not answer, 0 to 1. Default 1/4. */
  readonly shares?: number | undefined;
}

/** Longer than Redis takes, shorter than a request. */
const PATIENCE_MS = 500;
/** How often it is tried whether Redis answers again. */
const PROBE_MS = 500;
/** A slot that is used later than this is given up: a process that stood still would send all of its slots at once. */
const LATE_MS = 100;
/** Starts of requests are counted within this time, or a shorter one if more than `MOST_STARTS` fit into it. */
const WINDOW_MS = 1_000;
const MOST_STARTS = 1_000;

/**
 * A rate limit that all clients of all processes share, for `createOplead({ rateLimit })`: the requests, a pause that the
 * server asks for, and what its 429s say about the real limit. Times are Redis's own. While Redis does not answer, each
 * client goes on with its share of the limit; it logs that once, and shares again as soon as Redis answers.
 *
 * ```ts
 * const rateLimit = redisRate(redis, { key: "oplead:rate", requests: 10, perMs: 1000 });
 * const oplead = createOplead({ rateLimit });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function redisRate(redis: RedisClient, options: RedisRateOptions): SharedRate {
  checkArguments(redis, options);
  return new RedisRate(redis, options);
}

const wrong = /* @__PURE__ */ codedBy(PARTS);

const checkArguments = argumentsCheck(
  "redisRate",
  () => ({ shares: valueThat(isShare, wrong("not_share")) }),
  () => ({ key: keyText(), requests: number(1, 1e6), perMs: number(1, MAX_TIMER_MS) }),
);

function isShare(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value <= 1;
}

/** A slot that Redis gave (1), or why it gave none (0). */
type Reserved = [given: number, waitMs: number, epoch: number, perSecond: number, pauseMs: number];

class RedisRate implements SharedRate {
  readonly requests: number;
  readonly perMs: number;
  readonly #redis: RedisClient;
  readonly #keys: readonly [state: string, starts: string];
  /** How many requests may start within how many milliseconds. */
  readonly #window: readonly [most: number, ms: number];
  readonly #share: LocalShare;
  #perSecond: number;
  readonly #shares: number;
  #isShared = true;
  /** Whether Redis answers again and has not been asked for a slot since. */
  #hasReturned = false;
  #probedAt = 0;
  /** Acceptances that Redis has not been told of yet: in all, and those in the epoch known here. */
  #accepted = 0;
  #acceptedInEpoch = 0;
  #epoch = 0;

  constructor(redis: RedisClient, { key, requests, perMs, shares = 0.25 }: RedisRateOptions) {
    this.requests = requests;
    this.perMs = perMs;
    this.#redis = redis;
    // Both in one slot of a Redis Cluster.
    this.#keys = [key, key.includes("{") ? `${key}:starts` : `{${key}}:starts`];
    const perWindow = Math.ceil((requests / perMs) * Math.min(WINDOW_MS, perMs));
    const most = Math.min(MOST_STARTS, perWindow);
    this.#window = [most, (most * perMs) / requests];
    this.#shares = shares;
    this.#share = new LocalShare(perMs / (requests * shares));
    this.#perSecond = (requests / perMs) * 1000;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  async acquire({ withinMs, signal, warn }: SharedRateRequest): Promise<SharedTurn | SharedRefusal> {
    const until = performance.now() + withinMs;
    for (;;) {
      if (signal?.aborted) return { reason: "aborted" };
      const left = until - performance.now();
      if (left <= 0) return { reason: "deadline" };
      const reserved = await this.#reserve(left, warn);
      if (!reserved) return this.#acquireAlone(left, signal);
      const [given, waitMs, epoch, perSecond, pauseMs] = reserved;
      if (epoch !== this.#epoch) this.#acceptedInEpoch = 0;
      this.#epoch = epoch;
      this.#perSecond = perSecond;
      if (!given) return pauseMs > left ? { reason: "paused", forMs: pauseMs } : { reason: "deadline" };
      const dueAt = performance.now() + waitMs;
      let wait = waitMs;
      while (wait > 0) {
        if (!(await slept(wait, signal))) return { reason: "aborted" };
        if (performance.now() - dueAt > LATE_MS) break;
        const answer = await this.#begin(epoch, warn);
        if (answer === undefined) return this.#acquireAlone(until - performance.now(), signal);
        wait = answer;
      }
      if (wait === 0) return this.#turn(epoch);
    }
  }

  /** Undefined while Redis does not answer. */
  async #reserve(withinMs: number, warn: (message: string) => void): Promise<Reserved | undefined> {
    if (!this.#isShared) {
      this.#probe(warn);
      return undefined;
    }
    const share = this.#hasReturned ? this.#shares : 0;
    this.#hasReturned = false;
    const asked = RESERVE.run(this.#redis, this.#keys, ...this.#news(), withinMs, ...this.#window, share);
    const answer = (await this.#answerOf(asked, warn)) as unknown[] | undefined;
    return answer?.map(Number) as Reserved | undefined;
  }

  /**
   * 0 if the request may start; the ms to wait; below 0 if the slot is lost, because a 429 came to another process. Undefined
   * if Redis does not answer.
   */
  async #begin(epoch: number, warn: (message: string) => void): Promise<number | undefined> {
    const answer = await this.#answerOf(BEGIN.run(this.#redis, this.#keys, epoch, ...this.#window), warn);
    return answer === undefined ? undefined : Number(answer);
  }

  /** Undefined if Redis does not answer in time. Then this client goes on alone. */
  async #answerOf(asked: Promise<unknown>, warn: (message: string) => void): Promise<unknown> {
    try {
      return await answerWithin(asked, PATIENCE_MS);
    } catch {
      if (!this.#isShared) return undefined;
      this.#isShared = false;
      this.#probedAt = performance.now();
      // Not at once: what has started in the last second was counted for all clients.
      this.#share.pause(0);
      warn("the shared rate's Redis does not answer; until it does, this client goes on with its share of the limit");
      return undefined;
    }
  }

  #turn(epoch: number): SharedTurn {
    return {
      accepted: () => {
        this.#accepted += 1;
        if (epoch === this.#epoch) this.#acceptedInEpoch += 1;
      },
      unsent: () => {},
      refused: (pauseMs) => {
        this.#share.pause(pauseMs);
        REFUSED.run(this.#redis, this.#keys[0], ...this.#news(), epoch, pauseMs).catch(() => {});
      },
    };
  }

  /** The first arguments of every script. */
  #news(): [rate: number, accepted: number, acceptedInEpoch: number, epoch: number] {
    const news = [this.requests / this.perMs, this.#accepted, this.#acceptedInEpoch, this.#epoch] as const;
    this.#accepted = 0;
    this.#acceptedInEpoch = 0;
    return [...news];
  }

  async #acquireAlone(withinMs: number, signal: AbortSignal | undefined): Promise<SharedTurn | SharedRefusal> {
    const waitMs = this.#share.reserve(withinMs);
    if (waitMs > withinMs) return { reason: "deadline" };
    if (!(await slept(waitMs, signal))) return { reason: "aborted" };
    return { accepted: () => {}, unsent: () => {}, refused: (pauseMs) => this.#share.pause(pauseMs) };
  }

  /** Asks Redis beside the requests, which do not wait for the answer. */
  #probe(warn: (message: string) => void): void {
    if (performance.now() - this.#probedAt < PROBE_MS) return;
    this.#probedAt = performance.now();
    answerWithin(PING.run(this.#redis, this.#keys[0]), PATIENCE_MS).then(
      () => {
        if (this.#isShared) return;
        this.#isShared = true;
        this.#hasReturned = true;
        warn("the shared rate's Redis answers again; the limit is shared");
      },
      () => {},
    );
  }
}

/** Slots at one client's share of a rate, for the time that the rate cannot be shared. */
class LocalShare {
  readonly #intervalMs: number;
  #next = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Milliseconds until the next slot, which is taken if it comes in time. */
  reserve(withinMs: number): number {
    const now = performance.now();
    const slot = Math.max(this.#next, now);
    if (slot - now <= withinMs) this.#next = slot + this.#intervalMs;
    return slot - now;
  }

  /** No slot before this time has passed. */
  pause(ms: number): void {
    this.#next = Math.max(this.#next, performance.now() + Math.max(ms, this.#intervalMs));
  }
}

/** Waits; false if the signal ended the wait. */
async function slept(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (ms <= 0) return true;
  try {
    await sleep(Math.ceil(ms), undefined, signal && { signal });
    return true;
  } catch {
    return false;
  }
}
