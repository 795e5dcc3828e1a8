import type { Clock } from "../../src/core/time.ts";
import { seededRandom as seeded } from "../../src/testing/arguments.ts";
import { Limiter, type RequestLimiter } from "../../src/transport/limiter/limiter.ts";

export interface SimulatedServer {
  accepts(now: number, inFlight: number, random: () => number): boolean;
  serviceMs(random: () => number): number;
  readonly retryAfterMs: number | undefined;
}

export interface SimulationResult {
  readonly accepted: number;
  readonly refused: number;
  readonly perSecond: number;
}

// Time passes only when everything that could happen now has happened.
export class SimulatedClock implements Clock {
  #now = 0;
  readonly random: () => number;
  // For work outside of JavaScript's own queue.
  #isIdle: () => Promise<void> = async () => {};
  // By due time, then age.
  readonly #timers: { at: number; callback: (() => void) | undefined }[] = [];

  constructor(random: () => number) {
    this.random = random;
  }

  now = (): number => this.#now;
  date = (): number => this.#now;

  waitsFor(isIdle: () => Promise<void>): void {
    this.#isIdle = isIdle;
  }

  setTimeout = (callback: () => void, ms: number): unknown => {
    const timer = { at: this.#now + Math.max(0, ms), callback: callback as (() => void) | undefined };
    this.#timers.splice(this.#timers.findLastIndex(({ at }) => at <= timer.at) + 1, 0, timer);
    return timer;
  };

  clearTimeout = (handle: unknown): void => {
    (handle as { callback: undefined }).callback = undefined;
  };

  async run(ms: number, isOver: () => boolean = () => false): Promise<void> {
    await settle();
    await this.#isIdle();
    for (;;) {
      if (isOver()) return;
      const [timer] = this.#timers;
      if (!timer || timer.at > ms) break;
      this.#timers.shift();
      if (!timer.callback) continue;
      this.#now = timer.at;
      timer.callback();
      await settle();
      await this.#isIdle();
    }
    this.#now = ms;
  }
}

// Timers come up to `upToMs` late, half of that on average.
function lateClock(clock: SimulatedClock, upToMs: number): Clock {
  const { now, date, random, clearTimeout } = clock;
  return {
    ...{ now, date, random, clearTimeout },
    setTimeout: (callback, ms) => clock.setTimeout(callback, ms + clock.random() * upToMs),
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 6; i += 1) await Promise.resolve();
}

// Callers send without a break. A refused request waits as asked, or a backoff, and is sent again.
export async function simulate(
  server: SimulatedServer,
  options: {
    ours: number | false;
    seconds: number;
    callers?: number;
    maxConcurrency?: number;
    seed?: number;
    timersLateMs?: number;
    // Default: all callers share one {@link Limiter}.
    open?: (clock: SimulatedClock) => (caller: number) => RequestLimiter;
  },
): Promise<SimulationResult> {
  const random = seeded(options.seed ?? 1);
  const clock = new SimulatedClock(random);
  const { ours, maxConcurrency = 8 } = options;
  const rate = ours === false ? (false as const) : { requests: ours, perMs: 1000 };
  const { timersLateMs = 0 } = options;
  const own = new Limiter({
    rate,
    maxConcurrency,
    clock: timersLateMs === 0 ? clock : lateClock(clock, timersLateMs),
  });
  const limiterOf = options.open?.(clock) ?? (() => own);
  const later = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  let inFlight = 0;
  let accepted = 0;
  let refused = 0;
  const caller = async (limiter: RequestLimiter): Promise<void> => {
    for (let sentBefore = 0; ; ) {
      const turn = await limiter.acquire(Number.POSITIVE_INFINITY, undefined, sentBefore);
      if ("reason" in turn) throw new Error("no turn");
      await later(1);
      inFlight += 1;
      const isAccepted = server.accepts(clock.now(), inFlight, random);
      if (isAccepted) await later(server.serviceMs(random));
      inFlight -= 1;
      await later(1);
      if (isAccepted) {
        accepted += 1;
        sentBefore = 0;
        limiter.release(turn, { was: "accepted" });
      } else {
        refused += 1;
        limiter.release(turn, { was: "refused", pauseMs: server.retryAfterMs });
        await later(server.retryAfterMs ?? random() * Math.min(8_000, 250 * 2 ** sentBefore));
        sentBefore += 1;
      }
    }
  };
  for (let i = 0; i < (options.callers ?? 32); i += 1) void caller(limiterOf(i));
  await clock.run(options.seconds * 1000);
  return { accepted, refused, perSecond: accepted / options.seconds };
}

export function tokenBucket(perSecond: number, burst: number, retryAfterMs: number | undefined): SimulatedServer {
  let tokens = burst;
  let filledAt = 0;
  return {
    retryAfterMs,
    serviceMs: () => 2,
    accepts(now) {
      tokens = Math.min(burst, tokens + ((now - filledAt) * perSecond) / 1000);
      filledAt = now;
      if (tokens < 1 - 1e-9) return false;
      tokens -= 1;
      return true;
    },
  };
}

export function fixedWindow(perSecond: number, says: "seconds" | "nothing"): SimulatedServer {
  let window = -1;
  let count = 0;
  const server = {
    retryAfterMs: undefined as number | undefined,
    serviceMs: () => 2,
    accepts(now: number) {
      const current = Math.floor(now / 1000);
      if (current !== window) count = 0;
      window = current;
      server.retryAfterMs = says === "seconds" ? 1000 : undefined;
      count += 1;
      return count <= perSecond;
    },
  };
  return server;
}

export function randomRefusals(share: number, serviceMs: number, retryAfterMs: number | undefined): SimulatedServer {
  return { retryAfterMs, serviceMs: () => serviceMs, accepts: (_now, _inFlight, random) => random() >= share };
}

export function concurrencyLimit(limit: number, serviceMs: number, retryAfterMs: number | undefined): SimulatedServer {
  return {
    retryAfterMs,
    serviceMs: (random) => serviceMs * (0.5 + random()),
    accepts: (_now, inFlight) => inFlight <= limit,
  };
}
