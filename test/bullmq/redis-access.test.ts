import { expect, it, onTestFinished, vi } from "vitest";
import { RedisAccess, reconnect } from "../../src/bullmq/redis-access.ts";
import { OpleadError } from "../../src/index.ts";

const reply = (message: string) => Object.assign(new Error(message), { name: "ReplyError" });

it("a connection that gives no answer is opened again, unless it is closed or belongs to a cluster", () => {
  const disconnect = vi.fn();
  const open = { status: "ready", disconnect };
  for (const client of [{ ...open, status: "connecting" }, { ...open, nodes: () => [] }, { status: "ready" }, {}]) {
    reconnect(client as never);
  }
  expect(disconnect).not.toHaveBeenCalled();
  reconnect(open as never);
  expect(disconnect.mock.calls).toEqual([[true]]);
});

const withClient = (client: object, timeoutMs = 400) => new RedisAccess(async () => client as never, timeoutMs);
const failing = (access: RedisAccess, error: unknown) => access.use(async () => Promise.reject(error)).catch((e) => e);

it("a failure of Redis becomes a retryable queue_unavailable with its code, and an OpleadError stays", async () => {
  const access = withClient({});
  expect(await access.use(async () => 5)).toBe(5);
  const error = reply("READONLY You can't write");
  const message = "The queue's Redis failed (READONLY).";
  expect(await failing(access, error)).toMatchObject({
    code: "queue_unavailable",
    retryable: true,
    message,
    thrown: error,
  });
  expect(await failing(access, new Error("x"))).toMatchObject({ message: "The queue's Redis failed." });
  const own = new OpleadError("invalid_options", "Wrong.");
  expect(await failing(access, own)).toBe(own);
});

it("until Redis answers, an error says why the connection failed, and not why the command failed", async () => {
  const access = withClient({});
  access.noteFailure(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
  for (let times = 0; times < 2; times += 1) {
    expect(await failing(access, reply("OOM command not allowed"))).toMatchObject({
      message: "The queue's Redis failed (ENOTFOUND).",
    });
  }
  await access.use(async () => undefined);
  expect(await failing(access, reply("OOM command not allowed"))).toMatchObject({
    message: "The queue's Redis failed (OOM).",
  });
});

it("a request to Redis fails if it gets no answer within timeoutMs, and the connection is opened again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const disconnect = vi.fn();
  const never = () => new Promise<never>(() => {});
  for (const client of [async () => ({ status: "ready", disconnect }), () => Promise.reject(new Error("none"))]) {
    const access = new RedisAccess(client as never, 400);
    let error: unknown;
    const used = access.use(never).catch((thrown) => {
      error = thrown;
    });
    await vi.advanceTimersByTimeAsync(399);
    expect(error).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await used;
    expect(error).toMatchObject({ code: "queue_unavailable", thrown: new Error("Redis did not answer in time") });
  }
  expect(disconnect.mock.calls).toEqual([[true]]);
  expect(vi.getTimerCount()).toBe(0);
});

const asking = (...policies: string[]) =>
  vi.fn(async () => `used_memory:1\r\nmaxmemory_policy:${policies.shift()}\r\nx:1`);

it("an eviction policy is asked for once if it is noeviction, and may be unknown", async () => {
  const info = asking("noeviction");
  const access = new RedisAccess(async () => ({ info }) as never, 400);
  for (let times = 0; times < 3; times += 1) await access.requireNoEviction();
  expect(info.mock.calls).toEqual([["memory"]]);
  for (const silent of [{}, { info: async () => "" }, { info: async () => "not_maxmemory_policy:allkeys-lru" }]) {
    await new RedisAccess(async () => silent as never, 400).requireNoEviction();
  }
});

it("a Redis or node of a cluster that may delete stored users is refused until its policy changes", async () => {
  const info = asking("volatile-lru", "noeviction");
  const access = new RedisAccess(async () => ({ info }) as never, 400);
  const message =
    "The queue's Redis may delete users that were accepted (maxmemory-policy volatile-lru). Set it to noeviction.";
  await expect(access.requireNoEviction()).rejects.toMatchObject({
    code: "queue_unavailable",
    message,
    retryable: false,
  });
  await access.requireNoEviction();
  const nodes = vi.fn(() => ["noeviction", "allkeys-lru"].map((policy) => ({ info: asking(policy) })));
  const cluster = new RedisAccess(async () => ({ nodes, info: asking("noeviction") }) as never, 400);
  await expect(cluster.requireNoEviction()).rejects.toThrow("(maxmemory-policy allkeys-lru)");
  expect(nodes.mock.calls).toEqual([["master"]]);
});
