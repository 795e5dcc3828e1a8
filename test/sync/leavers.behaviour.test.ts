import { beforeEach, expect, it, vi } from "vitest";
import { competences, profileTypes, type UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import { type LeaverOptions, listLeavers, markLeaver, type SyncOptions } from "../../src/sync/index.ts";
import { messagesOf } from "../support/messages.ts";
import { eachTestItsWorld, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
let day: number;
const now = () => Date.UTC(2026, 0, 1 + day, 2);
const map = (one: UserInput) => ({ user: one, rules: { maxDistance: 30 } });
const night = (source: Iterable<UserInput>, more: Partial<SyncOptions<UserInput>> = {}) =>
  on.sync(source, { map, now, guard: false, ...more });
const states = async (more: Partial<SyncOptions<UserInput>> = {}) => {
  const leavers = await listLeavers(on.ledger, { now, graceDays: more.leavers?.graceDays });
  return leavers.map(({ accountNumber, state, days }) => `${accountNumber} ${state} ${days}`);
};
const nameless = { lastname: "Roux" } as UserInput;
const strict = (one: UserInput) => {
  if (one.accountNumber === undefined) throw new RangeError("no number");
  return map(one);
};

beforeEach(async () => {
  day = 0;
  await night(users(5));
  on.world.newRequests();
});

it("a leaver is in grace for seven days, then due, and nothing is sent for it", async () => {
  for (day = 1; day <= 9; day += 1) {
    const report = await night(users(4));
    expect(among(report.findings, "leaver")).toMatchObject([
      { accountNumber: "ACC-4", days: day - 1, state: day < 8 ? "grace" : "due", certain: true },
    ]);
    expect(report).toMatchObject({ status: "complete", exitCode: 0 });
    const line = `1  missing from the source (no user is removed)${day < 8 ? "\n" : ": 1 due"}`;
    expect(await report.render("text")).toContain(line);
  }
  await night(users(2));
  expect(await states()).toEqual(["ACC-4 due 9", "ACC-2 grace 0", "ACC-3 grace 0"]);
  expect(on.world.newRequests()).toBe(0);
  expect(on.world.fake.users).toHaveLength(5);
});

it("a leaver that was ticked off is done until the tick is taken back or the user is back", async () => {
  day = 1;
  await night(users(4));
  day = 20;
  expect(await markLeaver(on.ledger, "ACC-4", { now })).toBe(true);
  expect(await markLeaver(on.ledger, "ACC-1", { now })).toBe(false);
  expect(await markLeaver(on.ledger, "ACC-9", { now })).toBe(false);
  const report = await night(users(4), { leavers: { rules: () => ({ maxDistance: 1 }) } });
  expect(among(report.findings, "leaver")).toMatchObject([{ state: "done" }]);
  expect(await report.render("text")).not.toContain("ACC-4");
  expect(await report.explain()).toEqual([]);
  expect(await states()).toEqual(["ACC-4 done 19"]);
  await markLeaver(on.ledger, "ACC-4", { done: false });
  expect(await states()).toEqual(["ACC-4 due 19"]);
  await markLeaver(on.ledger, "ACC-4");
  await night(users(5));
  await night(users(4));
  expect(await states()).toEqual(["ACC-4 grace 0"]);
  expect(on.world.newRequests()).toBe(0);
});

it("a leaver is 'perhaps' while records lack an account number, and keeps the day it was first missing", async () => {
  const onMissing = vi.fn();
  const run = (more: readonly UserInput[]) => night([...users(4), ...more], { map: strict, onMissing });
  day = 1;
  const first = await run([nameless]);
  expect(among(first.findings, "leaver")).toMatchObject([{ state: "perhaps", certain: false, days: 0 }]);
  expect(messagesOf(first.warnings).join()).toContain("listed as perhaps");
  expect(await states()).toEqual(["ACC-4 perhaps 0"]);
  day = 10;
  expect(among((await run([nameless])).findings, "leaver")).toMatchObject([
    { state: "perhaps", certain: false, days: 9 },
  ]);
  expect(onMissing).not.toHaveBeenCalled();
  day = 11;
  expect(among((await run([])).findings, "leaver")).toMatchObject([{ state: "due", certain: true, days: 10 }]);
  expect(onMissing.mock.calls).toEqual([
    [
      {
        ...{ accountNumber: "ACC-4", id: expect.any(String), missingSince: "2026-01-02T02:00:00.000Z" },
        ...{ certain: true, due: true },
      },
    ],
  ]);
  day = 12;
  expect(among((await run([nameless])).findings, "leaver")).toMatchObject([{ state: "perhaps", days: 11 }]);
  day = 15;
  expect(among((await run([nameless])).findings, "leaver")).toMatchObject([{ state: "due", certain: true, days: 14 }]);
  expect(onMissing).toHaveBeenCalledTimes(1);
});

it("a due leaver gets the rules for leavers once, and the rules of its record when it is back", async () => {
  const rules = vi.fn<NonNullable<LeaverOptions["rules"]>>(() => ({ maxDistance: 1 }));
  const leavers = { graceDays: 2, rules };
  const distance = () => (on.world.fake.rules("ACC-4") as { maxDistance?: unknown } | undefined)?.maxDistance;
  for (day = 1; day <= 2; day += 1) await night(users(4), { leavers });
  expect([rules.mock.calls.length, on.world.newRequests()]).toEqual([0, 0]);
  const own = distance();
  day = 3;
  const plan = await on.plan(users(4), { map, now, leavers });
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-4", kind: "leaver", fields: [], rules: ["maxDistance"] }]);
  expect(plan.counts).toMatchObject({ changed: 1, missing: 1 });
  expect(plan.estimate.requests).toBe(1);
  expect(await plan.render("text")).toContain("\nRules of leavers:\n  ~ ACC-4  radius 30 → 1 km\n");
  expect(String(plan.diff("ACC-4"))).toBe(
    'ACC-4 (leaver)\n  ~ rules.maxDistance: {"maxDistance":30} → {"maxDistance":1}',
  );
  const report = await plan.apply();
  expect(report).toMatchObject({ status: "complete", counts: { updated: 1 } });
  expect(on.world.newRequests()).toBe(1);
  expect(distance()).not.toEqual(own);
  for (day = 4; day <= 9; day += 1) await night(users(4), { leavers });
  expect(on.world.newRequests()).toBe(0);
  expect(await states({ leavers })).toEqual(["ACC-4 due 9"]);
  expect((await night(users(5), { leavers })).counts).toMatchObject({ updated: 1 });
  expect(distance()).toEqual(own);
  expect(on.world.newRequests()).toBe(1);
  expect(await states()).toEqual([]);
});

it("rules of leavers that are empty, wrong or thrown are refused, and nothing is sent", async () => {
  day = 1;
  await night(users(2));
  day = 9;
  const rules: LeaverOptions["rules"] = ({ accountNumber }) => {
    if (accountNumber === "ACC-2") return { competences: competences.none() };
    if (accountNumber === "ACC-3") return { maxDistance: -1 };
    throw new RangeError("zoe@dealers.example");
  };
  const report = await night(users(2), { leavers: { rules } });
  expect(among(report.findings, "invalid")).toMatchObject([
    { record: -1, accountNumber: "ACC-2", issues: [{ path: "rules.competences", code: "leaver_empty_rule" }] },
    { record: -1, accountNumber: "ACC-3", issues: [{ path: expect.stringContaining("maxDistance") }] },
    { record: -1, accountNumber: "ACC-4", issues: [{ code: "leaver_rules_failed" }] },
  ]);
  expect(report.exitCode).toBe(5);
  expect(JSON.stringify(report)).not.toContain("zoe@");
  expect(on.world.newRequests()).toBe(0);
});

it("rules for a leaver that Oplead no longer has create no user, and are held", async () => {
  day = 1;
  await night(users(4));
  on.world.fake.fail({
    on: ({ path }) => path.includes("profile-types"),
    as: { status: 404 },
    times: 9,
  });
  day = 9;
  const leavers = { rules: () => ({ profileTypes: profileTypes("pro") }) };
  const posts = () => on.world.fake.requests.filter(({ method }) => method === "POST").length;
  const before = posts();
  const report = await night(users(4), { leavers });
  expect(among(report.findings, "failed")).toMatchObject([{ accountNumber: "ACC-4", held: true, status: 404 }]);
  expect(among((await night(users(4), { leavers })).findings, "held")).toMatchObject([
    { accountNumber: "ACC-4", step: "profileTypes" },
  ]);
  expect(posts()).toBe(before);
});

it("a warning names a user that is back and keeps the rules it got as a leaver", async () => {
  const leavers = { rules: () => ({ profileTypes: profileTypes("pro") }) };
  for (day of [1, 9]) await night(users(4), { leavers });
  const report = await night(users(5), { leavers });
  expect(report.warnings).toMatchObject([{ code: "leaver_rules_stay", parameters: { count: 1, examples: ["ACC-4"] } }]);
});
