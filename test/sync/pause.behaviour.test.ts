import { expect, it, vi } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { pausedReport } from "../../src/parts.ts";
import { among } from "../../src/sync/findings.ts";
import { type Ledger, pauseRuns, readPause, reconcileUser, type SyncOptions } from "../../src/sync/index.ts";
import { failureOf } from "../support/failure.ts";
import { eachTestItsWorld, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-06-01T02:00:00.000Z");
const later = (ms: number) => new Date(NOW + ms);
const now = () => NOW;
const pause = (ms: number, ledger: Ledger = on.ledger) =>
  pauseRuns(ledger, { until: later(ms), by: "Ana (the export is wrong)", now });
const night = (more: Partial<SyncOptions<UserInput>> = {}) => on.sync(users(5), { now, ...more });

it("a pause without the name of the person who pauses is refused", async () => {
  const error = await failureOf(() => pauseRuns(on.ledger, { until: later(DAY), by: "", now }));
  expect(error).toMatchObject({ code: "invalid_input", issues: [{ path: "options.by", code: "empty" }] });
});

it("a pause keeps a run from reading and sending, and the report says who paused, when, why, how long", async () => {
  await pause(2 * DAY);
  const source = vi.fn(() => users(5));
  const onMissing = vi.fn();
  const report = await night({ source, onMissing, runId: "night-1" });
  expect(report).toMatchObject({
    status: "paused",
    exitCode: 0,
    requests: 0,
    runId: "night-1",
    hash: "",
    findings: [],
  });
  expect(report.stopReason).toMatchObject({
    code: "runs_paused",
    parameters: {
      by: "Ana (the export is wrong)",
      since: "2026-06-01T02:00:00.000Z",
      until: "2026-06-03T02:00:00.000Z",
    },
  });
  expect(await report.render("text")).toMatch(
    /^Sync paused, [\s\S]*Runs are paused until 2026-06-0\d .*, by Ana \(the export is wrong\) since .*\. What/,
  );
  expect(await report.render("text", { language: "fr" })).toMatch(/^Synchronisation en pause/);
  expect(await report.render("html")).toContain("because runs are paused");
  expect(source).not.toHaveBeenCalled();
  expect(onMissing).not.toHaveBeenCalled();
  expect(on.world.fake.requests).toEqual([]);
});

it("a pause keeps a plan, even one that is refused, from sending, moving and writing notes", async () => {
  await night();
  on.world.newRequests();
  const before = await on.ledger.getInfo();
  const onMissing = vi.fn();
  const plan = await on.plan([user(0, { phone: "+33600000000" })], {
    now,
    moves: [["ACC-1", "NEW-1"]],
    onMissing,
    guard: { minUsers: 1 },
  });
  expect(plan.refusals.length).toBeGreaterThan(0);
  await pause(HOUR);
  const report = await plan.apply();
  expect(report).toMatchObject({
    status: "paused",
    exitCode: 0,
    requests: 0,
    hash: plan.hash,
    counts: { skipped: 1 },
  });
  expect(among(report.findings, "skipped", "waiting")).toMatchObject([{ accountNumber: "ACC-0", reason: "paused" }]);
  expect((await report.explain()).filter(({ problem }) => problem === "skipped")).toMatchObject([
    { accountNumber: "ACC-0", reason: "The runs were paused before it was sent." },
  ]);
  expect(onMissing).not.toHaveBeenCalled();
  expect(await on.ledger.getInfo()).toEqual(before);
  expect((await on.ledger.get("ACC-1"))?.movedTo).toBeUndefined();
  expect(on.world.newRequests()).toBe(0);
});

it("a pause can be ended before its time, and a new pause replaces it", async () => {
  expect(await pause(HOUR)).toBeUndefined();
  expect(await pause(2 * HOUR)).toMatchObject({ by: "Ana (the export is wrong)", until: later(HOUR).toISOString() });
  expect(await readPause(on.ledger, now)).toMatchObject({ until: later(2 * HOUR).toISOString() });
  await pauseRuns(on.ledger, false);
  expect(await readPause(on.ledger, now)).toBeUndefined();
  expect(await pauseRuns(on.ledger, false)).toBeUndefined();
  expect((await night()).status).toBe("complete");
});

it("a pause holds back neither a run in test mode nor a webhook nor a worker", async () => {
  await pause(HOUR);
  expect((await on.sync(users(5), { now }, { testMode: true })).status).toBe("complete");
  const tested = await on.plan(users(5), { now }, { testMode: true });
  expect((await tested.apply()).status).not.toBe("paused");
  const { outcome } = await reconcileUser(on.world.connect(), on.ledger, { user: user(0) });
  expect(outcome).toBe("created");
});

it.each([
  ["in the past", later(-1)],
  ["the present moment", later(0)],
  ["further ahead than 30 days", later(30 * DAY + 1)],
  ["an invalid Date", new Date(Number.NaN)],
  ["a text and not a Date", "2026-06-02" as never],
])("pauseRuns refuses a time that is %s", async (_, until) => {
  const failure = await failureOf(pauseRuns(on.ledger, { until, by: "Ana", now }));
  expect(failure.code).toMatch(/^invalid_(?:options|input)$/);
  expect(await readPause(on.ledger, now)).toBeUndefined();
});

it("a pause that is damaged or too long makes runs fail until it is set anew or ended", async () => {
  const stored = async (text: string) => {
    await on.ledger.writeNote("pause", await on.ledger.readNote("pause"), text);
  };
  const whole = { version: 1, by: "Ana", since: later(0).toISOString(), until: later(40 * DAY).toISOString() };
  for (const text of ["", "{", "{}", "null", '{"version":1}', JSON.stringify({ ...whole, until: "tomorrow" })]) {
    await stored(text);
    const failure = await failureOf(night());
    expect(failure).toMatchObject({ code: "ledger_unavailable", message: expect.stringContaining("damaged") });
  }
  await stored(JSON.stringify(whole));
  expect((await failureOf(night())).message).toMatch(/more than 30 days from now: the clock is wrong/);
  expect(on.world.fake.requests).toEqual([]);
  expect(await pause(HOUR)).toBeDefined();
  expect((await night()).status).toBe("paused");
  await stored("{");
  expect(await pauseRuns(on.ledger, false)).toBeUndefined();
  expect((await night()).status).toBe("complete");
});

it("a pause is in force even if this machine's clock is behind that of the machine that set it", async () => {
  await pause(30 * DAY);
  expect((await night({ now: () => NOW - HOUR })).status).toBe("paused");
});

it("a new pause ends each of two runs before its next user; the others arrive once it is over", async () => {
  await night({ source: [user(0)] });
  let pending: Promise<unknown> | undefined;
  const onUser = () => {
    pending ??= pause(HOUR);
  };
  const options = { source: users(9), concurrency: 1, onUser };
  const reports = await Promise.all([
    night({ ...options, only: ["ACC-1", "ACC-2", "ACC-3", "ACC-4"] }),
    night({ ...options, only: ["ACC-5", "ACC-6", "ACC-7", "ACC-8"] }),
  ]);
  await pending;
  const inOplead = on.world.fake.users.length;
  expect(inOplead).toBeLessThan(9);
  let arrived = 1;
  for (const { status, exitCode, counts, findings } of reports) {
    const skipped = among(findings, "skipped");
    expect({ status, exitCode }).toEqual({ status: "paused", exitCode: 0 });
    expect(new Set(skipped.map(({ reason }) => reason))).toEqual(new Set(["paused"]));
    expect(counts.created + skipped.length).toBe(4);
    arrived += counts.created;
  }
  expect(inOplead).toBe(arrived);
  expect((await night({ source: users(9) })).status).toBe("paused");
  const after = await night({ source: users(9), now: () => NOW + HOUR });
  expect(after).toMatchObject({ status: "complete", counts: { created: 9 - arrived } });
  expect(on.world.fake.users.length).toBe(9);
});

it("a pause that cannot be read any more stops the run, which sends no further user", async () => {
  const { readNote } = on.ledger;
  on.ledger = {
    ...on.ledger,
    readNote: async (name) => {
      if (on.world.fake.users.length > 0) throw new Error("the store is gone");
      return readNote(name);
    },
  };
  const report = await night({ concurrency: 1 });
  expect(report).toMatchObject({ status: "stopped", exitCode: 1, stopReason: { code: "ledger_failed" } });
  expect(on.world.fake.users.length).toBeLessThan(5);
});

it("pausedReport gives a program what syncUsers gives while runs are paused", async () => {
  await pause(HOUR);
  const found = await readPause(on.ledger, now);
  const { runId, startedAt, ...given } = JSON.parse(JSON.stringify(pausedReport(found as never, "night-1")));
  const { runId: other, startedAt: at, ...expected } = JSON.parse(JSON.stringify(await night()));
  expect(given).toEqual(expected);
  expect(runId).toBe("night-1");
});
