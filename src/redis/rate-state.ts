import type { Clock } from "../base/time/clock.ts";
import type { RateLimitOptions } from "../options.ts";
import { Allowance } from "../transport/limiter/allowance.ts";
import { answerWithin, type RedisClient } from "./client.ts";
import { BEGIN, FORGET, newSharedState, PING, READ, RESERVE, type SharedState, WRITE } from "./rate-scripts.ts";

/** Longer than Redis takes, shorter than a request. */
export const PATIENCE_MS = 500;
/** Starts of requests are counted within this time, or a shorter one if more than `MOST_STARTS` fit into it. */
const WINDOW_MS = 1_000;
const MOST_STARTS = 1_000;

/** The answer of {@link RESERVE}. */
export type Reserved = [
  given: number,
  waitMs: number,
  epoch: number,
  perSecond: number,
  pauseMs: number,
  at: number,
  backMs: number,
];

/** The answer of {@link BEGIN}. */
type Begun = [waitMs: number, at: number];

/** A turn that Redis has counted. Its start is by Redis's clock. */
export interface Started {
  readonly startedAt: number;
  readonly epoch: number;
  readonly isProbe: boolean;
}

/** The state of a shared rate, as one process asks for it and changes it. Who asks bounds the time that Redis may take. */
export class StoredRate {
  readonly #redis: RedisClient;
  readonly #clock: Clock;
  readonly #keys: readonly [state: string, starts: string];
  readonly #pingKey: string;
  /** Requests per millisecond. */
  readonly #own: number;
  /** How many requests may start within how many milliseconds. */
  readonly #window: readonly [most: number, ms: number];
  /** Acceptances that Redis has not been told of yet: in all, and those in the epoch known here. */
  #accepted = 0;
  #acceptedInEpoch = 0;
  #epoch = 0;
  #learning: Promise<void> = Promise.resolve();

  constructor(redis: RedisClient, key: string, { requests, perMs }: RateLimitOptions, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
    // All in one slot of a Redis Cluster.
    const name = key.includes("{") ? key : `{${key}}`;
    this.#keys = [key, `${name}:starts`];
    this.#pingKey = `${name}:ping`;
    this.#own = requests / perMs;
    const most = Math.min(MOST_STARTS, Math.ceil(this.#own * Math.min(WINDOW_MS, perMs)));
    this.#window = [most, most / this.#own];
  }

  /** Asks for the next slot within `withinMs`. `share`: what the client used without Redis if it has just returned, else 0. */
  async reserve(withinMs: number, share: number): Promise<Reserved> {
    for (;;) {
      const asked = RESERVE.run(this.#redis, this.#keys, ...this.#tally(), withinMs, ...this.#window, share);
      const answer = (await asked) as unknown[];
      if (answer.length > 2) return this.#note(answer.map(Number) as Reserved);
      // There is no state yet, or no longer. Another process may be faster.
      await this.#write(0, Object.entries(newSharedState(this.#own, Number(answer[1]))));
    }
  }

  #note(reserved: Reserved): Reserved {
    const [, , epoch] = reserved;
    if (epoch !== this.#epoch) this.#acceptedInEpoch = 0;
    this.#epoch = epoch;
    return reserved;
  }

  /** Starts a request at a slot of this epoch, as {@link BEGIN} says. */
  async begin(epoch: number, tooEarly: number): Promise<Begun> {
    const answer = await BEGIN.run(this.#redis, this.#keys, epoch, ...this.#window, tooEarly);
    return (answer as unknown[]).map(Number) as Begun;
  }

  accepted({ startedAt, epoch, isProbe }: Started): void {
    this.#accepted += 1;
    if (epoch === this.#epoch) this.#acceptedInEpoch += 1;
    if (isProbe) this.#learn((allowance, now) => allowance.endPause(startedAt, now));
  }

  refused({ startedAt }: Started, pauseMs: number): void {
    this.#learn((allowance, now) => allowance.refused(startedAt, now, pauseMs));
  }

  async ping(): Promise<void> {
    await PING.run(this.#redis, this.#pingKey);
  }

  async forget(): Promise<void> {
    await FORGET.run(this.#redis, this.#keys[0]);
  }

  /** Changes the state by what a request taught, one change after the other. Without a state there is nothing to change. */
  #learn(change: (allowance: Allowance, now: number) => void): void {
    this.#learning = this.#learning
      .then(() => answerWithin(this.#update(change), PATIENCE_MS, this.#clock))
      .catch(() => {});
  }

  async #update(change: (allowance: Allowance, now: number) => void): Promise<void> {
    // Anew when another process has written the state meanwhile: then that one has come further.
    for (;;) {
      const before = stateOf((await READ.run(this.#redis, this.#keys[0], ...this.#tally())) as string[]);
      if (!before) return;
      const { seenAt: now, learned } = before;
      const state = { ...before };
      change(new Allowance(this.#own, now, state), now);
      if (state.pausedUntil !== before.pausedUntil || state.refusedAt !== before.refusedAt) {
        // Turns given before go by another rate, or fall into the pause.
        state.epoch += 1;
        state.tail = Math.max(now, state.pausedUntil);
      }
      const changed = Object.entries(state).filter(([name, value]) => value !== before[name as keyof SharedState]);
      if (await this.#write(learned, changed)) return;
    }
  }

  /** Whether no other process has written the state meanwhile. */
  async #write(learned: number, fields: readonly (readonly [name: string, value: number])[]): Promise<boolean> {
    return (await WRITE.run(this.#redis, this.#keys[0], learned, ...fields.flat())) === 1;
  }

  /** The first arguments of the scripts that read the state. */
  #tally(): [rate: number, accepted: number, acceptedInEpoch: number, epoch: number] {
    const tally = [this.#own, this.#accepted, this.#acceptedInEpoch, this.#epoch] as const;
    this.#accepted = 0;
    this.#acceptedInEpoch = 0;
    return [...tally];
  }
}

/** The state by its names and values; undefined if there is none, and the script gives only the time. */
function stateOf(answer: readonly string[]): SharedState | undefined {
  const pairs = Array.from({ length: answer.length / 2 }, (_, at) => [answer[2 * at], Number(answer[2 * at + 1])]);
  return pairs.length > 1 ? Object.fromEntries(pairs) : undefined;
}
