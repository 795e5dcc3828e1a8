import type { RedisCommands } from "./redis-commands.ts";

/** The reports of runs, for processes that did not start them. */
export class Runs {
  readonly #redis: RedisCommands;
  readonly #prefix: string;
  readonly #ttlMs: number;

  constructor(redis: RedisCommands, prefix: string, ttlMs: number) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#ttlMs = ttlMs;
  }

  async save(runId: string, report: Readonly<Record<string, unknown>>): Promise<void> {
    const script = "return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";
    await this.#redis.eval(script, 1, this.#prefix + runId, JSON.stringify(report), Math.round(this.#ttlMs));
  }

  async read(runId: string): Promise<Record<string, unknown> | undefined> {
    const text = await this.#redis.eval("return redis.call('GET', KEYS[1])", 1, this.#prefix + runId);
    return typeof text === "string" ? (JSON.parse(text) as Record<string, unknown>) : undefined;
  }
}
