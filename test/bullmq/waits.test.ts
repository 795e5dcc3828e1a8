// With a fake clock, BullMQ and inbox; test/slow/bullmq has the real ones.
import { EventEmitter } from "node:events";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Fate } from "../../src/bullmq/inbox.ts";
import { failureOf as storedFailure } from "../../src/bullmq/job.ts";
import { Waits } from "../../src/bullmq/waits.ts";
import { type LogFields, OpleadError } from "../../src/index.ts";
import { gate } from "../support/gate.ts";

interface PlayedJob {
  readonly deduplicationId: string;
  readonly finishedOn?: number;
  readonly data: object;
  isFailed(): Promise<boolean>;
}
const begun: PlayedJob = { deduplicationId: "key-1", data: {}, isFailed: async () => false };
const failedWith = (data: object): PlayedJob => ({ ...begun, finishedOn: 1, data, isFailed: async () => true });
const mine = { key: "key-1", jobId: "job-1", sequence: "s-1" as string | undefined };
const waiting: Fate = { is: "waiting", job: "" };
const done: Fate = { is: "done", result: null };
const broken = async () => Promise.reject(new OpleadError("queue_unavailable", "The queue's Redis failed."));

async function open() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  await pass(100_000);
  const backend = { close: vi.fn(async () => {}) };
  const events = Object.assign(new EventEmitter(), {
    waitUntilReady: vi.fn(async () => {}),
    close: vi.fn(broken),
    getBackend: () => backend,
  });
  const queue = {
    getJob: vi.fn(async (): Promise<PlayedJob | undefined> => begun),
    getJobState: vi.fn(async () => "active"),
    getJobCounts: vi.fn(async () => ({ active: 1 })),
    remove: vi.fn(async () => 1),
  };
  const inbox = { fate: vi.fn(async (_key: string): Promise<Fate> => waiting), takeBack: vi.fn(async () => false) };
  const said: (LogFields & { text: string })[] = [];
  const openEvents = vi.fn(() => events);
  const waits = new Waits({
    ...{ openEvents, queue, inbox },
    redis: { use: (task: () => unknown) => task() },
    logger: { warn: (text: string, fields: LogFields) => void said.push({ text, ...fields }) },
  } as never);
  // Once it has ended, `is` holds its result or error.
  const wait = (more: Partial<typeof mine> = {}, ends: Parameters<Waits["ended"]>[1] = {}) => {
    const end: { is?: unknown } = {};
    waits.ended({ ...mine, ...more }, ends).then(
      (result) => {
        end.is = result;
      },
      (error) => {
        end.is = error;
      },
    );
    return end;
  };
  return { waits, events, backend, openEvents, queue, inbox, said, wait, pass };
}

it("an event of the user's job ends the wait, and an event of a different job does not", async () => {
  const { waits, events, openEvents, queue, inbox, wait, pass } = await open();
  await waits.ready();
  await waits.ready();
  expect(openEvents).toHaveBeenCalledTimes(1);
  expect(events.waitUntilReady).toHaveBeenCalledTimes(2);
  const [first, second] = [wait(), wait({ key: "key-2" })];
  await pass(0);
  inbox.fate.mockClear().mockResolvedValue(done);
  events.emit("completed", { returnvalue: { key: "key-3" } });
  events.emit("completed", { returnvalue: null });
  await pass(0);
  expect(inbox.fate).not.toHaveBeenCalled();
  events.emit("completed", { returnvalue: { key: "key-1" } });
  await pass(0);
  expect(inbox.fate.mock.calls).toEqual([["key-1", "s-1"]]);
  expect([first.is, second.is]).toEqual([done, undefined]);
  queue.getJob.mockResolvedValue({ ...failedWith({}), deduplicationId: "key-2" });
  events.emit("failed", { jobId: "9" });
  await pass(0);
  expect(queue.getJob).toHaveBeenLastCalledWith("9");
  expect(second.is).toMatchObject({ code: "queue_unavailable", message: "The job 9 failed." });
  events.emit("error", new Error("no connection"));
});

it("all waits share one timer that looks every five seconds for ended jobs, and stops with the last wait", async () => {
  const { inbox, wait, pass } = await open();
  const [first, second] = [wait(), wait({ key: "key-2" })];
  await pass(4_999);
  expect(inbox.fate).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(1);
  await pass(1);
  expect(inbox.fate).toHaveBeenCalledTimes(4);
  inbox.fate.mockResolvedValueOnce(done);
  await pass(5_000);
  expect([first.is, second.is]).toEqual([done, undefined]);
  expect(vi.getTimerCount()).toBe(1);
  inbox.fate.mockResolvedValueOnce(done);
  await pass(5_000);
  expect(second.is).toEqual(done);
  expect(vi.getTimerCount()).toBe(0);
  await pass(20_000);
  expect(inbox.fate).toHaveBeenCalledTimes(7);
});

