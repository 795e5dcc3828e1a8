import { errorCode } from "../base/error-code.ts";
import { isOpleadError, OpleadError } from "../base/errors.ts";
import { plainWords, safeCause } from "../base/redact.ts";
import { answerWithin, type RedisClient } from "../redis/client.ts";

/** The few commands of a Redis client that the queue needs beside BullMQ. ioredis has them. */
export interface RedisCommands extends Pick<RedisClient, "eval" | "scan"> {
  hmget(key: string, ...fields: string[]): Promise<(string | null)[]>;
}

/**
 * Every use of Redis, bounded in time: BullMQ waits without end for a server that it has never reached. What fails is a
 * `queue_unavailable`.
 */
export class RedisAccess {
  readonly #timeoutMs: number;
  #connectionCode: string | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Notes why a connection failed. The client goes on trying, so no command says it. */
  noteFailure(error: unknown): void {
    this.#connectionCode = errorCode(error);
  }

  async use<T>(task: () => Promise<T>): Promise<T> {
    try {
      const result = await answerWithin(task(), this.#timeoutMs);
      this.#connectionCode = undefined;
      return result;
    } catch (error) {
      if (isOpleadError(error)) throw error;
      const reason = this.#connectionCode === undefined ? "" : ` (${this.#connectionCode})`;
      throw new OpleadError("queue_unavailable", `The queue's Redis failed${reason}.`, {
        retryable: true,
        cause: safeCause(error, plainWords),
      });
    }
  }

  /** The commands of a client that may not be connected yet. */
  commandsOf(client: () => Promise<RedisCommands>): RedisCommands {
    return {
      eval: (...args) => this.use(async () => (await client()).eval(...args)),
      hmget: (...args) => this.use(async () => (await client()).hmget(...args)),
      scan: (...args) => this.use(async () => (await client()).scan(...args)),
    };
  }
}
