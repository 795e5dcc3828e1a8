// The test gives the time and BullMQ's answers; test/slow/bullmq has the real ones.
import { createServer, type Socket } from "node:net";
import { Job, UnrecoverableError, Worker } from "bullmq";
import { expect, it, onTestFinished, vi } from "vitest";
import type { JobOutcome, Refusal } from "../../src/bullmq/job-work.ts";
import { QueueWorker, type WorkerContext } from "../../src/bullmq/worker.ts";
import { OpleadError, type OpleadErrorCode } from "../../src/index.ts";
import { gate } from "../support/gate.ts";
import { listen } from "../support/servers.ts";

const LOCK_MS = 30_000;
const failed = (code: OpleadErrorCode, more: object = {}) => new OpleadError(code, `It was ${code}.`, more);
const never = () => new Promise<never>(() => {});

interface OpenOptions extends Partial<WorkerContext> {
  // Default: the next one of `jobs`.
  readonly next?: (nth: number) => Promise<unknown>;
}

async function open({ next, ...more }: OpenOptions = {}) {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket.on("error", () => {})));
  const port = await listen(silent);
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"],
    now: 1_800_000_000_000,
  });
  await vi.advanceTimersByTimeAsync(5_000);
  const beganAt = performance.now();
  const seen = { asked: [] as number[], lines: [] as Record<string, unknown>[], jobs: [] as ReturnType<typeof job>[] };
  const of: { worker?: Worker; connection?: { retryStrategy(times: number): number | null } } = {};
  const spies = [
    vi.spyOn(Worker.prototype, "startStalledCheckTimer").mockResolvedValue(undefined as never),
    vi.spyOn(Worker.prototype, "getNextJob").mockImplementation(async function (this: Worker, _token, options) {
      expect(options).toEqual({ block: false });
      of.worker = this;
      seen.asked.push(performance.now() - beganAt);
      return (next ? await next(seen.asked.length) : seen.jobs.shift()) as never;
    }),
  ];
  const renewed = vi.spyOn(Worker.prototype, "extendJobLocks").mockResolvedValue([]);
  const note = (level: string) => (text: string, fields?: object) => void seen.lines.push({ level, text, ...fields });
  const context = {
    ...{ name: "users", prefix: "bull", backoffMs: 1_000, concurrency: 2, lockMs: LOCK_MS },
    logger: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    connection: (options: object) => {
      of.connection = options as never;
      return { port, host: "127.0.0.1", ...options } as never;
    },
    work: vi.fn<WorkerContext["work"]>(async () => ({ outcome: "updated", requests: 1 })),
    check: vi.fn(async () => {}),
    promote: vi.fn(async () => {}),
    recover: vi.fn(async () => {}),
    ...more,
  };
  const worker = new QueueWorker(context);
  onTestFinished(async () => {
    const closed = worker.close();
    await vi.advanceTimersByTimeAsync(2 * LOCK_MS);
    await closed;
    vi.useRealTimers();
    for (const spy of [...spies, renewed]) spy.mockRestore();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  await pass(0);
  return { ...seen, worker, context, renewed, of, pass, events: () => seen.lines.map(({ event }) => event) };
}

function job(id: string, more: object = {}) {
  const ends: [string, ...unknown[]][] = [];
  const end =
    (name: string) =>
    async (...args: unknown[]) =>
      void ends.push([name, ...args]);
  return {
    ...{ id, ends, data: { platform: "p" }, opts: {}, stalledCounter: 0, attemptsStarted: 1, attemptsMade: 0 },
    moveToDelayed: end("delayed"),
    moveToWait: end("wait"),
    moveToFailed: end("failed"),
    moveToCompleted: end("completed"),
    updateData: end("data"),
    ...more,
  };
}

it("a worker with an empty queue doubles its waits up to a quarter of a second, anew after each job", async () => {
  const { asked, jobs, pass } = await open();
  await pass(779);
  expect(asked).toEqual([0, 40, 120, 280, 530]);
  jobs.push(job("1"));
  await pass(1);
  expect(asked.slice(5)).toEqual([780, 780]);
  await pass(40);
  expect(asked.slice(7)).toEqual([820]);
});

it("a worker looks for users without a job at its start and every minute, and survives a failed search", async () => {
  const recover = vi.fn(async () => Promise.reject(new Error("no Redis")));
  const { asked, lines, pass } = await open({ recover });
  expect(recover.mock.calls).toEqual([[60_000]]);
  await pass(59_999);
  expect(recover).toHaveBeenCalledTimes(1);
  await pass(300);
  expect(recover).toHaveBeenCalledTimes(2);
  expect(asked.length).toBeGreaterThan(200);
  expect(lines).toEqual([]);
});

it("a worker takes as many jobs as its option concurrency allows, and the next when one has ended", async () => {
  const gates = [gate(), gate(), gate()];
  let begun = 0;
  const { asked, jobs, pass } = await open({
    concurrency: 2,
    work: async () => {
      await gates[begun++]?.opened;
      return { outcome: "updated", requests: 1 };
    },
  });
  const all = [job("1"), job("2"), job("3")];
  jobs.push(...all);
  await pass(1_000);
  expect([begun, jobs.length]).toEqual([2, 1]);
  const before = asked.length;
  gates[0]?.open();
  await pass(0);
  expect([begun, jobs.length, asked.length]).toEqual([3, 0, before + 1]);
  expect(all.map(({ ends }) => ends)).toEqual([[["completed", "updated", expect.any(String), true]], [], []]);
  for (const each of gates) each.open();
});

it("a next job that BullMQ's answer to an ended one gives is worked on, and its lock is renewed", async () => {
  const next = [{ name: "user", data: JSON.stringify({ platform: "p" }), opts: {} }, "2"];
  const end = gate();
  const work = vi.fn(async ({ key }: { readonly key: string }) => {
    if (key === "2") await end.opened;
    return { outcome: "updated", requests: 1 } as JobOutcome;
  });
  const { asked, jobs, renewed, pass } = await open({ concurrency: 1, work });
  const tokens: unknown[] = [];
  const first = job("1", {
    moveToCompleted: async (_outcome: unknown, token: string) => {
      tokens.push(token);
      return next;
    },
  });
  jobs.push(first);
  await pass(100);
  const before = asked.length;
  await pass(LOCK_MS / 3);
  expect(work.mock.calls.map(([{ key }]) => key)).toEqual(["1", "2"]);
  expect(asked).toHaveLength(before);
  expect(renewed.mock.lastCall?.slice(0, 2)).toEqual([["2"], tokens]);
  end.open();
});

it("the oldest finished jobs are removed at the end of one job in about fifty, so that a thousand stay", async () => {
  const random = vi.spyOn(Math, "random");
  onTestFinished(() => random.mockRestore());
  const { jobs, pass } = await open({ concurrency: 1 });
  const all = [job("1"), job("2")];
  for (const [at, chance] of [1 / 50, 0.0199].entries()) {
    random.mockReturnValue(chance);
    jobs.push(all[at] as ReturnType<typeof job>);
    await pass(300);
  }
  expect(all.map(({ opts }) => opts)).toEqual([{}, { removeOnComplete: { count: 1_000 } }]);
});

it("a worker that is closed while a job ends gives back the next job of BullMQ's answer", async () => {
  const [ended, closed] = [gate(), vi.fn(async () => 0)];
  const back = vi.spyOn(Job.prototype, "moveToWait").mockImplementation(closed as never);
  onTestFinished(() => back.mockRestore());
  const next = [{ name: "user", data: JSON.stringify({ platform: "p" }), opts: {} }, "2"];
  const { worker, jobs, context, pass } = await open({ concurrency: 1 });
  jobs.push(
    job("1", {
      moveToCompleted: async () => {
        await ended.opened;
        return next;
      },
    }),
  );
  await pass(100);
  worker.close();
  ended.open();
  await pass(0);
  expect(closed).toHaveBeenCalledTimes(1);
  expect(context.work).toHaveBeenCalledTimes(1);
});

it("the function that works on a job is told whether a killed worker had the job before", async () => {
  const { jobs, context, pass } = await open();
  jobs.push(job("1", { stalledCounter: 1 }), job("2"));
  await pass(1_000);
  expect(vi.mocked(context.work).mock.calls.map(([{ key }, , wasKilled]) => [key, wasKilled])).toEqual([
    ["1", true],
    ["2", false],
  ]);
});

it("a worker is healthy until Redis has given no answer for lockMs", async () => {
  const { worker, pass } = await open({ next: never });
  await pass(LOCK_MS);
  expect(worker.isHealthy()).toBe(true);
  await pass(1);
  expect(worker.isHealthy()).toBe(false);
});

it("a worker is not healthy if it gets no answer when it asks whether it may use its Redis", async () => {
  const { worker, pass } = await open({ check: never });
  await pass(LOCK_MS + 1);
  expect(worker.isHealthy()).toBe(false);
});

it("locks under way are renewed every third of lockMs, and keep a worker that is full healthy", async () => {
  const { worker, jobs, renewed, pass } = await open({ lockMs: LOCK_MS + 0.5, concurrency: 2, work: never });
  jobs.push(job("1"), job("2"));
  await pass(LOCK_MS / 3 + 1);
  const [[ids, tokens, ms] = []] = renewed.mock.calls;
  expect([ids, new Set(tokens).size, ms]).toEqual([["1", "2"], 2, LOCK_MS + 1]);
  await pass(LOCK_MS * 5);
  expect(renewed.mock.calls.length).toBeGreaterThanOrEqual(15);
  expect(worker.isHealthy()).toBe(true);
});

it("a worker that gets no answer when it asks for a job is not healthy, even if its locks are renewed", async () => {
  const { worker, renewed, pass } = await open({ next: never });
  await pass(LOCK_MS + 1);
  expect(renewed).toHaveBeenCalled();
  expect(worker.isHealthy()).toBe(false);
});

it("a connection that answers no renewal of a lock is opened anew after a third of lockMs, and logged", async () => {
  const disconnect = vi.fn();
  const backend = vi
    .spyOn(Worker.prototype, "getBackend")
    .mockReturnValue({ client: Promise.resolve({ status: "ready", disconnect }) } as never);
  onTestFinished(() => backend.mockRestore());
  const { lines, renewed, pass } = await open();
  renewed.mockImplementationOnce(never);
  await pass((2 * LOCK_MS) / 3 - 1);
  expect(disconnect).not.toHaveBeenCalled();
  await pass(1);
  expect(disconnect.mock.calls).toEqual([[true]]);
  expect(lines).toMatchObject([{ level: "warn", event: "redis_failed", code: "unknown" }]);
  expect(lines[0]?.text).toContain("the worker's Redis failed (no code); it tries again");
});

it("the log says once that Redis failed, and once that it answers ten seconds or more after a failure", async () => {
  const answers = [gate(), gate()];
  const { asked, lines, pass, events } = await open({
    next: async (nth) => {
      if (nth <= 2) throw Object.assign(new Error("broken"), { code: "ECONNRESET" });
      await answers[nth - 3]?.opened;
    },
  });
  await pass(2_000);
  expect(asked).toEqual([0, 1_000, 2_000]);
  expect(lines).toMatchObject([{ level: "warn", event: "redis_failed", code: "ECONNRESET" }]);
  expect(lines[0]?.text).toContain("the worker's Redis failed (ECONNRESET); it tries again");
  await pass(8_999);
  answers[0]?.open();
  await pass(0);
  expect(events()).toEqual(["redis_failed"]);
  await pass(40);
  answers[1]?.open();
  await pass(0);
  expect(events()).toEqual(["redis_failed", "redis_answers"]);
  await pass(20_000);
  expect(events()).toHaveLength(2);
});

it("if Redis fails and answers again exactly ten seconds later, the log says that Redis answers again", async () => {
  const answer = gate();
  const { pass, events } = await open({
    next: async (nth) => {
      if (nth === 1) throw new Error("broken");
      await answer.opened;
    },
  });
  await pass(10_000);
  answer.open();
  await pass(0);
  expect(events()).toEqual(["redis_failed", "redis_answers"]);
});

it("the log calls a job that another worker got no failure of Redis, but a refused result it does", async () => {
  const { lines, jobs, pass } = await open();
  const lost = async () => Promise.reject(Object.assign(new Error("Missing lock"), { code: -2 }));
  const broken = async () =>
    Promise.reject(Object.assign(new Error("OOM command not allowed"), { name: "ReplyError" }));
  jobs.push(job("1", { moveToCompleted: lost }));
  await pass(1_000);
  expect(lines).toEqual([]);
  jobs.push(job("2", { moveToCompleted: broken }));
  await pass(1_000);
  expect(lines).toMatchObject([{ event: "redis_failed", code: "OOM" }]);
});

it.each([
  [false, "error"],
  [true, "warn"],
])(
  "a worker that must not use its Redis (retryable: %s) logs why at level %s, and asks for no job",
  async (retryable, level) => {
    const { asked, lines, pass } = await open({
      check: async () => Promise.reject(failed("queue_unavailable", { retryable })),
    });
    await pass(5_000);
    expect(asked).toEqual([]);
    expect(lines).toMatchObject([{ level, event: "redis_failed", code: "queue_unavailable" }]);
    expect(lines[0]?.text).toBe("oplead-sdk: queue: It was queue_unavailable.");
  },
);

it("the log reports a failed connection and a job of a killed worker if BullMQ emits an event about them", async () => {
  const { lines, of, events } = await open();
  of.worker?.emit("error", Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
  of.worker?.emit("stalled", "7", "active");
  expect(events()).toEqual(["redis_failed", "job_stalled"]);
  expect(lines[1]).toMatchObject({ level: "warn", job: "7" });
});

it("a worker gives BullMQ whole milliseconds, doubles waits before attempts, and reconnects until closed", async () => {
  const { worker, of, pass } = await open({ lockMs: 10_000.5, backoffMs: 1_000 });
  expect(of.worker?.opts).toMatchObject({ lockDuration: 10_001, stalledInterval: 3_334, maxStalledCount: 1_000 });
  const waitOf = of.worker?.opts.settings?.backoffStrategy as (attempt: number) => number;
  const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
  onTestFinished(() => random.mockRestore());
  expect([1, 2, 3, 9, 10, 30].map(waitOf)).toEqual([750, 1_500, 3_000, 192_000, 225_000, 225_000]);
  const retry = [1, 2, 3, 4, 5, 60].map((times) => of.connection?.retryStrategy(times));
  expect(retry).toEqual([200, 400, 800, 1_600, 2_000, 2_000]);
  const closed = worker.close();
  await pass(1_000);
  await closed;
  expect(of.connection?.retryStrategy(1)).toBeNull();
});

it("a worker that is closed waits for users under way, renews their locks, and takes no further user", async () => {
  const end = gate();
  const { worker, jobs, asked, renewed, context, pass } = await open({
    work: vi.fn(async () => {
      await end.opened;
      return { outcome: "updated", requests: 1 } as JobOutcome;
    }),
  });
  const mine = job("1");
  jobs.push(mine);
  await pass(300);
  let isClosed = false;
  const closed = worker.close().then(() => (isClosed = true));
  expect(worker.close()).toBe(worker.close());
  await pass(LOCK_MS - 1_000);
  const before = asked.length;
  expect([isClosed, renewed.mock.calls.length]).toEqual([false, 2]);
  end.open();
  await pass(500);
  await closed;
  expect(mine.ends).toEqual([["completed", "updated", expect.any(String), false]]);
  expect(vi.mocked(context.work).mock.calls[0]?.[1]).toMatchObject({ aborted: true });
  await pass(5 * LOCK_MS);
  expect([asked.length, renewed.mock.calls.length]).toEqual([before, 2]);
});

it("a worker that is closed aborts its requests after lockMs, and gives its jobs to others at once", async () => {
  const reasons: unknown[] = [];
  const { worker, jobs, lines, pass } = await open({
    work: async (_job, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      }),
  });
  const mine = job("1");
  jobs.push(mine);
  await pass(300);
  const closed = worker.close();
  await pass(LOCK_MS - 1);
  expect(reasons).toEqual([]);
  await pass(1);
  expect(reasons).toEqual([new Error("the worker was closed")]);
  const abortedAt = Date.now();
  await pass(500);
  await closed;
  expect(mine.ends).toEqual([["delayed", abortedAt, expect.any(String)]]);
  expect(lines).toEqual([]);
});

it("a worker that is closed waits only for a limited time for work that does not end", async () => {
  const { worker, jobs, pass } = await open({ work: never });
  jobs.push(job("1"));
  await pass(300);
  let isClosed = false;
  const closed = worker.close().then(() => (isClosed = true));
  await pass(LOCK_MS + 2_499);
  expect(isClosed).toBe(false);
  await pass(501);
  await closed;
});

it("a worker that is closed does not wait for a Redis that gives no answer", async () => {
  const { worker, lines, pass } = await open({ next: never });
  let isClosed = false;
  const closed = worker.close().then(() => (isClosed = true));
  await pass(499);
  expect(isClosed).toBe(false);
  await pass(501);
  await closed;
  expect(lines).toEqual([]);
});

it("a job that a worker gets while it is being closed is given back unworked", async () => {
  const given = gate();
  const mine = job("1");
  const { worker, context, pass } = await open({ next: async () => given.opened.then(() => mine) });
  const closed = worker.close();
  given.open();
  await pass(1_000);
  await closed;
  expect(mine.ends).toEqual([["wait", expect.any(String)]]);
  expect(context.work).not.toHaveBeenCalled();
});

it.each<[OpleadErrorCode, boolean]>([
  ["server_error", false],
  ["ledger_conflict", false],
  ["invalid_input", true],
  ["state_lost", true],
])(
  "a job that failed with the error %s stores the failure and logs it; the failure is final: %s",
  async (code, isFinal) => {
    const { jobs, lines, asked, pass } = await open({
      work: async (_job, _signal, _wasKilled, about = {}) => {
        about.accountNumber = "ACC-1";
        throw failed(code);
      },
    });
    const mine = job("1");
    jobs.push(mine);
    await pass(1_000);
    const data = { platform: "p", failure: expect.objectContaining({ code, message: `It was ${code}.` }) };
    const [kept, ended] = mine.ends;
    expect(mine.ends).toHaveLength(2);
    expect(kept).toEqual(["data", data]);
    expect(ended).toEqual(["failed", expect.any(Error), expect.any(String), false]);
    expect(ended?.[1]).toHaveProperty("message", `${code}: It was ${code}.`);
    expect(ended?.[1] instanceof UnrecoverableError).toBe(isFinal);
    expect(lines).toMatchObject([{ level: "warn", event: "job_failed", code, job: "1", accountNumber: "ACC-1" }]);
    expect(lines[0]?.text).toBe(`oplead-sdk: queue: job 1: ${code}: It was ${code}.`);
    expect(asked.length).toBeGreaterThan(3);
  },
);

it("a worker without a logger pauses and ends jobs as one with a logger does", async () => {
  const { jobs, pass } = await open({ logger: undefined, work: async () => Promise.reject(failed("server_error")) });
  const all = [job("1"), job("2"), job("3")];
  jobs.push(...all);
  await pass(100_000);
  expect(all.map(({ ends }) => ends.map(([name]) => name))).toEqual([
    ["data", "failed"],
    ["data", "delayed"],
    ["data", "delayed"],
  ]);
});

it("a job whose work throws an error that is not an OpleadError fails without a code", async () => {
  const { jobs, lines, pass } = await open({ work: async () => Promise.reject(new TypeError("slip")) });
  const mine = job("1");
  jobs.push(mine);
  await pass(1_000);
  expect(mine.ends.map(([name]) => name)).toEqual(["data", "failed"]);
  expect(lines[0]?.text).toContain("job 1: failed: an error was thrown that is not an OpleadError");
});

it.each<[Refusal, string]>([
  ["other_platform", "error"],
  ["other_mode", "error"],
  ["unknown_key", "error"],
  ["waits_for_parent", "warn"],
])(
  "a job that must wait (reason: %s) is tried again after growing waits, and logged once, at level %s",
  async (code, level) => {
    const { jobs, lines, pass } = await open({ work: async () => code, concurrency: 1 });
    const all = [1, 2, 120, 121].map((started) =>
      job(String(started), { attemptsStarted: started + 3, attemptsMade: 3 }),
    );
    jobs.push(...all);
    const at = Date.now();
    await pass(1_000);
    const waits = all.map(({ ends }) => [ends[0]?.[0], Math.floor((Number(ends[0]?.[1]) - at) / 500) * 500]);
    expect(waits).toEqual([500, 1_000, 60_000, 60_000].map((ms) => ["delayed", ms]));
    expect(lines).toMatchObject([{ level, event: "jobs_waiting", code }]);
    expect(lines[0]?.text).toMatch(/^oplead-sdk: queue: (jobs|users) .+ They wait for (another worker|those)\.$/);
  },
);

// An error code fails, `ok` sends one request, `none` none.
const byId: WorkerContext["work"] = async ({ key }) => {
  const [code = ""] = key.split(" ");
  if (code === "ok" || code === "none") return { outcome: "updated", requests: code === "ok" ? 1 : 0 };
  throw failed(code as OpleadErrorCode);
};

it("a failure that concerns all users begins a logged pause, after which one user at a time is tried", async () => {
  const { jobs, lines, asked, context, pass, events } = await open({ work: vi.fn(byId), concurrency: 3 });
  const first = job("unauthorized 1");
  await pass(40 - 1);
  jobs.push(first);
  await pass(1);
  const at = Date.now();
  expect(first.ends.map(([name]) => name)).toEqual(["data", "delayed"]);
  const until = Number(first.ends[1]?.[1]);
  expect(until).toBeGreaterThanOrEqual(at + 1_000);
  expect(until).toBeLessThanOrEqual(at + 2_000);
  expect(lines).toMatchObject([{ level: "error", event: "worker_paused", code: "unauthorized" }]);
  expect(lines[0]?.text).toContain(
    "It was unauthorized. Every user would meet it: the worker pauses, and tries one user",
  );
  const before = asked.length;
  await pass(999);
  expect(asked).toHaveLength(before);
  const one = gate();
  vi.mocked(context.work).mockImplementationOnce(async () => {
    await one.opened;
    throw failed("unauthorized");
  });
  jobs.push(job("ok 2"), job("ok 3"));
  await pass(1_500);
  expect([asked.length, jobs.length]).toEqual([before + 1, 1]);
  one.open();
  await pass(1_999);
  expect([asked.length, jobs.length]).toEqual([before + 1, 1]);
  await pass(1);
  expect(events()).toEqual(["worker_paused", "worker_resumed"]);
  expect(context.promote).toHaveBeenCalledTimes(1);
});

it("the log names each cause of a pause once, and again after users were synced", async () => {
  const { jobs, pass, lines } = await open({ work: byId, concurrency: 1 });
  const codes = ["unauthorized", "unauthorized", "none", "forbidden", "ok", "ok", "unauthorized"];
  for (const [at, code] of codes.entries()) {
    jobs.push(job(`${code} ${at}`));
    await pass(100_000);
  }
  expect(lines.map(({ event, code }) => [event, code])).toEqual([
    ["worker_paused", "unauthorized"],
    ["worker_paused", "forbidden"],
    ["worker_resumed", undefined],
    ["worker_paused", "unauthorized"],
  ]);
});

it("a user under way whose work succeeds ends a long pause within five seconds, and delayed jobs begin", async () => {
  const end = gate();
  const { jobs, asked, context, pass, events } = await open({
    backoffMs: 100_000,
    work: async (data, ...rest) => {
      if (data.key.startsWith("ok")) await end.opened;
      return byId(data, ...rest);
    },
    promote: vi.fn(async () => Promise.reject(Object.assign(new Error("broken"), { code: "EPIPE" }))),
  });
  jobs.push(job("ok 1"), job("unauthorized 2"));
  await pass(50);
  const before = asked.length;
  await pass(12_000);
  expect(asked).toHaveLength(before);
  end.open();
  await pass(0);
  expect(context.promote).toHaveBeenCalledTimes(1);
  await pass(5_000);
  expect(asked.length).toBeGreaterThan(before);
  expect(events()).toEqual(["worker_paused", "worker_resumed", "redis_failed"]);
});
