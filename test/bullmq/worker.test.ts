// The test gives the time and plays BullMQ's worker; test/slow/bullmq has the real one.
import { EventEmitter } from "node:events";
import { DelayedError, UnrecoverableError } from "bullmq";
import { expect, it, onTestFinished, vi } from "vitest";
import type { JobOutcome, Refusal } from "../../src/bullmq/job-work.ts";
import { QueueWorker, type WorkerContext } from "../../src/bullmq/worker.ts";
import { OpleadError, type OpleadErrorCode } from "../../src/index.ts";
import { gate } from "../support/gate.ts";

const LOCK_MS = 30_000;
const failed = (code: OpleadErrorCode, more: object = {}) => new OpleadError(code, `It was ${code}.`, more);
const never = () => new Promise<never>(() => {});
const updated: JobOutcome = { outcome: "updated", requests: 1 };

async function open(more: Partial<WorkerContext> = {}) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"], now: 1_800_000_000_000 });
  await vi.advanceTimersByTimeAsync(5_000);
  const lines: Record<string, unknown>[] = [];
  const note = (level: string) => (text: string, fields?: object) => void lines.push({ level, text, ...fields });
  const process: Parameters<WorkerContext["open"]>[0][] = [];
  const options: Parameters<WorkerContext["open"]>[1][] = [];
  const played = Object.assign(new EventEmitter(), {
    concurrency: 0,
    run: vi.fn(never),
    pause: vi.fn(async () => {}),
    resume: vi.fn(),
    close: vi.fn(async () => {}),
  });
  const context = {
    ...{ backoffMs: 1_000, concurrency: 2, lockMs: LOCK_MS },
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    open: vi.fn<WorkerContext["open"]>((work, given) => {
      process.push(work);
      options.push(given);
      return played as never;
    }),
    work: vi.fn<WorkerContext["work"]>(async () => updated),
    check: vi.fn(async () => {}),
    promote: vi.fn(async () => {}),
    recover: vi.fn(async () => {}),
    hasWork: vi.fn(async () => false),
    ...more,
  };
  const worker = new QueueWorker(context);
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  onTestFinished(async () => {
    const closed = worker.close();
    await pass(2 * LOCK_MS);
    await closed;
    vi.useRealTimers();
  });
  await pass(0);
  // What BullMQ does with a job: it ends with a result or an error.
  const handle = (mine: ReturnType<typeof job>) =>
    process
      .at(-1)?.(mine as never, "token")
      .then(
        (result) => void mine.ends.push(["completed", result]),
        (error) => void (error instanceof DelayedError || mine.ends.push(["failed", error])),
      );
  return { lines, options, played, context, worker, pass, handle, events: () => lines.map(({ event }) => event) };
}

function job(key: string, more: object = {}) {
  const ends: [string, ...unknown[]][] = [];
  return {
    ...{ id: "1", deduplicationId: key, ends, stalledCounter: 0, attemptsStarted: 1, attemptsMade: 0 },
    moveToDelayed: async (...args: unknown[]) => void ends.push(["delayed", ...args]),
    updateData: async (...args: unknown[]) => void ends.push(["data", ...args]),
    promote: async () => {},
    ...more,
  };
}

it("a worker looks for users without a job every two seconds, and opens BullMQ's once Redis may be used", async () => {
  const check = vi.fn(async () => Promise.reject(failed("queue_unavailable")));
  const { context, lines, pass } = await open({ check });
  await pass(1_999);
  expect(context.open).not.toHaveBeenCalled();
  expect(lines).toMatchObject([{ level: "error", event: "redis_failed", queue: true, code: "queue_unavailable" }]);
  expect(lines[0]?.text).toBe("oplead-sdk: queue: It was queue_unavailable.");
  check.mockResolvedValue(undefined as never);
  await pass(1);
  expect([context.open, context.recover].map((each) => vi.mocked(each).mock.calls.length)).toEqual([1, 1]);
  await pass(4_000);
  expect([context.open, context.recover].map((each) => vi.mocked(each).mock.calls.length)).toEqual([1, 3]);
});

