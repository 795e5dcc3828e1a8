import { Cluster, Redis } from "ioredis";
import { expect, it, onTestFinished } from "vitest";
import {
  checkEnqueueOptions,
  checkLimit,
  checkQueueOptions,
  checkReconcileOptions,
  workerOptionsCheck,
} from "../../src/bullmq/options.ts";
import { memoryLedger } from "../../src/sync/index.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");
const NOT_A_KEY = [KEY.slice(1), `${KEY}A`, `A${KEY}`, "", 5, null, [], [KEY, "short"], [5], [[KEY]]];

function problems(check: () => unknown) {
  try {
    check();
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid_options" });
    return ((error as { issues?: { path: string; code: string }[] }).issues ?? []).map((at) => `${at.path} ${at.code}`);
  }
}
const ofQueue = (options: object) =>
  problems(() => checkQueueOptions({ redis: "redis://h", encryptionKey: false, ...options } as never));

function cluster(maxRetriesPerRequest?: number | null) {
  const made = new Cluster([{ port: 1 }], {
    lazyConnect: true,
    ...(maxRetriesPerRequest !== undefined && { redisOptions: { maxRetriesPerRequest } }),
  });
  onTestFinished(() => made.disconnect());
  return made;
}

it.each<[string, unknown[], unknown[]]>([
  ["name", ["users", "users.1-x_Y", "n".repeat(100)], ["", "a b", "a:b", "users\n", "n".repeat(101), 5]],
  ["storeUsers", [true, false], ["no", 0]],
  ["inboxTtlMs", [1, 1.5, 315_360_000_000], [0, 315_360_000_001, "1"]],
  ["attempts", [1, 1_000], [0, 1.5, 1_001]],
  ["backoffMs", [0, 0.5], [-1, Number.POSITIVE_INFINITY]],
  ["timeoutMs", [1, 1.5], [0, Number.POSITIVE_INFINITY]],
])("a queue accepts a valid value of %s and refuses an invalid one", (name, right, wrong) => {
  for (const value of [undefined, ...right]) expect(ofQueue({ [name]: value })).toEqual([]);
  for (const value of wrong) {
    expect(ofQueue({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}(\\[\\d\\])? \\w+$`))]);
  }
});

it("a queue accepts the address of a Redis, and refuses any other", () => {
  for (const url of ["redis://h", "rediss://u:p@h:6379/1"]) expect(ofQueue({ redis: url })).toEqual([]);
  for (const url of ["http://h", "xredis://h", "redis:h", {}, 5, undefined, ""]) {
    expect(ofQueue({ redis: url })).toEqual(["redis not_redis_url"]);
  }
});

it("a queue needs an encryptionKey, or false to store users in clear", () => {
  for (const encryptionKey of [KEY, KEY.replace(/=/g, ""), [KEY], [KEY, KEY], false]) {
    expect(ofQueue({ encryptionKey })).toEqual([]);
  }
  for (const encryptionKey of [undefined, true, ...NOT_A_KEY]) {
    expect(ofQueue({ encryptionKey })).toEqual([expect.stringMatching(/^encryptionKey \w+$/)]);
  }
});

it("a queue needs redis without a keyPrefix, and refuses unknown options", () => {
  const prefixed = new Redis({ keyPrefix: "mine:", lazyConnect: true });
  expect(ofQueue({ redis: prefixed })).toEqual(["redis has_key_prefix"]);
  expect(ofQueue({ nam: "x" })).toEqual(["nam unknown_option"]);
});

it("a cluster's client may not limit retries", () => {
  for (const none of [undefined, null, 0]) expect(ofQueue({ redis: cluster(none) })).toEqual([]);
  expect(ofQueue({ redis: cluster(3) })).toEqual(["redis retries_in_cluster"]);
});

const platform = { name: "France", baseUrl: "https://api.oplead.com" };
const right = { testMode: true, resend: false, retryHeld: ["user"], platform };

it("enqueue and reconcileUser accept valid options and name each wrong one", () => {
  for (const check of [checkEnqueueOptions, checkReconcileOptions]) {
    expect(problems(() => check({}))).toEqual([]);
    expect(problems(() => check(right as never))).toEqual([]);
    expect(problems(() => check({ retryHeld: true }))).toEqual([]);
    const wrong = { testMode: 1, resend: "yes", retryHeld: {}, platform: { baseUrl: 5 }, more: 1 };
    expect(problems(() => check(wrong as never)).map((problem) => problem.split(" ")[0])).toEqual(
      expect.arrayContaining(["testMode", "resend", "retryHeld", "platform.baseUrl", "more"]),
    );
    expect(problems(() => check({ platform: { name: "France" } } as never))).toEqual([
      expect.stringContaining("platform.baseUrl "),
    ]);
  }
  const { signal } = new AbortController();
  const more = { expectedRevision: 0, parent: "ACC-1", runId: "run", signal, drain: signal };
  expect(problems(() => checkReconcileOptions({ ...right, ...more } as never))).toEqual([]);
  const wrong = { expectedRevision: 1.5, parent: 5, runId: 5, signal: 5, drain: 1 };
  for (const [name, value] of Object.entries(wrong)) {
    expect(problems(() => checkReconcileOptions({ [name]: value }))).toEqual([expect.stringMatching(`^${name} \\w+$`)]);
  }
  expect(problems(() => checkEnqueueOptions({ signal } as never))).toHaveLength(1);
});

it("a worker needs the option ledger, and also the option load if the queue stores no users", () => {
  const ledger = memoryLedger();
  const sound = { ledger, lockMs: 1_000, onUser() {}, load: async () => undefined };
  const ofWorker = (options: object, storesUsers = true) =>
    problems(() => workerOptionsCheck(storesUsers)(options as never));
  expect(ofWorker(sound)).toEqual([]);
  expect(ofWorker(sound, false)).toEqual([]);
  expect(ofWorker({ ledger })).toEqual([]);
  expect(ofWorker({ ledger }, false)).toEqual(["load load_needed"]);
  expect(ofWorker({})).toEqual([expect.stringMatching(/^ledger \w+$/)]);
  for (const [name, value] of Object.entries({ lockMs: 999, onUser: 5, load: 5 })) {
    expect(ofWorker({ ledger, [name]: value })).toEqual([expect.stringMatching(`^${name} \\w+$`)]);
  }
});

it("failed() accepts a limit that is a whole number of at least 0", () => {
  for (const limit of [0, 1, 1e6]) expect(() => checkLimit({ limit })).not.toThrow();
  for (const limit of [-1, 1.5, "1", null]) expect(() => checkLimit({ limit })).toThrow(/limit/);
});
