import type { Clock } from "../core/time.ts";
import { ACCEPTED_SCORE, Allowance, FASTEST, newAllowanceState } from "../transport/limiter/rate.ts";
import type { RateLimitOptions } from "../transport/options.ts";
import { answerWithin, type RedisClient, Script } from "./client.ts";

/*
 * The state of a shared rate is one hash. Every decision is one script that uses Redis's own time, so the clocks of
 * machines do not matter. A list holds the times at which the last requests started. It is needed because timers of
 * busy processes are late, and late requests could start together with punctual ones. Slots are given in advance, one
 * interval apart and without a burst, so no slot is lost if a timer is late.
 *
 * `Allowance` (src/transport/limiter/) learns from 429s. One script reads the state for it, and another writes it back.
 * Two parts are written in Lua as well, because every request needs them: the rate at a time, and the count of
 * acceptances.
 */

/**
 * How many milliseconds Redis may take to answer. It is longer than Redis usually takes, and shorter than a request to
 * Oplead.
 */
export const PATIENCE_MS = 500;
/**
 * Starts of requests are counted within this many milliseconds, or within a shorter time if more than `MOST_STARTS`
 * requests could start in it.
 */
const WINDOW_MS = 1_000;
const MOST_STARTS = 1_000;

/** The result of the script {@link RESERVE}, which gives the next slot. */
export type Reserved = [
  given: number,
  waitMs: number,
  epoch: number,
  perSecond: number,
  pauseMs: number,
  at: number,
  backMs: number,
];

/** The result of the script {@link BEGIN}, which starts a request at its slot. */
type Begun = [waitMs: number, at: number];

/** A request that Redis has counted. Its start is a time of Redis's clock. */
export interface Started {
  readonly startedAt: number;
  readonly epoch: number;
  readonly isProbe: boolean;
}

/**
 * Reads and changes the state of a shared rate in Redis, for one process. The caller limits how long Redis may take.
 */
export class StoredRate {
  readonly #redis: RedisClient;
  readonly #clock: Clock;
  readonly #keys: readonly [state: string, starts: string];
  readonly #pingKey: string;
  /** Requests per millisecond. */
  readonly #own: number;
  /** The window: how many requests may start within it, and its length in milliseconds. */
  readonly #window: readonly [most: number, ms: number];
  /**
   * How many accepted requests have not been reported to Redis yet. A pause or a new rate begins a new epoch, in which
   * earlier slots are not valid. `#accepted` counts the requests of all epochs, `#acceptedInEpoch` only those of the
   * current epoch.
   */
  #accepted = 0;
  #acceptedInEpoch = 0;
  #epoch = 0;
  #learning: Promise<void> = Promise.resolve();

