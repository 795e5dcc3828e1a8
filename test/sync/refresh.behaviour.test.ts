import { describe, expect, it } from "vitest";
import type { LedgerEntry, PlannedOutcome, SourceUser, SyncOptions } from "../../src/sync/index.ts";
import { planSync, readSavedPlan } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { eachTestItsWorld, head, heads, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5, 20);

type More = Partial<SyncOptions<unknown>>;

const night = (day: number, more: More = {}): More => ({
  refreshAfterDays: 5,
  now: () => START + day * DAY,
  guard: { maxNew: 100 },
  ...more,
});

// As a person does in Oplead: the ledger does not know.
async function editByHand(number: number): Promise<void> {
  const { id = "" } = on.world.fake.user(`ACC-${number}`) ?? {};
  await on.world.connect().updateUser(String(id), { ...user(number, head), phone: "+33700000000" });
  on.world.newRequests();
}

const phoneOf = (number: number) => on.world.fake.user(`ACC-${number}`)?.phone;

describe("users that were edited in Oplead", () => {
  it("are as the source says after `refreshAfterDays` nights, a share of them each night", async () => {
    const source = heads(20);
    await on.sync(source, night(0));
    for (const number of [0, 7, 19]) await editByHand(number);
    const confirmed: number[] = [];
    for (let day = 1; day <= 5; day += 1) {
      const report = await on.sync(source, night(day));
      expect(report).toMatchObject({ status: "complete", exitCode: 0, refusals: [], counts: { updated: 0 } });
      confirmed.push(report.counts.refreshed);
      expect([on.world.newRequests(), report.requests]).toEqual([report.counts.refreshed, report.counts.refreshed]);
      expect(report.counts.unchanged + report.counts.refreshed).toBe(20);
    }
    expect(confirmed).toEqual([4, 4, 4, 4, 4]);
    for (const number of [0, 7, 19]) expect(phoneOf(number)).toBe(source[number]?.phone);
  });
});

it("a second run of a day confirms nobody after a run that only sent changes", async () => {
  const map = (record: unknown) => record as SourceUser;
  const records = (phone: string) => [{ user: { ...user(1, head), phone }, rules: { maxDistance: 10 } }];
  await on.sync(records("+33100000001"), night(0, { map }));
  const first = await on.sync(records("+33100000002"), night(30, { map }));
  expect(first.counts).toMatchObject({ updated: 1, refreshed: 0 });
  expect((await on.sync(records("+33100000002"), night(30, { map }))).counts).toMatchObject({
    refreshed: 0,
    unchanged: 1,
  });
});

it("a clock that jumps a month forward, and back again, confirms at most one night's share", async () => {
  await on.sync(heads(20), night(0));
  expect((await on.sync(heads(20), night(31))).counts.refreshed).toBe(8);
  const after: number[] = [];
  for (let day = 1; day <= 5; day += 1) after.push((await on.sync(heads(20), night(day))).counts.refreshed);
  for (const count of after) expect(count).toBeLessThanOrEqual(8);
  const ahead = (await entriesOf(on.ledger)).filter(([, { at }]) => at > START + 6 * DAY);
  expect(ahead).toEqual([]);
});

it("rules are confirmed with their user, and a user whose rule changed lately is confirmed all the same", async () => {
  const map = (record: unknown) => record as SourceUser;
  const records = (km: number) => heads(10).map((user): SourceUser => ({ user, rules: { maxDistance: km } }));
  await on.sync(records(10), night(0, { map }));
  for (let day = 1; day <= 5; day += 1) {
    await on.sync(records(10 + day), night(day, { map, guard: false }));
    on.world.newRequests();
  }
  // The user itself was accepted on day 0 only.
  const entries = await entriesOf(on.ledger);
  expect(entries.every(([, { at }]) => at === START + 5 * DAY)).toBe(true);
  const puts = on.world.fake.requests.filter(({ method, path }) => method === "PUT" && !path.includes("/rule/"));
  expect(new Set(puts.map(({ path }) => path)).size).toBe(10);
  const plan = await on.plan(records(15), night(6, { map }));
  expect(plan).toMatchObject({ counts: { refreshed: 4 }, estimate: { requests: 8 } });
  expect(plan.changes).toMatchObject(Array(4).fill({ kind: "refreshed", fields: [], rules: ["maxDistance"] }));
  expect((await plan.apply()).requests).toBe(8);
});

it("users in doubt, held, back or with a damaged past are not confirmed", async () => {
  const source = heads(4);
  await on.sync(source, night(0));
  const entries = new Map(await entriesOf(on.ledger));
  const change = (number: number, more: Partial<LedgerEntry>) =>
    setEntry(on.ledger, `ACC-${number}`, { ...(entries.get(`ACC-${number}`) as LedgerEntry), ...more });
  const at = START + 40 * DAY;
  await change(0, { intent: { at } });
  const hash = entries.get("ACC-1")?.user ?? "";
  await change(1, { held: { user: { step: "user", hash, code: "refused", status: 422, at } } });
  await change(2, { missingSince: at });
  await change(3, { movedFrom: "OLD" });
  const plan = await on.plan(source, night(40));
  expect(plan.counts.refreshed).toBe(0);
});

