import { errorCode, isOpleadError, OpleadError, type OpleadErrorDetails } from "../core/errors.ts";
import { issueAt, type ValueProblem } from "../core/issues.ts";
import { withLimit } from "../core/time.ts";
import { tellRedis } from "../locales/en/failures.ts";
import type { RedisClient, Script } from "../redis/client.ts";

interface Client extends RedisClient {
  readonly status?: string;
  disconnect?(reconnect: boolean): void;
}

/**
 * Closes the connection and opens a new one, because a half-open connection never answers and never fails. A cluster's
 * connections belong to the caller, so they are not closed.
 */
export function reconnect(client: Client): void {
  if (client.status === "ready" && !client.nodes) client.disconnect?.(true);
}

/**
 * The code of a failure. The message of an error reply of Redis begins with its code: `WRONGPASS`, `OOM`, `CROSSSLOT`.
 */
export function redisCode(error: unknown): string | undefined {
  const isReply = error instanceof Error && error.name === "ReplyError";
  return errorCode(error) ?? (isReply ? /^[A-Z]+/.exec(error.message)?.[0] : undefined);
}

/**
 * Limits the time of every request to Redis, because BullMQ waits forever for a server that it has never reached. If a
 * request fails or takes too long, it throws `queue_unavailable`.
 */
export class RedisAccess {
  readonly #timeoutMs: number;
  readonly #client: () => Promise<Client>;
  #connectionCode: string | undefined;
  #keepsAll = false;

  /** The promise that `client` returns may resolve only once the connection is open. */
  constructor(client: () => Promise<Client>, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /** Notes why a connection failed. The client goes on trying, so no command reports it. */
  noteFailure(error: unknown): void {
    this.#connectionCode = errorCode(error);
  }

  async use<T>(task: () => Promise<T>): Promise<T> {
    try {
      const result = await withLimit(task(), this.#timeoutMs, () => {
        this.#client().then(reconnect, () => {});
        throw new Error("Redis did not answer in time");
      });
      this.#connectionCode = undefined;
      return result;
    } catch (error) {
      if (isOpleadError(error)) throw error;
      const code = this.#connectionCode ?? redisCode(error);
      throw unusable(tellRedis("queue_redis_failed", { code }), { retryable: true, cause: error });
    }
  }

  /** Runs a script. */
  run(script: Script, keys: string | readonly string[], ...args: (string | number)[]): Promise<unknown> {
    return this.use(async () => script.run(await this.#client(), keys, ...args));
  }

  /**
   * Makes sure that Redis deletes nothing when its memory is full. Once Redis has answered that it deletes nothing, it
   * is not asked again.
   */
  async requireNoEviction(): Promise<void> {
    if (this.#keepsAll) return;
    const infos = await this.use(async () => {
      const redis = await this.#client();
      return Promise.all((redis.nodes?.("master") ?? [redis]).map((node) => node.info?.("memory")));
    });
    const policies = infos.map((info = "") => /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "noeviction");
    const policy = policies.find((each) => each !== "noeviction");
    if (policy !== undefined) {
      throw unusable(tellRedis("queue_redis_evicts", { policy }));
    }
    this.#keepsAll = true;
  }
}

function unusable(problem: ValueProblem, details: OpleadErrorDetails = {}): OpleadError {
  return new OpleadError("queue_unavailable", problem.message, { ...details, issues: [issueAt("", problem)] });
}
