import { expect, it } from "vitest";
import type { Inbox, InboxRecord } from "../../src/bullmq/inbox.ts";
import { platformTag, type StoredUser } from "../../src/bullmq/job.ts";
import { jobWork, type TakenJob } from "../../src/bullmq/job-work.ts";
import { createOplead, type OpleadOptions } from "../../src/index.ts";
import { identityOf, platformOf } from "../../src/ledger/bind.ts";
import { memoryLedger, type UserOutcome } from "../../src/sync/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { user } from "../support/users.ts";

type Taken = Awaited<ReturnType<Inbox["take"]>>;
// An inbox of one user; workers that meet each other are tested with a real Redis.
function open(more: Partial<Parameters<typeof jobWork>[2]> = {}, client: OpleadOptions = {}) {
  const fake = createFakeOplead();
  const oplead = createOplead({
    token: "fake-token",
    fetch: fake.fetch,
    rateLimit: false,
    retry: false,
    platform: { settleMs: 50 },
    ...client,
  });
  const notes: object[] = [];
  const told: UserOutcome[] = [];
  const waiting: { taken: Taken } = { taken: "lost" };
  const inbox = {
    take: async () => waiting.taken,
    kept: async () => undefined,
    note: async (_key: string, _record: InboxRecord, note: object = {}) => notes.push(note) > 0,
    acknowledge: async () => {
      waiting.taken = "acknowledged";
      return "acknowledged";
    },
  } as unknown as Inbox;
  const onUser = (outcome: UserOutcome) => void told.push(outcome);
  const work = jobWork(oplead, inbox, { ledger: memoryLedger(), onUser, ...more });
  const job: TakenJob = {
    ...{ key: "k", id: "7", wasKilled: false, testMode: oplead.testMode },
    platform: platformTag(identityOf(platformOf(oplead))),
  };
  const put = (sent: StoredUser["user"] | undefined, of: Partial<InboxRecord> = {}) => {
    waiting.taken = {
      ...{ accountNumber: user(1).accountNumber ?? "", sequence: "s", expectedRevision: undefined, isOwed: false },
      user: sent && { user: sent, rules: [], version: undefined },
      ...of,
    };
  };
  const run = (of: Partial<TakenJob> = {}, signal = new AbortController().signal) => work({ ...job, ...of }, signal);
  return { fake, notes, told, waiting, put, run };
}

it("an outcome says that the first worker was killed only if that worker had sent the user", async () => {
  const { told, put, run } = open();
  for (const wasKilled of [true, true, false]) {
    put(user(1));
    await run({ wasKilled });
  }
  expect(told.map((one) => [one.outcome, "killed" in one && one.killed])).toEqual([
    ["created", false],
    ["unchanged", true],
    ["unchanged", false],
  ]);
});

it.each<[string, Taken, Partial<TakenJob>, string]>([
  ["for another platform", "lost", { platform: "elsewhere" }, "other_platform"],
  ["for another mode", "lost", { testMode: true }, "other_mode"],
  ["encrypted with another key", "unreadable", {}, "unknown_key"],
])("a job %s is left to other workers", async (_, taken, job, refusal) => {
  const { fake, waiting, run } = open();
  waiting.taken = taken;
  expect(await run(job)).toBe(refusal);
  expect(fake.requests).toEqual([]);
});

it("a job fails if Redis has lost its record, and does nothing if another job has synced its user", async () => {
  const { waiting, run } = open();
  expect(await failureOf(run())).toMatchObject({ code: "state_lost" });
  waiting.taken = "acknowledged";
  expect(await run()).toEqual({ outcome: "stale", requests: 0 });
});

it("the job of a user that the source does not have any more ends, and sends nothing", async () => {
  const { fake, waiting, put, run } = open({ load: async () => undefined });
  put(user(1));
  expect(await run()).toEqual({ outcome: "stale", requests: 0 });
  expect([waiting.taken, fake.requests]).toEqual(["acknowledged", []]);
});