it("if a job cannot be looked up, the wait does not end, whether a timer or an event caused the look-up", async () => {
  const { waits, queue, inbox, events, wait, pass } = await open();
  await waits.ready();
  inbox.fate.mockImplementation(broken);
  queue.getJobCounts.mockImplementation(broken);
  const end = wait();
  await pass(0);
  events.emit("completed", { returnvalue: { key: "key-1" } });
  await pass(24_999);
  expect(end.is).toBeUndefined();
  inbox.fate.mockResolvedValue(done);
  await pass(1);
  expect(end.is).toEqual(done);
});

it.each<[Fate, unknown]>([
  [
    { is: "done", result: { requests: 2 } as never },
    { is: "done", result: { requests: 2 } },
  ],
  [{ is: "superseded" }, "superseded"],
  [{ is: "lost" }, expect.objectContaining({ code: "state_lost" })],
])("the wait ends with the stored result of the user's state (%j)", async (fate, result) => {
  const { inbox, wait, pass } = await open();
  inbox.fate.mockResolvedValue(fate);
  const end = wait();
  await pass(0);
  expect(end.is).toEqual(result);
  expect(inbox.fate.mock.calls).toEqual([["key-1", "s-1"]]);
});

it.each([
  [
    "the error of its last attempt",
    { failure: storedFailure(new OpleadError("refused", "Too long.", { status: 422 })) },
    { code: "refused", status: 422, message: "Too long." },
  ],
  [
    "a failure of the queue if it has none",
    {},
    { code: "queue_unavailable", retryable: true, message: "The job job-1 failed." },
  ],
])("a failed job ends the wait with %s", async (_what, data, wanted) => {
  const { queue, inbox, wait, pass } = await open();
  inbox.fate.mockResolvedValue({ is: "waiting", job: "job-1" });
  queue.getJob.mockResolvedValue(failedWith(data));
  const end = wait({ jobId: "another" });
  await pass(0);
  expect(end.is).toMatchObject(wanted);
  expect(queue.getJob.mock.calls).toEqual([["job-1"]]);
});

it.each(["signal", "drain"])(
  "an abort of the option %s ends the wait, and removes a user that no worker has taken",
  async (name) => {
    const { inbox, queue, wait, pass } = await open();
    const ending = new AbortController();
    const end = wait({}, { [name]: ending.signal });
    await pass(1_000);
    expect([end.is, inbox.takeBack.mock.calls]).toEqual([undefined, []]);
    inbox.takeBack.mockResolvedValue(true);
    queue.remove.mockImplementation(broken);
    ending.abort();
    await pass(0);
    expect(end.is).toMatchObject({ code: "aborted", message: "The run was ended, and the user was taken back." });
    expect(inbox.takeBack.mock.calls).toEqual([["key-1", "s-1"]]);
    expect(queue.remove.mock.calls).toEqual([["job-1"]]);
    expect(vi.getTimerCount()).toBe(0);
  },
);

it.each([
  ["signal", 0],
  ["drain", 15_000],
] as const)(
  "an abort of the option %s while a worker has the user ends the wait %i ms later as handed_over",
  async (name, ms) => {
    const { inbox, queue, wait, pass } = await open();
    const ending = new AbortController();
    const end = wait({}, { [name]: ending.signal });
    await pass(1_000);
    inbox.fate.mockClear();
    ending.abort();
    if (ms > 0) {
      await pass(ms - 1);
      expect(end.is).toBeUndefined();
    }
    await pass(1);
    expect(end.is).toBe("handed_over");
    expect(inbox.takeBack).toHaveBeenCalledTimes(1);
    expect(queue.getJobState.mock.calls).toEqual([["job-1"]]);
    expect(queue.remove).not.toHaveBeenCalled();
    if (ms === 0) expect(inbox.fate).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  },
);

it("a wait whose option drain is aborted still gets the result of a user who is finished soon", async () => {
  const { waits, inbox, events, wait, pass } = await open();
  await waits.ready();
  const ending = new AbortController();
  const end = wait({}, { drain: ending.signal });
  ending.abort();
  await pass(10_000);
  inbox.fate.mockResolvedValue(done);
  events.emit("completed", { returnvalue: { key: "key-1" } });
  await pass(0);
  expect(end.is).toEqual(done);
  expect(vi.getTimerCount()).toBe(0);
});

it("a user whose job has just ended gets its result, and one whose job waits is left to the queue", async () => {
  const { queue, inbox, wait, pass } = await open();
  queue.getJobState.mockResolvedValue("completed");
  const ending = new AbortController();
  const first = wait({}, { drain: ending.signal });
  await pass(0);
  inbox.fate.mockResolvedValue(done);
  ending.abort();
  await pass(0);
  expect(first.is).toEqual(done);
  queue.getJobState.mockResolvedValue("delayed");
  inbox.fate.mockResolvedValue(waiting);
  const second = wait({}, { drain: ending.signal });
  await pass(1);
  expect(second.is).toBe("handed_over");
});