it("confirmations come last, and are the first that a limit leaves out", async () => {
  const source = heads(20);
  await on.sync(source, night(0));
  on.world.newRequests();
  const changed = source.map((user, at) => (at % 5 === 0 ? { ...user, phone: "+33611111111" } : user));
  const limited = await on.sync(changed, night(10, { limit: 5 }));
  expect(limited.counts).toMatchObject({ updated: 4, refreshed: 1 });
  await on.sync(source, night(10, { guard: false }));
  on.world.fake.clearRequests();
  await on.sync(changed, night(11));
  const sent = on.world.fake.requests
    .filter(({ method }) => method === "PUT")
    .map(({ body }) => body as (typeof changed)[0]);
  expect(sent.slice(0, 4).map(({ phone }) => phone)).toEqual(Array(4).fill("+33611111111"));
  expect(sent.slice(4).every(({ phone }) => phone !== "+33611111111")).toBe(true);
});

it("the guard, policies and the hash of a plan do not count confirmations", async () => {
  await on.sync(users(20), night(0));
  const strict = { guard: { minUsers: 1, maxChanged: 0, maxMoved: 0 } };
  const plan = await on.plan(users(20), night(30, strict));
  expect(plan).toMatchObject({ refusals: [], counts: { refreshed: 8 } });
  const other = await on.plan(users(20), night(31, strict));
  expect([other.hash, other.counts.refreshed]).toEqual([plan.hash, 8]);
  expect((await plan.apply()).counts.refreshed).toBe(8);
});

it("a saved plan confirms only the users that it shows", async () => {
  await on.sync(heads(20), night(0));
  const saved = readSavedPlan(JSON.parse(JSON.stringify(await on.plan(heads(20), night(1)))));
  expect(saved.changes.map(({ kind }) => kind)).toEqual(Array(4).fill("refreshed"));
  const tomorrow = await on.plan(heads(20), night(2));
  const shown = new Set(saved.changes.map(({ accountNumber }) => accountNumber));
  const report = await tomorrow.apply({ approve: saved });
  expect(report.counts).toMatchObject({ notApproved: 0, refreshed: 4 });
  expect(tomorrow.changes.filter(({ accountNumber }) => shown.has(accountNumber))).toHaveLength(4);
});

it("a field that Oplead's answer has with another value is named, and nothing is said to be healed", async () => {
  await on.sync(heads(10), night(0));
  on.world.fake.fail({ as: { status: 200, body: { id: "100001", phone: "06", lastname: null } }, on: "updateUser" });
  const told: unknown[] = [];
  const onUser = ({ outcome, differs }: PlannedOutcome): void => void told.push([outcome, differs]);
  const report = await on.sync(heads(10), night(1, { onUser }));
  expect(told).toContainEqual(["refreshed", ["lastname", "phone"]]);
  const { code, parameters } = report.warnings.find((one) => one.code === "answer_differs") ?? {};
  expect([code, parameters]).toMatchObject(["answer_differs", { fields: ["lastname 1", "phone 1"] }]);
  expect(await report.render("text")).not.toMatch(/heal|repair/);
});

it("plan and report say how many users were confirmed of how many, in both languages", async () => {
  await on.sync(heads(20), night(0));
  const plan = await on.plan(heads(20), night(1));
  expect(await plan.render("text")).toMatch(/4 +of 20 users confirmed \(all are, every 5 days\)/);
  const report = await plan.apply();
  expect(`${report}`).toContain("4 refreshed");
  expect(await report.render("markdown")).toContain("of 20 users confirmed (all are, every 5 days)");
  expect(await report.render("text", { language: "fr" })).toMatch(/4 +sur 20 utilisateurs, confirmés sans changement/);
  expect(await report.render("html")).toContain("Confirmed");
  expect(report.refresh).toEqual({ days: 5, users: 20, oldestAt: new Date(START).toISOString() });
});

it("a refused or failed confirmation is told, and is no success", async () => {
  await on.sync(heads(5), night(0));
  on.world.fake.fail({ as: { status: 422 }, on: "updateUser", times: 1 });
  const report = await on.sync(heads(5), night(1));
  expect(report).toMatchObject({ status: "partial", counts: { refreshed: 0, failed: 1 } });
  expect(report.refresh?.oldestAt).toBe(new Date(START).toISOString());
  // Held: not again on the next day, and again after a week.
  expect((await on.sync(heads(5), night(2))).counts).toMatchObject({ failed: 0, held: 0 });
  const tried: number[] = [];
  for (let day = 3; day <= 9; day += 1) tried.push((await on.sync(heads(5), night(day))).counts.refreshed);
  expect(tried.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(7);
  expect((await entriesOf(on.ledger)).every(([, { at }]) => at > START)).toBe(true);
});

it.each([0, -1, 1.5, "30", Number.NaN])("refreshAfterDays: %s is refused, with its path", async (refreshAfterDays) => {
  const failure = await failureOf(
    planSync(on.world.connect(), {
      ...{ source: [], map: () => null, ledger: on.ledger },
      refreshAfterDays: refreshAfterDays as number,
    }),
  );
  expect(failure).toMatchObject({ code: "invalid_options", issues: [{ path: "refreshAfterDays" }] });
});

it("a source of changes confirms users when the whole source is read", async () => {
  const source = () => heads(20);
  const incremental = { fullEveryDays: 3 };
  await on.sync(source, night(0, { incremental }));
  const counts: number[] = [];
  for (let day = 1; day <= 3; day += 1)
    counts.push((await on.sync(source, night(day, { incremental }))).counts.refreshed);
  expect(counts).toEqual([0, 0, 8]);
});
