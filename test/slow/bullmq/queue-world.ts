import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished } from "vitest";
import { type UserQueue, type UserQueueOptions, type UserWorker, userQueue } from "../../../src/bullmq/index.ts";
import {
  createOplead,
  type LogFields,
  type Oplead,
  type OpleadLogger,
  type OpleadOptions,
} from "../../../src/index.ts";
import { memoryLedger } from "../../../src/sync/index.ts";
import { createFakeOplead, type FakeListener, type FakeOplead } from "../../../src/testing/index.ts";
import { lineProblems } from "../../support/log-lines.ts";
import { type RedisServer, startRedis } from "../../support/redis-server.ts";

export class QueueWorld {
  redis!: RedisServer;
  fake!: FakeOplead;
  name = "";
  readonly #queues: UserQueue[] = [];
  readonly #workers: UserWorker[] = [];
  #listener!: FakeListener;
  #names = 0;

  constructor() {
    beforeAll(async () => {
      this.redis = await startRedis();
    });
    afterAll(() => this.redis.close());
    beforeEach(async () => {
      this.fake = createFakeOplead();
      this.#listener = await this.fake.listen();
      this.#names += 1;
      this.name = `users-${this.#names}`;
    });
    afterEach(async () => {
      await Promise.all(this.#workers.splice(0).map((worker) => worker.close()));
      await Promise.all(this.#queues.splice(0).map((queue) => queue.close()));
      await this.#listener.close();
    });
  }

  get port(): number {
    return Number(new URL(this.redis.url).port);
  }

  open(options: Partial<UserQueueOptions> = {}, oplead = this.client()): UserQueue {
    const queue = userQueue(oplead, {
      redis: `redis://127.0.0.1:${this.port}`,
      name: this.name,
      encryptionKey: false,
      backoffMs: 20,
      ...options,
    });
    this.#queues.push(queue);
    return queue;
  }

  client(options: OpleadOptions = {}): Oplead {
    const hurried: OpleadOptions = { rateLimit: false, retry: false, platform: { settleMs: 50 } };
    return createOplead({ token: "fake-token", baseUrl: this.#listener.url, ...hurried, ...options });
  }

  work(queue: UserQueue, more: Partial<Parameters<UserQueue["startWorker"]>[0]> = {}): UserWorker {
    const worker = queue.startWorker({ ledger: memoryLedger(), ...more });
    this.#workers.push(worker);
    return worker;
  }

  async command(...parts: readonly string[]): Promise<unknown> {
    return this.#withRedis((redis) => redis.call(parts[0] as string, ...parts.slice(1)));
  }

  async dump(): Promise<string> {
    return this.#withRedis(async (client) => {
      const found: string[] = [];
      for (const key of await client.keys(`*${this.name}*`)) {
        found.push(key);
        const type = await client.type(key);
        if (type === "hash") found.push(JSON.stringify(await client.hgetall(key)));
        else if (type === "string") found.push((await client.get(key)) ?? "");
        else if (type === "stream") found.push(JSON.stringify(await client.xrange(key, "-", "+")));
        else if (type === "zset") found.push((await client.zrange(key, 0, -1)).join());
        else if (type === "list") found.push((await client.lrange(key, 0, -1)).join());
      }
      return found.join("\n");
    });
  }

  async #withRedis<T>(task: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.port);
    try {
      return await task(redis);
    } finally {
      redis.disconnect();
    }
  }
}

export async function until(what: () => Promise<boolean> | boolean, ms = 300_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > end) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function isEmpty(queue: UserQueue): Promise<boolean> {
  const { waiting, active, delayed, inbox } = await queue.status();
  return waiting + active + delayed + inbox === 0;
}

// Without the line about users in clear, which every queue without a key logs first.
export function recorder() {
  const lines: { level: keyof OpleadLogger; text: string; fields: LogFields | undefined }[] = [];
  const problems: string[] = [];
  const note = (level: keyof OpleadLogger) => (text: string, fields?: LogFields) => {
    problems.push(...lineProblems(text, fields));
    lines.push({ level, text, fields });
  };
  onTestFinished(() => expect(problems).toEqual([]));
  const logger: OpleadLogger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  return { logger, lines };
}
