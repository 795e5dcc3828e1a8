import type { Clock } from "../../src/core/time.ts";
import type { RedisClient } from "../../src/redis/client.ts";
import { openRedisRate, type RedisRate, type RedisRateOptions } from "../../src/redis/rate.ts";
import type { SharedRefusal, SharedTurn } from "../../src/transport/options.ts";
import { SimulatedClock } from "./simulation.ts";
import { virtualRedis } from "./virtual-redis.ts";

export type Start = SharedTurn & { readonly at: number };

// Processes that share a rate in a real Redis; virtual time stands still until Redis has answered all commands.
export class RateWorld {
  readonly clock = new SimulatedClock(() => 0.5);
  redisAheadMs = 0;
  readonly #url: string;
  readonly #open: ReturnType<typeof virtualRedis>[] = [];

  constructor(url: string) {
    this.#url = url;
    this.clock.waitsFor(() => this.settled());
  }

  process(options: RedisRateOptions): RateProcess {
    const redis = virtualRedis(this.#url, () => this.clock.now() + this.redisAheadMs);
    this.#open.push(redis);
    return new RateProcess(redis.client, options, this.clock);
  }

  async settled(): Promise<void> {
    // A question is sent to Redis only after some promises have settled.
    await new Promise((resolve) => setImmediate(resolve));
    for (const { idle } of this.#open) await idle();
  }

  async pass(ms: number): Promise<void> {
    await this.clock.run(this.clock.now() + ms);
  }

  async resultOf<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    promise.then(over, over);
    await this.clock.run(this.clock.now() + 86_400_000, () => isOver);
    if (!isOver) throw new Error("no result within a day");
    return promise;
  }

  close(): void {
    for (const { close } of this.#open) close();
  }
}

export class RateProcess {
  readonly rate: RedisRate;
  readonly starts: number[] = [];
  readonly logged: (string | undefined)[] = [];
  asked = 0;
  isCutOff = false;
  answersAfterMs: () => number = () => 0;
  beforeAsking: () => Promise<unknown> = async () => {};
  timersLateMs = 0;
  readonly #clock: SimulatedClock;

  constructor(redis: RedisClient, options: RedisRateOptions, clock: SimulatedClock) {
    this.#clock = clock;
    const own: Clock = {
      now: clock.now,
      date: clock.date,
      random: clock.random,
      clearTimeout: clock.clearTimeout,
      setTimeout: (callback, ms) => clock.setTimeout(callback, ms + this.timersLateMs),
    };
    const evaluate = async (...command: Parameters<RedisClient["eval"]>): Promise<unknown> => {
      this.asked += 1;
      await this.beforeAsking();
      if (this.isCutOff) return new Promise(() => {});
      const answer = await redis.eval(...command);
      const ms = this.answersAfterMs();
      if (ms > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
      return answer;
    };
    const client = new Proxy(redis, {
      get: (target, name) => (name === "eval" ? evaluate : Reflect.get(target, name, target)),
    });
    this.rate = openRedisRate(client, options, own);
  }

  async ask(withinMs = 600_000, signal?: AbortSignal): Promise<Start | SharedRefusal> {
    const warn = (_line: string, code?: string): void => void this.logged.push(code);
    const turn = await this.rate.acquire({ withinMs, signal, warn });
    if ("reason" in turn) return turn;
    const at = this.#clock.now();
    this.starts.push(at);
    return { ...turn, at };
  }

  async takeFree(): Promise<void> {
    await this.take();
    await this.take();
  }

  async take(): Promise<Start> {
    const turn = await this.ask();
    if ("reason" in turn) throw new Error(turn.reason);
    return turn;
  }
}