it("a worker is healthy while it takes jobs or has none, and not if Redis gives no answer for lockMs", async () => {
  const hasWork = vi.fn(async () => false);
  const recover = vi.fn(async () => {});
  const { worker, pass, handle, lines } = await open({ hasWork, recover });
  await pass(2 * LOCK_MS);
  expect(worker.isHealthy()).toBe(true);
  hasWork.mockResolvedValue(true);
  for (let at = 0; at < 20; at += 1) {
    await handle(job("ok"));
    await pass(2_000);
  }
  expect([worker.isHealthy(), lines]).toEqual([true, []]);
  recover.mockRejectedValue(Object.assign(new Error("READONLY You can't write"), { name: "ReplyError" }));
  await pass(LOCK_MS + 2_000);
  expect(worker.isHealthy()).toBe(false);
  expect(lines).toMatchObject([{ level: "warn", event: "redis_failed", code: "READONLY" }]);
  recover.mockResolvedValue(undefined);
  hasWork.mockImplementation(never);
  await pass(LOCK_MS + 2_000);
  expect(worker.isHealthy()).toBe(false);
});

it("a worker of BullMQ that takes no waiting job for ten seconds is replaced, unless full or paused", async () => {
  const { worker, context, played, pass, handle, lines } = await open({ hasWork: async () => true, concurrency: 1 });
  await pass(9_999);
  expect(context.open).toHaveBeenCalledTimes(1);
  await pass(4_001);
  expect(context.open).toHaveBeenCalledTimes(2);
  expect(played.close.mock.calls).toEqual([[true]]);
  expect(lines).toMatchObject([{ level: "warn", event: "worker_restarted" }]);
  await pass(LOCK_MS);
  expect(worker.isHealthy()).toBe(false);
  const restarts = lines.length;
  vi.mocked(context.work).mockImplementation(never);
  void handle(job("busy"));
  await pass(2 * LOCK_MS);
  expect([worker.isHealthy(), lines.length]).toEqual([true, restarts]);
});

it("the log says once that Redis failed, and once, ten seconds after the last failure, that it answers", async () => {
  const recover = vi.fn(async () => {});
  const { pass, events, lines } = await open({ recover });
  recover.mockRejectedValue(Object.assign(new Error("broken"), { code: "ECONNRESET" }));
  await pass(4_000);
  expect(lines).toMatchObject([{ level: "warn", event: "redis_failed", code: "ECONNRESET" }]);
  expect(lines[0]?.text).toContain("the worker's Redis failed (ECONNRESET); it tries again");
  recover.mockResolvedValue(undefined);
  await pass(9_999);
  expect(events()).toEqual(["redis_failed"]);
  await pass(1);
  expect(events()).toEqual(["redis_failed", "redis_answers"]);
  await pass(20_000);
  expect(events()).toHaveLength(2);
});

it("the log reports what BullMQ says about Redis and killed workers, and not that another has the job", async () => {
  const { lines, played, events } = await open();
  played.emit("error", Object.assign(new Error("Missing lock"), { code: -2 }));
  played.emit("error", new Error("could not renew lock for job 7"));
  expect(lines).toEqual([]);
  played.emit("error", Object.assign(new Error("OOM command not allowed"), { name: "ReplyError" }));
  played.emit("stalled", "7", "active");
  expect(events()).toEqual(["redis_failed", "job_stalled"]);
  expect(lines).toMatchObject([{ code: "OOM" }, { level: "warn", job: "7" }]);
});

it("a worker gives BullMQ whole milliseconds, doubles waits before attempts, and reconnects until closed", async () => {
  const { worker, options, pass } = await open({ lockMs: 10_000.5, backoffMs: 1_000 });
  const [given] = options;
  expect(given).toMatchObject({ lockDuration: 10_001, stalledInterval: 3_334, maxStalledCount: 1_000, concurrency: 2 });
  const waitOf = given?.settings?.backoffStrategy as (attempt: number) => number;
  const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
  onTestFinished(() => random.mockRestore());
  expect([1, 2, 3, 9, 10, 30].map(waitOf)).toEqual([750, 1_500, 3_000, 192_000, 225_000, 225_000]);
  const { retryStrategy } = Object(given?.connection) as { retryStrategy(times: number): number | null };
  expect([1, 2, 3, 4, 5, 60].map(retryStrategy)).toEqual([200, 400, 800, 1_600, 2_000, 2_000]);
  const closed = worker.close();
  await pass(1_000);
  await closed;
  expect(retryStrategy(1)).toBeNull();
});

it("a worker that is closed waits for the users under way, and looks for nothing more", async () => {
  const end = gate();
  const { worker, context, played, pass, handle } = await open({
    work: vi.fn(async () => end.opened.then(() => updated)),
  });
  const mine = job("k");
  void handle(mine);
  let isClosed = false;
  const closed = worker.close().then(() => (isClosed = true));
  expect(worker.close()).toBe(worker.close());
  await pass(LOCK_MS - 1_000);
  const looks = vi.mocked(context.recover).mock.calls.length;
  expect([isClosed, played.close.mock.calls.length]).toEqual([false, 1]);
  end.open();
  await pass(500);
  await closed;
  expect(mine.ends).toEqual([["completed", { key: "k", outcome: "updated" }]]);
  await pass(5 * LOCK_MS);
  expect(context.recover).toHaveBeenCalledTimes(looks);
});