it("after a failed attempt the user's record stays in Redis, and the next attempt sends the user", async () => {
  const { fake, notes, put, run } = open();
  const fault = fake.fail({ on: "updateUser", as: { status: 500 }, share: 1 });
  put(user(1));
  expect(await failureOf(run())).toMatchObject({ code: "server_error", status: 500 });
  expect(notes).toEqual([{ revision: expect.any(Number), isRetried: false }]);
  fault.remove();
  expect(await run()).toMatchObject({ outcome: "created" });
});

it.each<[string, Parameters<typeof open>[0], object | undefined, string, string]>([
  ["is neither stored nor loaded", {}, undefined, "invalid_options", "load load_needed"],
  [
    "has another number than its job",
    { load: async () => ({ user: user(2) }) },
    user(1),
    "invalid_input",
    "user.accountNumber other_user",
  ],
  ["is not valid", {}, user(1, { email: "nobody" }), "invalid_input", "email not_email"],
])("a user that %s is refused before anything is sent", async (_, options, sent, code, issue) => {
  const { fake, put, run } = open(options);
  put(sent as StoredUser["user"]);
  const error = await failureOf(run());
  expect(error.code).toBe(code);
  expect(error.issues?.map((one) => `${one.path} ${one.code}`)).toEqual([expect.stringContaining(issue)]);
  expect(fake.requests).toEqual([]);
});

it.each([false, true])("a job binds the ledger to its platform, but not if it is a test (%s)", async (testMode) => {
  const ledger = memoryLedger();
  const { put, run } = open({ ledger, onUser: undefined }, { testMode });
  put(user(1));
  expect(await run()).toMatchObject({ outcome: expect.any(String) });
  expect((await ledger.getInfo())?.platform !== undefined).toBe(!testMode);
});

it("a job whose ledger belongs to another platform fails, and sends nothing", async () => {
  const ledger = memoryLedger();
  await ledger.setInfo({ platform: { baseUrl: "https://elsewhere.example" } });
  const { fake, put, run } = open({ ledger });
  put(user(1));
  expect(await failureOf(run())).toMatchObject({ code: "ledger_mismatch" });
  expect(fake.requests).toEqual([]);
});

it("the requests of a job end when the signal of the job is aborted", async () => {
  const ending = new AbortController();
  const fetch = (_url: string, { signal }: { signal?: AbortSignal | null }) =>
    new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      ending.abort();
    });
  const { put, run } = open({}, { fetch });
  put(user(1));
  expect(await failureOf(run({}, ending.signal))).toMatchObject({ code: "aborted" });
});

it("a job uses its user's options, and sends nothing if the ledger has another revision than the plan", async () => {
  const ledger = memoryLedger();
  const { fake, put, run } = open({ ledger });
  const outcome = async (...sent: Parameters<typeof put>) => {
    put(...sent);
    return run();
  };
  await outcome(user(1));
  expect(await outcome(user(1))).toEqual({ outcome: "unchanged", requests: 0 });
  expect(await outcome(user(1), { options: { resend: true } })).toEqual({ outcome: "updated", requests: 1 });
  const changed = user(1, { phone: "02" });
  expect(await outcome(changed, { expectedRevision: 99 })).toEqual({ outcome: "stale", requests: 0 });
  const loading = open({ ledger, load: async () => ({ user: changed }) }, { fetch: fake.fetch });
  loading.put(undefined, { expectedRevision: 99 });
  expect(await loading.run()).toEqual({ outcome: "updated", requests: 1 });
});

it.each([true, false])(
  "a user without its parent in Oplead waits in the queue if a caller relies on it (%s), else it fails",
  async (isOwed) => {
    const { notes, told, put, run } = open();
    const child = user(1, { profile: { code: "PRF_REGION" }, parentUserIdentifier: "ACC-77" });
    put(child as StoredUser["user"], { isOwed, options: { retryHeld: true } });
    expect(await run()).toEqual(isOwed ? "waits_for_parent" : { outcome: "failed", requests: 2 });
    expect(told).toMatchObject([{ outcome: "failed", failed: [{ held: true }] }]);
    expect(notes).toEqual(isOwed ? [{ revision: expect.any(Number), isRetried: true }] : []);
  },
);