it("a wait ends as superseded if the queue has a newer state of the user, who stays in the queue", async () => {
  const { inbox, wait, pass } = await open();
  const end = wait({ sequence: undefined }, { signal: AbortSignal.abort() });
  await pass(0);
  expect(end.is).toBe("superseded");
  expect(inbox.takeBack).not.toHaveBeenCalled();
});

it("if Redis fails while a user is removed from the queue, the wait ends with that failure", async () => {
  const { inbox, wait, pass } = await open();
  inbox.takeBack.mockImplementation(broken);
  const end = wait({}, { signal: AbortSignal.abort() });
  await pass(0);
  expect(end.is).toMatchObject({ code: "queue_unavailable" });
});

it("a signal that is aborted after the end of a wait causes no request to Redis", async () => {
  const { inbox, wait, pass } = await open();
  const [signal, drain] = [new AbortController(), new AbortController()];
  inbox.fate.mockResolvedValue(done);
  const end = wait({}, { signal: signal.signal, drain: drain.signal });
  await pass(0);
  expect(end.is).toEqual(done);
  signal.abort();
  drain.abort();
  await pass(0);
  expect(inbox.takeBack).not.toHaveBeenCalled();
});

it("the log says once that no job was under way for ten seconds, and again only after one has ended", async () => {
  const { waits, queue, inbox, said, events, wait, pass } = await open();
  await waits.ready();
  queue.getJobCounts.mockResolvedValue({ active: 0 });
  const [first] = [wait({ key: "key-0" }), wait()];
  await pass(6_000);
  wait();
  await pass(3_999);
  expect(said).toEqual([]);
  await pass(1);
  const advice = "Is one running (oplead worker)? If so, its log says why it pauses.";
  const text = `oplead-sdk: queue: 3 users wait in the queue, and no worker takes them. ${advice}`;
  expect(said).toEqual([{ text, event: "no_worker", queue: true, users: 3 }]);
  expect(queue.getJobCounts.mock.calls).toEqual([["active"]]);
  await pass(30_000);
  expect(said).toHaveLength(1);
  inbox.fate.mockResolvedValueOnce(done);
  events.emit("completed", { returnvalue: { key: "key-0" } });
  await pass(0);
  expect(first?.is).toEqual(done);
  await pass(9_999);
  expect(said).toHaveLength(1);
  await pass(5_000);
  expect(said[1]).toMatchObject({ users: 2 });
});

it("the log says that workers are missing if none has a job ten seconds after the first wait began", async () => {
  const { queue, inbox, said, wait, pass } = await open();
  const first = wait();
  await pass(60_000);
  inbox.fate.mockResolvedValue(done);
  await pass(5_000);
  expect(first.is).toEqual(done);
  inbox.fate.mockResolvedValue(waiting);
  queue.getJobCounts.mockResolvedValue({} as never);
  await pass(60_000);
  wait();
  await pass(9_999);
  expect(said).toEqual([]);
  await pass(1);
  expect(said).toHaveLength(1);
  expect(said[0]?.text).toContain("1 user wait");
});

it("the log names no missing workers if the user is removed while the wait looks up the job", async () => {
  const { queue, inbox, said, wait, pass } = await open();
  queue.getJobCounts.mockResolvedValue({ active: 0 });
  inbox.takeBack.mockResolvedValue(true);
  const [ending, answer] = [new AbortController(), gate()];
  const end = wait({}, { signal: ending.signal });
  await pass(9_000);
  inbox.fate.mockImplementation(() => answer.opened.then(() => waiting));
  await pass(1_000);
  ending.abort();
  await pass(0);
  expect(end.is).toMatchObject({ code: "aborted" });
  answer.open();
  await pass(0);
  expect(said).toEqual([]);
});

it("close() ends every wait and timer, and does not wait for a lost connection to Redis", async () => {
  const { waits, events, backend, inbox, wait, pass } = await open();
  await waits.ready();
  const all = [wait(), wait({ key: "key-2" })];
  await pass(0);
  inbox.fate.mockClear();
  const closing = gate();
  backend.close.mockImplementation(() => closing.opened);
  let isClosed = false;
  const closed = waits.close().then(() => (isClosed = true));
  await pass(0);
  const message = "The queue was closed before the job had ended.";
  for (const { is } of all) expect(is).toMatchObject({ code: "aborted", message });
  expect([isClosed, events.close.mock.calls.length, backend.close.mock.calls]).toEqual([false, 1, [[true]]]);
  expect(vi.getTimerCount()).toBe(0);
  closing.open();
  await closed;
  await pass(20_000);
  expect(inbox.fate).not.toHaveBeenCalled();
});

it("if the waits are closed before the first wait, no connection is opened", async () => {
  const { waits, openEvents } = await open();
  await waits.close();
  expect(openEvents).not.toHaveBeenCalled();
});
