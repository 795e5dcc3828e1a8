import { errorCode, isOpleadError, OpleadError, type OpleadErrorDetails } from "../core/errors.ts";
import { issueAt, type ValueProblem } from "../core/issues.ts";
import { withLimit } from "../core/time.ts";
import { tellRedis } from "../locales/en/failures.ts";
import { type RedisClient, redisErrorCode, type Script } from "../redis/client.ts";

interface Client extends RedisClient {
  readonly status?: string;
  disconnect?(reconnect: boolean): void;
}

// A half-open connection never answers and never fails. A cluster's connections belong to the caller.
export function reconnect(client: Client): void {
  if (client.status === "ready" && !client.nodes) client.disconnect?.(true);
}

// BullMQ waits forever for a server that it has never reached, so each request is bounded.
export class RedisAccess {
  readonly #timeoutMs: number;
  readonly #client: () => Promise<Client>;
  #connectionCode: string | undefined;
  #keepsAll = false;

  constructor(client: () => Promise<Client>, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

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
      const code = this.#connectionCode ?? redisErrorCode(error);
      throw unusable(tellRedis("queue_redis_failed", { code }), { retryable: true, cause: error });
    }
  }

  run(script: Script, keys: string | readonly string[], ...args: (string | number)[]): Promise<unknown> {
    return this.use(async () => script.run(await this.#client(), keys, ...args));
  }

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