it("a worker that is closed aborts its requests after lockMs, and gives its jobs to others at once", async () => {
  const reasons: unknown[] = [];
  const { worker, lines, pass, handle } = await open({
    work: async (_job, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      }),
  });
  const mine = job("k");
  void handle(mine);
  const closed = worker.close();
  await pass(LOCK_MS - 1);
  expect(reasons).toEqual([]);
  await pass(1_000);
  await closed;
  expect(reasons).toEqual([new Error("the worker was closed")]);
  expect(mine.ends).toMatchObject([["delayed", expect.any(Number), "token"]]);
  expect(lines).toEqual([]);
});

it("a worker that is closed waits only for a limited time for work, and for a silent Redis", async () => {
  const { worker, played, pass, handle } = await open({ work: never });
  played.close.mockImplementation(never);
  void handle(job("k"));
  let isClosed = false;
  const closed = worker.close().then(() => (isClosed = true));
  await pass(LOCK_MS + 2_499);
  expect(isClosed).toBe(false);
  await pass(600);
  await closed;
});

it("a job that a worker gets while it is being closed is given back unworked", async () => {
  const { worker, context, pass, handle } = await open();
  const closed = worker.close();
  const mine = job("k");
  void handle(mine);
  await pass(1_000);
  await closed;
  expect(mine.ends).toMatchObject([["delayed", expect.any(Number), "token"]]);
  expect(context.work).not.toHaveBeenCalled();
});

it("the work on a job is told its user, mode and platform, and whether a killed worker had the job", async () => {
  const { context, handle } = await open();
  await handle(job("test.abcdefKEY", { id: "7", stalledCounter: 1 }));
  await handle(job("abcdefKEY"));
  expect(vi.mocked(context.work).mock.calls.map(([taken]) => taken)).toEqual([
    { key: "test.abcdefKEY", testMode: true, platform: "abcdef", id: "7", wasKilled: true },
    { key: "abcdefKEY", testMode: false, platform: "abcdef", id: "1", wasKilled: false },
  ]);
});

it.each<[OpleadErrorCode, boolean]>([
  ["server_error", false],
  ["ledger_conflict", false],
  ["invalid_input", true],
  ["state_lost", true],
])(
  "a job that failed with the error %s stores the failure and logs it; the failure is final: %s",
  async (code, isFinal) => {
    const { lines, handle } = await open({
      work: async (_job, _signal, about = {}) => {
        about.accountNumber = "ACC-1";
        throw failed(code);
      },
    });
    const mine = job("k");
    await handle(mine);
    const [kept, ended] = mine.ends;
    expect(mine.ends).toHaveLength(2);
    const failure = expect.objectContaining({ code, message: `It was ${code}.` });
    expect(kept).toEqual(["data", { failure }]);
    expect(ended?.[1]).toHaveProperty("message", `${code}: It was ${code}.`);
    expect(ended?.[1] instanceof UnrecoverableError).toBe(isFinal);
    expect(lines).toMatchObject([{ level: "warn", event: "job_failed", code, job: "1", accountNumber: "ACC-1" }]);
    expect(lines[0]?.text).toBe(`oplead-sdk: queue: job 1: ${code}: It was ${code}.`);
  },
);

it.each<[Refusal, string]>([
  ["other_platform", "error"],
  ["other_mode", "error"],
  ["unknown_key", "error"],
  ["waits_for_parent", "warn"],
])(
  "a refused job (%s) is tried after random waits that grow to a minute, and the log says so once (%s)",
  async (code, level) => {
    const { lines, handle, pass } = await open({ work: async () => code });
    await handle(job("k"));
    await pass(1_000);
    const at = Date.now();
    const all = [1, 2, 120, 121].map((started) => job("k", { attemptsStarted: started + 3, attemptsMade: 3 }));
    for (const mine of all) await handle(mine);
    for (const [index, ms] of [500, 1_000, 60_000, 60_000].entries()) {
      const [end, until, token] = all[index]?.ends[0] ?? [];
      expect([end, token]).toEqual(["delayed", "token"]);
      expect(Number(until)).toBeGreaterThanOrEqual(at + ms / 2);
      expect(Number(until)).toBeLessThanOrEqual(at + ms);
    }
    expect(lines).toMatchObject([{ level, event: "jobs_waiting", code }]);
    expect(lines[0]?.text).toMatch(/^oplead-sdk: queue: (jobs|users) .+ They wait for (another worker|those)\.$/);
  },
);

