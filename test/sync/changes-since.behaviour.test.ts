import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { localTime } from "../../src/locales/grammar.ts";
import { among } from "../../src/sync/findings.ts";
import { RecordError, reconcileUser, type SourceRequest, type SyncOptions } from "../../src/sync/index.ts";
import { failureOf } from "../support/failure.ts";
import { eachTestItsWorld, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const DAY = 24 * 3_600_000;
const START = 1_000 * DAY;

function changing(count: number) {
  const records = new Map<string, { user: UserInput; at: number }>();
  const asked: (number | undefined)[] = [];
  const change = (one: UserInput, at: number) => records.set(String(one.accountNumber), { user: one, at });
  for (let number = 0; number < count; number += 1) change(user(number), START - DAY);
  const source = ({ since }: SourceRequest) => {
    asked.push(since?.getTime());
    return [...records.values()].filter(({ at }) => !since || at >= since.getTime()).map(({ user }) => user);
  };
  return { records, asked, change, source };
}

type More = Partial<SyncOptions<UserInput>>;
const night = (source: SyncOptions<UserInput>["source"], day: number, more: More = {}) =>
  on.sync(source, { incremental: {}, now: () => START + day * DAY, ...more });

it("a first run and one after seven days read everything, others the changes since the last run began", async () => {
  const { source, asked, change } = changing(5);
  expect((await night(source, 0)).counts.created).toBe(5);
  change(user(2, { phone: "+33600000001" }), START + DAY / 2);
  expect((await night(source, 1)).counts).toMatchObject({ updated: 1, unchanged: 0 });
  for (const day of [2, 7, 8]) await night(source, day);
  const hour = 3_600_000;
  expect(asked).toEqual([undefined, START - hour, START + DAY - hour, undefined, START + 7 * DAY - hour]);
});

it("the same changes are asked for again if a user failed or a run was stopped, limited or in test mode", async () => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  change(user(1, { phone: "+33600000001" }), START + DAY / 2);
  on.world.fake.fail({ on: "updateUser", as: { status: 500 }, times: 99 });
  const report = await night(source, 1);
  expect(report.counts.failed).toBe(1);
  expect(report.warnings).toMatchObject([{ code: "read_again" }]);
  await night(source, 2, { limit: 0 });
  await night(source, 2, { drain: AbortSignal.abort() });
  await on.sync(source, { incremental: {}, now: () => START + 2 * DAY }, { testMode: true });
  await night(source, 3);
  expect(asked.slice(1)).toEqual(Array(5).fill(asked[1]));
});

const failing = (thrown: Error): More => ({
  map: (one) => {
    if (one.accountNumber === "ACC-7") throw thrown;
    return { user: one };
  },
});

it.each<[string, Partial<UserInput>[], More]>([
  ["has an account number that it gives twice", [{ phone: "1" }, { phone: "2" }], {}],
  ["fails in map with any error", [{}], failing(new TypeError("the service that map asks is down"))],
  ["fails in map with a RecordError", [{}], failing(new RecordError("no code", { field: "profile.code" }))],
  ["has an unknown profile", [{ profile: { code: "LATER" } }], {}],
  ["is suspicious under checks: error", [{ lastname: " x" }], { checks: "error" }],
])("a changed record that %s is asked for again, and arrives once it is right", async (_what, wrong, more) => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  const broken = (request: SourceRequest) => [...source(request), ...wrong.map((each) => user(7, each))];
  expect((await night(broken, 1, more)).warnings.map(({ code }) => code)).toContain("read_again");
  await night(broken, 2, more);
  change(user(7), START + DAY / 2);
  expect((await night(source, 3)).counts.created).toBe(1);
  await night(source, 4);
  expect([asked[2], asked[3]]).toEqual([asked[1], asked[1]]);
  expect(asked[4]).toBeGreaterThan(asked[3] as number);
});

it("a record that another program wrote during the run is read again by the next run", async () => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  const newest = user(1, { phone: "+33600000002" });
  change(newest, START + DAY / 2);
  const plan = await on.plan(source, { incremental: {}, now: () => START + DAY, guard: false });
  // A webhook sends an older state, also without a version.
  const older = { user: user(1, { phone: "+33600000001" }) };
  await reconcileUser(on.world.connect(), on.ledger, older);
  const report = await plan.apply();
  expect([
    among(report.findings, "stale").map(({ accountNumber }) => accountNumber),
    report.warnings.map(({ code }) => code),
  ]).toEqual([["ACC-1"], ["read_again"]]);
  await night(source, 2);
  expect(on.world.fake.user("ACC-1")).toMatchObject({ phone: newest.phone });
  await night(source, 3);
  expect(asked[2]).toBe(asked[1]);
  expect(asked[3]).toBeGreaterThan(asked[2] as number);
});

it("the whole source is read with fullEveryDays: 0, resend, retryHeld or a shrunk ledger", async () => {
  const { source, asked } = changing(3);
  await night(source, 0);
  for (const more of [{ incremental: { fullEveryDays: 0 } }, { resend: true }, { retryHeld: true }])
    await night(source, 1, more);
  await on.ledger.setInfo({ entries: 4 });
  await on.plan(source, { incremental: {}, now: () => START + 2 * DAY });
  expect(asked).toEqual(Array(5).fill(undefined));
});

it("a plan says since when it asked for changes, or that the caller wanted the whole source", async () => {
  const { source } = changing(3);
  await night(source, 0);
  const options = { incremental: { lookbackMs: 0 }, now: () => START + DAY };
  const plan = await on.plan(source, options);
  expect(plan.changedSince).toBe(new Date(START).toISOString());
  expect(await plan.render("text")).toContain(`reads what changed since ${localTime(START)}`);
  const full = await on.plan(source, { ...options, incremental: { fullEveryDays: 0 } });
  expect(full).toMatchObject({ changedSince: undefined, selection: { full: true } });
});

it("only a source that is a function can give changes", async () => {
  const error = await failureOf(on.plan([user(0)], { incremental: { fullEveryDays: 7 } }));
  expect(error).toMatchObject({ code: "invalid_options", issues: [{ path: "incremental", code: "not_since" }] });
  const wrong = { source: () => [], incremental: { fullEveryDay: 7, lookbackMs: -1 } } as never;
  expect((await failureOf(on.plan([], wrong))).message).toMatch(
    /incremental\.lookbackMs: .*incremental\.fullEveryDay: /s,
  );
});
