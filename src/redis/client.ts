import { createHash } from "node:crypto";
import { errorCode } from "../core/errors.ts";
import { issueAt, type ValueProblem } from "../core/issues.ts";
import type { Clock } from "../core/time.ts";
import { withLimit } from "../core/time.ts";
import { issueFinder, matching, type OptionsSchema, requireNoIssues } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellStore, tellValue } from "../locales/en/core.ts";

/** Methods of an ioredis client (5 or 6, `Redis` or `Cluster`) that this package calls. */
export interface RedisClient {
  get(key: string): Promise<string | null>;
  mget(keys: string[]): Promise<(string | null)[]>;
  hgetall(key: string): Promise<Record<string, string>>;
  hset(key: string, fields: Record<string, string>): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  scan(
    cursor: string,
    match: "MATCH",
    pattern: string,
    count: "COUNT",
    size: number,
  ): Promise<[cursor: string, keys: string[]]>;
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
  evalsha(sha: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
  info?(section: string): Promise<string>;
  /** Nodes of a cluster: each lists its own keys and reports its own state. */
  nodes?(role: "master"): readonly Pick<RedisClient, "scan" | "info">[];
  readonly options?: { readonly keyPrefix?: string | undefined } | undefined;
  /** Needed by `userQueue`, which opens connections of its own. */
  duplicate?(): unknown;
}

export function argumentsCheck<Options>(name: string, build: () => OptionsSchema<Options>) {
  const findIssues = issueFinder(build);
  return (redis: unknown, given: Options): void => {
    const problem = clientProblem(redis);
    requireNoIssues(`${name}: wrong options`, [...(problem ? [issueAt("redis", problem)] : []), ...findIssues(given)]);
  };
}

export const keyText = () => matching(/./, tellValue("not_text"));

export function clientProblem(redis: unknown): ValueProblem | undefined {
  const methods = ["get", "mget", "hgetall", "hset", "set", "scan", "eval", "evalsha"] as const;
  if (!isObject(redis) || !methods.every((name) => typeof redis[name] === "function")) return tellStore("not_redis");
  const { keyPrefix, redisOptions } = Object(redis.options);
  return keyPrefix || Object(redisOptions).keyPrefix ? tellStore("has_key_prefix") : undefined;
}

// The first word of an error reply (`WRONGPASS`, `OOM`), or a system error's code.
export function redisErrorCode(error: unknown): string | undefined {
  return errorCode(error) ?? (error instanceof Error ? /^[A-Z]{3,}(?= )/.exec(error.message)?.[0] : undefined);
}

// A script that Redis runs atomically. Its text is sent only once.
export class Script {
  readonly #text: string;
  readonly #sha: string;

  constructor(text: string) {
    this.#text = text;
    this.#sha = createHash("sha1").update(text).digest("hex");
  }

  async run(redis: RedisClient, key: string | readonly string[], ...args: (string | number)[]): Promise<unknown> {
    const keys = typeof key === "string" ? [key] : key;
    try {
      return await redis.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (redisErrorCode(error) !== "NOSCRIPT") throw error;
      return redis.eval(this.#text, keys.length, ...keys, ...args);
    }
  }
}

// Returns 1, or the value of another holder. The same holder gets 1 again, because ioredis repeats a command whose
// answer was lost.
export const TAKE = new Script(`
  local found = redis.call("GET", KEYS[1])
  if found and found ~= ARGV[1] then return found end
  redis.call("SET", KEYS[1], ARGV[1], "PX", math.ceil(ARGV[2]))
  return 1
`);

export const RELEASE = new Script(`
  if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call("DEL", KEYS[1])
`);

// A client may wait forever for a lost server.
export function answerWithin<T>(answer: Promise<T>, ms: number, clock?: Clock): Promise<T> {
  const onLate = (): never => {
    throw new Error("Redis did not answer in time");
  };
  return withLimit(answer, ms, onLate, clock);
}