it("a worker that refuses a job rests half a second in five, and leaves further jobs to other workers", async () => {
  const { played, context, pass, handle } = await open({ work: vi.fn(async (): Promise<Refusal> => "unknown_key") });
  const promote = vi.fn(async () => Promise.reject(new Error("another worker has it")));
  const [refused, fetched, later] = ["a", "b", "c"].map((key) => job(key, { promote }));
  await handle(refused as never);
  await handle(fetched as never);
  const delayed = [["delayed", Date.now() + 500, "token"]];
  expect([refused?.ends, fetched?.ends, played.pause.mock.calls]).toEqual([delayed, delayed, [[true]]]);
  expect(context.work).toHaveBeenCalledTimes(1);
  played.resume.mockClear();
  await pass(49);
  expect(promote).not.toHaveBeenCalled();
  await pass(450);
  expect([promote.mock.calls.length, played.resume.mock.calls.length]).toEqual([2, 0]);
  await pass(1);
  expect(played.resume).toHaveBeenCalledTimes(1);
  await pass(4_999);
  await handle(later as never);
  expect(played.pause).toHaveBeenCalledTimes(1);
  await pass(1);
  await handle(later as never);
  expect(played.pause).toHaveBeenCalledTimes(2);
});

it("a job that waits for its parent does not pause the worker", async () => {
  const { played, handle } = await open({ work: async () => "waits_for_parent" });
  await handle(job("k"));
  expect(played.pause).not.toHaveBeenCalled();
});

it("a job whose delay Redis refuses loses no attempt: its lock expires, and a worker begins again", async () => {
  const { handle, events } = await open({ work: async () => "waits_for_parent" });
  const refused = async () => Promise.reject(Object.assign(new Error("OOM command"), { name: "ReplyError" }));
  const mine = job("k", { moveToDelayed: refused });
  await handle(mine);
  expect([mine.ends, events()]).toEqual([[], ["jobs_waiting", "redis_failed"]]);
});

// An error code fails, `ok` sends one request, `none` none.
const byKey: WorkerContext["work"] = async ({ key }) => {
  const [code = ""] = key.split(" ");
  if (code === "ok" || code === "none") return { outcome: "updated", requests: code === "ok" ? 1 : 0 };
  throw failed(code as OpleadErrorCode);
};

it("a failure that concerns all users begins a pause, and one user at a time is tried until one succeeds", async () => {
  const { lines, played, context, pass, handle, events } = await open({ work: vi.fn(byKey), concurrency: 3 });
  const [first, fetched] = [job("unauthorized 1"), job("ok 2")];
  const at = Date.now();
  await handle(first);
  expect(first.ends.map(([name]) => name)).toEqual(["data", "delayed"]);
  const until = Number(first.ends[1]?.[1]);
  expect(until).toBeGreaterThanOrEqual(at + 1_000);
  expect(until).toBeLessThanOrEqual(at + 2_000);
  expect(lines).toMatchObject([{ level: "error", event: "worker_paused", code: "unauthorized" }]);
  expect(lines[0]?.text).toContain(
    "It was unauthorized. Every user would meet it: the worker pauses, and tries one user",
  );
  expect([played.pause.mock.calls, played.concurrency]).toEqual([[[true]], 1]);
  await handle(fetched);
  expect(fetched.ends.map(([name]) => name)).toEqual(["delayed"]);
  expect(context.work).toHaveBeenCalledTimes(1);
  played.resume.mockClear();
  await pass(999);
  expect(played.resume).not.toHaveBeenCalled();
  await pass(1);
  expect([played.resume.mock.calls.length, played.concurrency]).toEqual([1, 1]);
  await handle(job("ok 3"));
  expect(played.concurrency).toBe(3);
  expect(events()).toEqual(["worker_paused", "worker_resumed"]);
  expect(context.promote).toHaveBeenCalledTimes(1);
});

it("the log names each cause of a pause once, and again after users were synced", async () => {
  const { pass, handle, lines } = await open({ work: byKey, concurrency: 1 });
  const codes = ["unauthorized", "unauthorized", "none", "forbidden", "ok", "ok", "unauthorized"];
  for (const [at, code] of codes.entries()) {
    await handle(job(`${code} ${at}`));
    await pass(100_000);
  }
  expect(lines.map(({ event, code }) => [event, code])).toEqual([
    ["worker_paused", "unauthorized"],
    ["worker_paused", "forbidden"],
    ["worker_resumed", undefined],
    ["worker_paused", "unauthorized"],
  ]);
});
