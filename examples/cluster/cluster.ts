/** The processes of the cluster: a fake Oplead that often fails, Redis, receivers, workers and the nightly run. */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createOplead } from "oplead-sdk";
import { type UserQueue, userQueue } from "oplead-sdk/bullmq";
import { createFakeOplead, type FakeOplead } from "oplead-sdk/testing";
import { makeUnreliable } from "../unreliable.ts";
import { mostInASecond, watchStalls } from "./arrivals.ts";
import { Processes, type Started } from "./processes.ts";
import { startRedis } from "./redis-server.ts";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const config = fileURLToPath(new URL("oplead.config.ts", import.meta.url));

/** How long a killed worker keeps its users from the others, in milliseconds. */
const LOCK_MS = 4_000;

export interface ClusterOptions {
  readonly users: number;
  /** Requests per second of all workers together. */
  readonly limit: number;
}

export interface Cluster {
  readonly fake: FakeOplead;
  readonly receivers: readonly string[];
  readonly secret: string;
  readonly queue: UserQueue;
  /** Runs `oplead sync --queue` to its end. */
  nightly(): Started["ended"];
  /** Kills one of the workers as a crash would, and starts another. */
  killWorker(at: number): Promise<void>;
  mostInASecond(): number;
  /** Ends every process. May be called at any time. */
  close(): Promise<void>;
}

/** Starts everything. `closing` is told at once how to end what has been started so far. */
export async function openCluster(
  { users, limit }: ClusterOptions,
  closing: (close: () => Promise<void>) => void,
): Promise<Cluster> {
  const processes = new Processes();
  const tasks: (() => unknown)[] = [() => processes.endAll()];
  const close = async () => {
    for (const task of tasks.splice(0)) await task();
  };
  closing(close);

  const redis = await startRedis();
  tasks.push(() => redis.close());
  // A user that is created twice shows: the fake does not refuse the second one.
  const fake = createFakeOplead({ uniqueAccountNumbers: false, now: () => performance.timeOrigin + performance.now() });
  makeUnreliable(fake, 0.004);
  const server = await fake.listen();
  tasks.push(() => server.close());
  const stalls = watchStalls();
  tasks.push(() => stalls.end());

  const key = randomBytes(32).toString("base64");
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const env = {
    ...{ OPLEAD_TOKEN: "fake-token", OPLEAD_BASE_URL: server.url, OPLEAD_RATE: String(limit) },
    ...{ REDIS_URL: redis.url, OPLEAD_QUEUE_KEY: key, WEBHOOK_SECRET: secret, CLUSTER_USERS: String(users) },
  };
  const oplead = (...args: string[]) =>
    processes.start([command, ...args, "--config", config], env, { showErrors: false });
  const startWorker = async (): Promise<ChildProcess> => {
    const worker = oplead("worker", "--lock-ms", String(LOCK_MS));
    await worker.line(/^Working/);
    return worker.child;
  };
  const startReceiver = () => oplead("serve", "--queue", "--port", "0").line(/(http:\/\/\S+)/);
  const [receivers, workers] = await Promise.all([
    Promise.all([startReceiver(), startReceiver()]),
    Promise.all([startWorker(), startWorker(), startWorker()]),
  ]);
  const port = Number(new URL(redis.url).port);
  // The workers send. The queue asks its client only for the platform.
  const client = createOplead({ token: "fake-token", baseUrl: server.url });
  const queue = userQueue(client, { redis: `redis://127.0.0.1:${port}`, name: "cluster", encryptionKey: key });
  tasks.unshift(() => queue.close());

  return {
    ...{ fake, receivers, secret, queue, close },
    nightly: () => oplead("sync", "--queue", "--json").ended,
    async killWorker(at) {
      workers[at]?.kill("SIGKILL");
      workers[at] = await startWorker();
    },
    mostInASecond: () =>
      mostInASecond(
        fake.requests.map(({ time }) => time),
        stalls.all,
        limit,
      ),
  };
}