  constructor(redis: RedisClient, key: string, { requests, perMs }: RateLimitOptions, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
    // All keys are in one slot of a Redis Cluster, because scripts use several of them.
    const name = key.includes("{") ? key : `{${key}}`;
    this.#keys = [key, `${name}:starts`];
    this.#pingKey = `${name}:ping`;
    this.#own = requests / perMs;
    const most = Math.min(MOST_STARTS, Math.ceil(this.#own * Math.min(WINDOW_MS, perMs)));
    this.#window = [most, most / this.#own];
  }

  /**
   * Asks for the next slot within `withinMs`. `share`: if the client has just returned to Redis, the share of the
   * rate that it used without Redis; else 0.
   */
  async reserve(withinMs: number, share: number): Promise<Reserved> {
    for (;;) {
      const asked = RESERVE.run(this.#redis, this.#keys, ...this.#tally(), withinMs, ...this.#window, share);
      const answer = (await asked) as unknown[];
      if (answer.length > 2) return this.#note(answer.map(Number) as Reserved);
      // Redis has no state yet, or has lost it. Another process may write it first, so the loop asks again.
      await this.#write(0, Object.entries(newSharedState(this.#own, Number(answer[1]))));
    }
  }

  #note(reserved: Reserved): Reserved {
    const [, , epoch] = reserved;
    if (epoch !== this.#epoch) this.#acceptedInEpoch = 0;
    this.#epoch = epoch;
    return reserved;
  }

  /**
   * Starts a request at its slot: see {@link BEGIN}. `epoch`: the epoch in which the slot was given. `tooEarly`: 0, or
   * the time of an earlier start that Redis counted for the same request. Redis's answer about that start came so late
   * that the start does not count.
   */
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

  /**
   * Changes the state in Redis by what a request has shown. Changes are made one after the other. If Redis has no
   * state, nothing happens.
   */
  #learn(change: (allowance: Allowance, now: number) => void): void {
    this.#learning = this.#learning
      .then(() => answerWithin(this.#update(change), PATIENCE_MS, this.#clock))
      .catch(() => {});
  }

  async #update(change: (allowance: Allowance, now: number) => void): Promise<void> {
    // Repeats with the newer state if another process has written it meanwhile.
    for (;;) {
      const before = stateOf((await READ.run(this.#redis, this.#keys[0], ...this.#tally())) as string[]);
      if (!before) return;
      const { seenAt: now, learned } = before;
      const state = { ...before };
      change(new Allowance(this.#own, now, state), now);
      if (state.pausedUntil !== before.pausedUntil || state.refusedAt !== before.refusedAt) {
        // Slots that were given before this change follow the old rate or fall into the pause, so they become invalid.
        state.epoch += 1;
        state.tail = Math.max(now, state.pausedUntil);
      }
      const changed = Object.entries(state).filter(([name, value]) => value !== before[name as keyof SharedState]);
      if (await this.#write(learned, changed)) return;
    }
  }

  /** Writes fields of the state. False if another process has written it meanwhile. */
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

/**
 * Reads the state from a list of names and values; undefined if Redis has no state and the script returned only the
 * time.
 */
function stateOf(answer: readonly string[]): SharedState | undefined {
  const pairs = Array.from({ length: answer.length / 2 }, (_, at) => [answer[2 * at], Number(answer[2 * at + 1])]);
  return pairs.length > 1 ? Object.fromEntries(pairs) : undefined;
}

/** The state of a shared rate before its first request. Times are Redis's own, in milliseconds. */
export function newSharedState(own: number, now: number) {
  return {
    ...newAllowanceState(own, now),
    /** This number is raised when a pause or a new rate makes earlier slots invalid. */
    epoch: Math.floor(now),
    /** The time of the next slot. */
    tail: 0,
    /** When a script last ran for this rate, by Redis's clock. */
    seenAt: now,
    /** When a client last asked for a slot, by Redis's clock. */
    askedAt: 0,
    /**
     * `silentUntil`: the end of the last silence. A silence is a time of more than half a second in which no client
     * asked for a slot, for example because Redis was away. While Redis is away, each client works alone with a share
     * of the rate. `returned`: the sum of the shares of the clients that have come back to Redis since the silence
     * ended.
     */
    silentUntil: 0,
    returned: 0,
  };
}

/**
 * `learned` counts the writes of the state, because every {@link WRITE} raises it. The caller of WRITE passes the
 * `learned` of the state that it has read, and Redis refuses the write if another process has written since.
 */
type SharedState = ReturnType<typeof newSharedState> & { readonly learned: number };

/** The fields with times. They are moved if Redis's clock is set back. A time that is not set is 0 or less. */
const TIMES: readonly (keyof SharedState)[] = [
  "pausedAt",
  "pausedUntil",
  "probeAt",
  "resumedAt",
  "riseFrom",
  "refusedAt",
  "acceptedAt",
  "unrelatedUntil",
  "tail",
  "askedAt",
  "silentUntil",
];

const STATE = `
  local time = redis.call("TIME")
  local now = time[1] * 1000 + time[2] / 1000
  local s = {}
  local stored = redis.call("HGETALL", KEYS[1])
  for at = 1, #stored, 2 do s[stored[at]] = tonumber(stored[at + 1]) end
  if not s.learned then return { "seenAt", string.format("%.17g", now) } end

  -- The clock was set back. Without this, all would wait for the time that it was set back by.
  local backMs = math.max(0, s.seenAt - now)
  if backMs > 0 then
    for _, name in ipairs({ ${TIMES.map((name) => `"${name}"`).join(", ")} }) do
      if s[name] > 0 then s[name] = s[name] - backMs end
    end
  end
  s.seenAt = now

  local function save()
    local fields = {}
    for name, value in pairs(s) do
      fields[#fields + 1] = name
      fields[#fields + 1] = string.format("%.17g", value)
    end
    redis.call("HSET", KEYS[1], unpack(fields))
    redis.call("PEXPIRE", KEYS[1], 172800000)
  end

  -- As AdaptiveRate.at.
  local own = tonumber(ARGV[1])
  local function rate()
    if s.refusedAt < 0 then return own end
    if s.doubtLeft > 0 then return math.min(own, s.doubtRate) end
    local risen = (now - s.riseFrom) / s.riseMs
    if risen < 0 then return math.min(own, s.from) end
    if risen < 1 then return math.min(own, s.from + (s.to - s.from) * risen) end
    return math.min(own, ${FASTEST}, s.to * 2 ^ math.min(60, (now - s.riseFrom - s.riseMs) / s.doublingMs))
  end

  -- As AdaptiveRate.accepted. Clients tell it with their next command: in all, and of the epoch that they knew.
  local function noteAccepted(inAll, inEpoch, epoch)
    if inAll == 0 then return end
    s.accepted, s.acceptedInAll = s.accepted + inAll, s.acceptedInAll + inAll
    s.acceptedAt = now
    s.score = math.max(0, s.score - inAll * ${ACCEPTED_SCORE})
    if s.doubtLeft == 0 or epoch ~= s.epoch then return end
    s.doubtLeft = math.max(0, s.doubtLeft - inEpoch)
    if s.doubtLeft > 0 then return end
    s.pauseMs = s.pauseMs + now - s.resumedAt
    s.resumedAt, s.riseFrom, s.accepted, s.idleMs = now, now, 0, 0
  end
  noteAccepted(tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]))
`;

/**
 * A part of a script that uses the variable `now` of that script. KEYS[2] is a list of the latest starts. If fewer than
 * `most` requests started in the last `windowMs` milliseconds, `start` adds a start to the list and returns 0.
 * Otherwise it returns the milliseconds until another request may start.
 */
const START = `
  local function start(most, windowMs)
    local oldest = redis.call("LINDEX", KEYS[2], most - 1)
    local wait = oldest and tonumber(oldest) + windowMs - now or 0
    -- More than the window: the clock was set back.
    if wait > 0 and wait <= windowMs then return wait end
    redis.call("LPUSH", KEYS[2], string.format("%.3f", now))
    redis.call("LTRIM", KEYS[2], 0, most - 1)
    redis.call("PEXPIRE", KEYS[2], math.ceil(windowMs) * 2)
    return 0
  end
`;

/**
 * Gives the next slot if it comes within `withinMs`. If the slot is free now, the request is counted as started.
 * During a long pause, single requests are let through one after the other to find out whether the pause is over.
 *
 * The number `epoch` rises when a 429 or a pause makes the slots invalid that were given before.
 *
 * Arguments, in this order:
 * - the configured rate per ms
 * - how many accepted requests Redis does not know yet
 * - how many of these requests were accepted in the epoch that the client knows
 * - the epoch that the client knows
 * - `withinMs`
 * - the maximum number of starts in the window
 * - the window's ms
 * - the share of the rate that the client used without Redis, if the client asks Redis for the first time after an
 *   outage, else 0
 *
 * Result, in this order. If Redis has no state yet, the result has only the first two elements.
 * - 1 if the slot was given, 2 if the request may ask whether the pause is over, else 0
 * - the ms until the slot, or until the client may ask for a slot again
 * - the epoch
 * - the requests per second
 * - the ms that the pause still lasts
 * - the time
 * - the ms by which the clock was set back
 */
const RESERVE = new Script(`${STATE} ${START}
  -- After Redis was away, clients notice one after the other that it is back. Until all have, those that go on alone use
  -- their shares, so only the shares of those that have returned are given out.
  if now - s.askedAt > 500 then s.silentUntil, s.returned = now, 0 end
  s.askedAt = now
  local current = rate()
  if now < s.silentUntil + 3000 then
    s.returned = s.returned + tonumber(ARGV[8])
    if s.returned > 0 then current = math.min(current, own * s.returned) end
  end
  local given, wait = 0, 0
  if now < s.pausedUntil and s.probeAt < s.pausedUntil then
    -- As Allowance.isProbeDue and probe.
    wait = math.max(0, s.probeAt - now)
    if wait == 0 then given, s.probeAt = 2, now + s.probeMs end
  else
    -- A slot that went by unused may still be taken, so that a late timer loses none: a bucket of two.
    local earliest = now - 1 / current
    local slot = math.max(s.tail, s.pausedUntil, earliest)
    if s.pausedUntil <= now and s.tail > 0 and s.tail < earliest then s.idleMs = s.idleMs + earliest - s.tail end
    wait = math.max(0, slot - now)
    given = wait <= tonumber(ARGV[5]) and 1 or 0
    if given == 1 then s.tail = slot + 1 / current end
  end
  if given > 0 and wait == 0 then wait = start(tonumber(ARGV[6]), tonumber(ARGV[7])) end
  save()
  local pause = math.max(0, s.pausedUntil - now)
  local result = { given, wait, s.epoch, rate() * 1000, pause, now, backMs }
  for at, value in ipairs(result) do result[at] = string.format("%.17g", value) end
  return result
`);

/**
 * Starts a request after its wait for a slot. Arguments: the epoch of the slot (a number that changes when reserved
 * slots become invalid); most starts in the window; the window's ms; the time of an earlier start that Redis counted
 * for this request although Redis's answer came too late, or 0. Result: 0, or the ms after which it may be tried again,
 * or -1 if the slot is not valid any more; the time.
 */
const BEGIN = new Script(`
  local time = redis.call("TIME")
  local now = time[1] * 1000 + time[2] / 1000
  ${START}
  if ARGV[4] ~= "0" then redis.call("LREM", KEYS[2], 1, string.format("%.3f", ARGV[4])) end
  local wait = -1
  if tonumber(redis.call("HGET", KEYS[1], "epoch")) == tonumber(ARGV[1]) then
    wait = start(tonumber(ARGV[2]), tonumber(ARGV[3]))
  end
  return { string.format("%.3f", wait), string.format("%.17g", now) }
`);

/**
 * Returns the state as names and values, or only the time if there is no state. Arguments: the first four of {@link
 * RESERVE}.
 */
const READ = new Script(`${STATE}
  save()
  return redis.call("HGETALL", KEYS[1])
`);

/**
 * Writes fields of the state if no other process has written it since it was read. Arguments: `learned` as it was read,
 * 0 if there was no state; names and values. Result: 1 if they were written, else 0.
 */
const WRITE = new Script(`
  local learned = tonumber(redis.call("HGET", KEYS[1], "learned") or 0)
  if learned ~= tonumber(ARGV[1]) then return 0 end
  redis.call("HSET", KEYS[1], "learned", learned + 1, unpack(ARGV, 2))
  redis.call("PEXPIRE", KEYS[1], 172800000)
  return 1
`);

/** Forgets the pause and the learned rate. Recent starts are still counted. */
const FORGET = new Script(`return redis.call("DEL", KEYS[1])`);

/** Succeeds if Redis answers and accepts writes. A full Redis or a replica answers but refuses writes. */
const PING = new Script(`
  redis.call("SET", KEYS[1], 1, "PX", 1000)
  return 1
`);
