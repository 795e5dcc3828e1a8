import { createServer, type Socket } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { type UserQueueOptions, userQueue } from "../../src/bullmq/index.ts";
import { createOplead, type LogFields, type OpleadOptions } from "../../src/index.ts";
import { memoryLedger } from "../../src/sync/index.ts";
import { failureOf } from "../support/failure.ts";
import { listen } from "../support/servers.ts";
import { user } from "../support/users.ts";

function open(options: Partial<UserQueueOptions> = {}, client: OpleadOptions = {}) {
  const own = { redis: "redis://127.0.0.1:1", encryptionKey: false, timeoutMs: 100 } as const;
  const queue = userQueue(createOplead({ token: "t", ...client }), { ...own, ...options });
  onTestFinished(() => queue.close());
  return queue;
}

it.each([null, undefined, "ACC-1", [], { user: null }, { user: {} }])(
  "a queue refuses to enqueue %j before it asks Redis",
  async (user) => {
    await expect(open().enqueue(user as never)).rejects.toMatchObject({ code: "invalid_input" });
  },
);

it("a queue refuses account numbers of digits, misspelt names and unlisted fields before it asks Redis", async () => {
  const queue = open({}, { platform: { customFields: ["region"] } });
  const refused = async (source: object) => {
    const { issues = [] } = await failureOf(queue.enqueue(source as never));
    return issues.map(({ path, code }) => `${path} ${code}`);
  };
  expect(await refused({ user: user(1, { accountNumber: "100001" }) })).toEqual(["accountNumber digits_only"]);
  const odd = { ...user(1), firtsname: "Zoé", colour: "red" };
  expect(await refused({ user: odd })).toEqual(["firtsname similar_field", "colour unknown_field"]);
  expect(await refused({ user: user(1), verison: 1 })).toEqual(["verison unknown_key"]);
});

it("a logger that throws does not keep a queue from being opened", async () => {
  const throws = () => {
    throw new Error("disk full");
  };
  const logger = { debug: throws, info: throws, warn: throws, error: throws };
  await open({}, { logger }).close();
});

it("a worker logs to the client's logger", async () => {
  const events: string[] = [];
  const note = (_message: string, { event }: LogFields) => void events.push(event);
  const queue = open({}, { logger: { debug: note, info: note, warn: note, error: note } });
  const worker = queue.startWorker({ ledger: memoryLedger(), lockMs: 1_000 });
  await vi.waitUntil(() => events.includes("redis_failed"), { timeout: 20_000 });
  await worker.close();
});

it("closing a queue ends its connection, even if Redis gives no answer", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on("error", () => {}).resume()));
  const port = await listen(silent);
  onTestFinished(() => void silent.close());
  const queue = open({ redis: `redis://127.0.0.1:${port}` });
  await vi.waitUntil(() => sockets.length > 0, { timeout: 20_000 });
  await queue.close();
  await vi.waitUntil(() => sockets.every(({ destroyed }) => destroyed), {
    timeout: 20_000,
  });
});

it("every method of a queue says within timeoutMs that Redis is gone, and why", async () => {
  for (const [storeUsers, encryptionKey] of [
    [true, false],
    [false, [Buffer.alloc(32, 7).toString("base64")]],
  ] as const) {
    const queue = open({ timeoutMs: 2_000, storeUsers, encryptionKey });
    const methods = [
      () => queue.enqueue({ user: user(1) }, { platform: { baseUrl: "https://api.oplead.com" } }),
      () => queue.reconcileUser({ user: user(1) }),
      () => queue.status(),
      () => queue.failed(),
      () => queue.retryFailed(),
    ];
    for (const error of await Promise.all(methods.map((method) => failureOf(method())))) {
      const message = "The queue's Redis failed (ECONNREFUSED).";
      expect(error).toMatchObject({ code: "queue_unavailable", retryable: true, message });
    }
  }
});

it("a user for another platform than the queue's is refused, and the error names both platforms", async () => {
  const platform = { baseUrl: "https://elsewhere.example", name: "Belgium" };
  const error = await failureOf(open().enqueue({ user: user(1) }, { platform }));
  expect(error).toMatchObject({ code: "invalid_options", issues: [{ code: "other_queue_platform" }] });
  expect(error.message).toContain("https://elsewhere.example (Belgium)");
  expect(error.message).toContain("https://api.oplead.com");
});
