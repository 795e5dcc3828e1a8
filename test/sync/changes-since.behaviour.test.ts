import { expect, it, vi } from "vitest";
import type { UserInput } from "../../src/index.ts";
import {
  memoryLedger,
  RecordError,
  reconcileUser,
  type SourceRequest,
  type SyncOptions,
} from "../../src/sync/index.ts";
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
  on.sync([], { source, incremental: {}, now: () => START + day * DAY, ...more });

it("the first run and the run after seven days read everything, and every run in between reads the changes since the start of the previous run", async () => {
  const { source, asked, change } = changing(5);
  expect((await night(source, 0)).counts.created).toBe(5);
  change(user(2, { phone: "+33600000001" }), START + DAY / 2);
  expect((await night(source, 1)).counts).toMatchObject({ updated: 1, unchanged: 0 });
  for (const day of [2, 7, 8]) await night(source, day);
  const hour = 3_600_000;
  expect(asked).toEqual([undefined, START - hour, START + DAY - hour, undefined, START + 7 * DAY - hour]);
});

it("a run that reads only changes reports no user as missing; a run that reads everything reports missing users, and says that it read everything", async () => {
  const { source, records } = changing(5);
  const onMissing = vi.fn();
  await night(source, 0);
  records.delete("ACC-4");
  expect((await night(source, 1, { onMissing })).missing).toEqual([]);
  const report = await night(source, 7, { onMissing });
  expect(report.missing.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-4"]);
  expect(onMissing).toHaveBeenCalledOnce();
});

it("the source is asked for the same changes again if a user failed (the report then has a warning), and if a run was stopped, limited or in test mode", async () => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  change(user(1, { phone: "+33600000001" }), START + DAY / 2);
  on.world.fake.fail({ on: "updateUser", as: { status: 500 }, times: 99 });
  const report = await night(source, 1);
  expect(report.counts.failed).toBe(1);
  expect(report.warnings).toMatchObject([{ code: "read_again" }]);
  await night(source, 2, { limit: 0 });
  await night(source, 2, { drain: AbortSignal.abort() });
  await on.sync([], { source, incremental: {}, now: () => START + 2 * DAY }, { testMode: true });
  await night(source, 3);
  expect(asked.slice(1)).toEqual(Array(5).fill(asked[1]));
});

it("a reading of changes asks again for an account number that it found twice with different content", async () => {
  const wrong = [user(1, { phone: "1" }), user(1, { phone: "2" })];
  const { source, asked } = changing(5);
  await night(source, 0);
  const broken = (request: SourceRequest) => [...source(request), ...wrong];
  expect((await night(broken, 1)).warnings).toMatchObject([{ code: "read_again" }]);
  await night(source, 2);
  expect(asked[2]).toBe(asked[1]);
});

it.each([
  ["an error of its own", () => new TypeError("the service that map asks is down")],
  ["a RecordError", () => new RecordError("no code for this role", { field: "profile.code" })],
])("records for which map threw %s are asked for again, and arrive once it throws no more", async (_what, thrown) => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  change(user(1, { phone: "+33600000001" }), START + DAY / 2);
  const map = (one: UserInput) => {
    if (one.phone === "+33600000001") throw thrown();
    return { user: one };
  };
  expect((await night(source, 1, { map })).warnings).toMatchObject([{ code: "read_again" }]);
  expect((await night(source, 2, { map })).counts.invalid).toBe(1);
  expect((await night(source, 3)).counts.updated).toBe(1);
  await night(source, 4);
  expect(asked[3]).toBe(asked[1]);
  expect(asked[4]).toBeGreaterThan(asked[3] as number);
});

it("a new user that may be a known user is asked for again, and arrives in the night after a person said that it is a different user", async () => {
  on.ledger = memoryLedger({ ledgerKey: "a secret of the tests, long enough" });
  const { source, change } = changing(5);
  await night(source, 0);
  change(user(7, { email: String(user(1).email) }), START + DAY / 2);
  const report = await night(source, 1);
  expect([report.counts.twin, report.warnings.map(({ code }) => code)]).toEqual([1, ["read_again"]]);
  await night(source, 2);
  expect((await night(source, 3, { newUsers: ["ACC-7"] })).counts.created).toBe(1);
});

it.each([
  ["an unknown profile", { profile: { code: "LATER" } }, {}],
  ["suspicious data under checks: error", { lastname: " x" }, { checks: "error" as const }],
])("a new user that is invalid because of %s is asked for again", async (_what, wrong, more) => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  change(user(7, wrong), START + DAY / 2);
  expect((await night(source, 1, more)).counts.invalid).toBe(1);
  await night(source, 2, more);
  expect(asked[2]).toBe(asked[1]);
});

it("a record that another program wrote during the run is read again by the next run", async () => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  const newest = user(1, { phone: "+33600000002" });
  change(newest, START + DAY / 2);
  const plan = await on.plan([], { source, incremental: {}, now: () => START + DAY, guard: false });
  // A webhook sends an older state, also without a version.
  const older = { user: user(1, { phone: "+33600000001" }) };
  await reconcileUser(on.world.connect(), on.ledger, older);
  const report = await plan.apply();
  expect([report.stale, report.warnings.map(({ code }) => code)]).toEqual([["ACC-1"], ["read_again"]]);
  await night(source, 2);
  expect(on.world.fake.user("ACC-1")).toMatchObject({ phone: newest.phone });
  await night(source, 3);
  expect(asked[2]).toBe(asked[1]);
  expect(asked[3]).toBeGreaterThan(asked[2] as number);
});

it("a user that Oplead refused does not make the next run read changes from an earlier time, because the source gives the user again once its record changes", async () => {
  const { source, change, asked } = changing(5);
  await night(source, 0);
  change(user(1, { phone: "+33600000001" }), START + DAY / 2);
  on.world.fake.fail({ on: "updateUser", as: { status: 422, body: { field: "phone" } }, times: 1 });
  expect((await night(source, 1)).failed).toMatchObject([{ held: true }]);
  await night(source, 2);
  expect(asked[2]).toBeGreaterThan(asked[1] as number);
});

it("the whole source is read in each of four cases: fullEveryDays: 0, resend: true, heldRetryAfterMs: 0, or a ledger that has lost entries", async () => {
  const { source, asked } = changing(3);
  await night(source, 0);
  for (const more of [{ incremental: { fullEveryDays: 0 } }, { resend: true }, { heldRetryAfterMs: 0 }])
    await night(source, 1, more);
  await on.ledger.setInfo({ entries: 4 });
  await on.plan([], { source, incremental: {}, now: () => START + 2 * DAY });
  expect(asked).toEqual(Array(5).fill(undefined));
});

it("a plan says since when it asked for changes, or that it was made from the whole source because the caller wanted that", async () => {
  const { source } = changing(3);
  await night(source, 0);
  const options = { source, incremental: { lookbackMs: 0 }, now: () => START + DAY };
  const plan = await on.plan([], options);
  expect(plan.changedSince).toBe(new Date(START).toISOString());
  expect(await plan.toText()).toContain(`reads what changed since ${plan.changedSince}`);
  const full = await on.plan([], { ...options, incremental: { fullEveryDays: 0 } });
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
