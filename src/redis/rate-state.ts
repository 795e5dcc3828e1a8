import type { Clock } from "../core/time.ts";
import { ACCEPTED_SCORE, Allowance, FASTEST, newAllowanceState } from "../transport/limiter/rate.ts";
import type { RateLimitOptions } from "../transport/options.ts";
import { answerWithin, type RedisClient, Script } from "./client.ts";

// Each decision is one script by Redis's clock, so clocks of machines do not matter. A list of the last starts catches
// late timers of busy processes. Slots are given in advance, one interval apart, without a burst. `Allowance`
// (src/transport/limiter/) learns from 429s between READ and WRITE; what every request needs is in Lua as well.

// Longer than Redis usually takes, shorter than a request to Oplead.
export const PATIENCE_MS = 500;
// Window in which starts are counted; shorter above MOST_STARTS.
const WINDOW_MS = 1_000;
const MOST_STARTS = 1_000;

export type Reserved = [
  given: number,
  waitMs: number,
  epoch: number,
  perSecond: number,
  pauseMs: number,
  at: number,
  backMs: number,
];

type Begun = [waitMs: number, at: number];

export interface Started {
  readonly startedAt: number;
  readonly epoch: number;
  readonly isProbe: boolean;
}

export class StoredRate {
  readonly #redis: RedisClient;
  readonly #clock: Clock;
  readonly #keys: readonly [state: string, starts: string];
  readonly #pingKey: string;
  readonly #own: number;
  readonly #window: readonly [most: number, ms: number];
  // Acceptances that Redis does not know yet. A pause or a new rate begins an epoch, in which earlier slots are
  // invalid.
  #accepted = 0;
  #acceptedInEpoch = 0;
  #epoch = 0;
  #learning: Promise<void> = Promise.resolve();

  constructor(redis: RedisClient, key: string, { requests, perMs }: RateLimitOptions, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
    // All keys are in one slot of a Redis Cluster, because scripts use several keys.
    const name = key.includes("{") ? key : `{${key}}`;
    this.#keys = [key, `${name}:starts`];
    this.#pingKey = `${name}:ping`;
    this.#own = requests / perMs;
    const most = Math.min(MOST_STARTS, Math.ceil(this.#own * Math.min(WINDOW_MS, perMs)));
    this.#window = [most, most / this.#own];
  }

  // `share`: the share that the client used without Redis, if it has just returned; otherwise 0.
  async reserve(withinMs: number, share: number): Promise<Reserved> {
    for (;;) {
      const asked = RESERVE.run(this.#redis, this.#keys, ...this.#tally(), withinMs, ...this.#window, share);
      const answer = (await asked) as unknown[];
      if (answer.length > 2) return this.#note(answer.map(Number) as Reserved);
      // There is no state yet, or it was lost. Another process may write it first, so ask again.
      await this.#write(0, Object.entries(newSharedState(this.#own, Number(answer[1]))));
    }
  }

  #note(reserved: Reserved): Reserved {
    const [, , epoch] = reserved;
    if (epoch !== this.#epoch) this.#acceptedInEpoch = 0;
    this.#epoch = epoch;
    return reserved;
  }

  // `tooEarly`: 0, or an earlier start of the same request that does not count, because Redis's answer came too late.
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

  #learn(change: (allowance: Allowance, now: number) => void): void {
    this.#learning = this.#learning
      .then(() => answerWithin(this.#update(change), PATIENCE_MS, this.#clock))
      .catch(() => {});
  }

  async #update(change: (allowance: Allowance, now: number) => void): Promise<void> {
    for (;;) {
      const before = stateOf((await READ.run(this.#redis, this.#keys[0], ...this.#tally())) as string[]);
      if (!before) return;
      const { seenAt: now, learned } = before;
      const state = { ...before };
      change(new Allowance(this.#own, now, state), now);
      if (state.pausedUntil !== before.pausedUntil || state.refusedAt !== before.refusedAt) {
        state.epoch += 1;
        state.tail = Math.max(now, state.pausedUntil);
      }
      const changed = Object.entries(state).filter(([name, value]) => value !== before[name as keyof SharedState]);
      if (await this.#write(learned, changed)) return;
    }
  }

  async #write(learned: number, fields: readonly (readonly [name: string, value: number])[]): Promise<boolean> {
    return (await WRITE.run(this.#redis, this.#keys[0], learned, ...fields.flat())) === 1;
  }

  #tally(): [rate: number, accepted: number, acceptedInEpoch: number, epoch: number] {
    const tally = [this.#own, this.#accepted, this.#acceptedInEpoch, this.#epoch] as const;
    this.#accepted = 0;
    this.#acceptedInEpoch = 0;
    return [...tally];
  }
}

function stateOf(answer: readonly string[]): SharedState | undefined {
  const pairs = Array.from({ length: answer.length / 2 }, (_, at) => [answer[2 * at], Number(answer[2 * at + 1])]);
  return pairs.length > 1 ? Object.fromEntries(pairs) : undefined;
}

export function newSharedState(own: number, now: number) {
  return {
    ...newAllowanceState(own, now),
    // Raised when earlier slots become invalid.
    epoch: Math.floor(now),
    tail: 0,
    seenAt: now,
    askedAt: 0,
    // End of the last half second or more in which no client asked for a slot, for example because Redis was away and
    // clients worked alone. `returned`: shares of the clients that came back since.
    silentUntil: 0,
    returned: 0,
  };
}

// `learned` is raised by each {@link WRITE}, which compares it: compare-and-set.
type SharedState = ReturnType<typeof newSharedState> & { readonly learned: number };

// Times that are moved if Redis's clock is set back. A time of 0 or less is not set.
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

// Uses `now` of the script around it. `start` notes a start and returns 0, or returns the ms until fewer than `most`
// started in the last `windowMs`.
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

// Gives the next slot if it comes within `withinMs`, and counts the request if the slot is free now. In a long pause
// single requests ask whether it is over. Result: 1 for a slot, 2 for a request that may ask, 0 for none; ms until
// then; epoch; requests per second; ms of pause left; time; ms by which the clock was set back. Without a state:
// `seenAt` and the time.
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

// Arguments: the slot's epoch, most starts in the window, ms of the window, `tooEarly`. Result: 0 if the start was
// counted, ms until the next try, or -1 if the slot is invalid; then the time.
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

const READ = new Script(`${STATE}
  save()
  return redis.call("HGETALL", KEYS[1])
`);

// Arguments: `learned` as it was read (0: no state), names and values. Result: 1 if written.
const WRITE = new Script(`
  local learned = tonumber(redis.call("HGET", KEYS[1], "learned") or 0)
  if learned ~= tonumber(ARGV[1]) then return 0 end
  redis.call("HSET", KEYS[1], "learned", learned + 1, unpack(ARGV, 2))
  redis.call("PEXPIRE", KEYS[1], 172800000)
  return 1
`);

const FORGET = new Script(`return redis.call("DEL", KEYS[1])`);

// Writes, because a full Redis or a replica answers but refuses writes.
const PING = new Script(`
  redis.call("SET", KEYS[1], 1, "PX", 1000)
  return 1
`);
