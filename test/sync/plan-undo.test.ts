import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { hashOf } from "../../src/base/hash/hash.ts";
import { requireCoverage } from "../../src/coverage/index.ts";
import type { UserInput } from "../../src/index.ts";
import {
  auditFile,
  forgetUser,
  type LedgerKeyOptions,
  memoryLedger,
  moveUsers,
  planUndo,
  readSavedPlan,
  reconcileUser,
  renderPlan,
  type SyncOptions,
  type UndoOptions,
} from "../../src/sync/index.ts";
import { countries, locate } from "../coverage/worlds.ts";
import { failureOf } from "../support/failure.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { sized } from "../support/long-form.ts";
import { user, users } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const KEY = "a secret of the tests, long enough";
const free = { guard: false } as const;

beforeEach(() => {
  on.ledger = memoryLedger({ ledgerKey: KEY, remember: true });
});

const withRule = (maxDistance: number) => (one: UserInput) => ({ user: one, rules: { maxDistance } });
const undo = (run: string, more: Partial<UndoOptions> = {}) =>
  planUndo(on.world.connect(), { run, ledger: on.ledger, ...free, ...more });
const spoiled = (one: UserInput, at = 0): UserInput => ({ ...one, phone: `+3310000${at}`, lastname: "Wrong" });
const night = (runId: string, source: UserInput[], more: Partial<SyncOptions<UserInput>> = {}) =>
  on.sync(source, { ...free, map: withRule(30), runId, ...more });

/** What Oplead has: every user, with its rules. */
const state = () => hashOf(on.world.fake.users.map((one) => [one, on.world.fake.rules(String(one.id))]));

it("changes of a whole night that are undone leave Oplead as it was before the run", async () => {
  const count = sized(60, 1000);
  const source = users(count);
  await night("night-1", source);
  const before = state();
  await night("night-2", source.map(spoiled), { map: withRule(90) });
  expect(state()).not.toBe(before);
  on.world.newRequests();
  const plan = await undo("night-2");
  expect(plan).toMatchObject({ counts: { changed: count, new: 0 }, undo: { runId: "night-2", left: [] }, missing: [] });
  const report = await plan.apply({ approve: plan.hash, runId: "undo-1" });
  expect(report).toMatchObject({ status: "complete", counts: { updated: count } });
  expect(on.world.newRequests()).toBe(2 * count);
  expect(state()).toBe(before);
  expect((await on.plan(source, { ...free, map: withRule(30) })).changes).toEqual([]);
}, 120_000);

it("the plan of an undo says what it puts back and that the source must be mended, has a guard and a hash, and can be saved", async () => {
  await night("night-1", users(110));
  await night("night-2", users(110).map(spoiled));
  const plan = await undo("night-2", { guard: {} });
  expect(plan.refusals).toMatchObject([{ code: "mass_change" }]);
  expect(await failureOf(plan.apply())).toMatchObject({ code: "sync_refused" });
  expect(plan.warnings).toMatchObject([{ code: "undo_returns" }]);
  expect(plan.diff("ACC-1", { reveal: true })?.lines).toContainEqual({
    ...{ path: "phone", change: "changed", value: user(1).phone, was: spoiled(user(1), 1).phone },
  });
  const saved = readSavedPlan(JSON.parse(JSON.stringify(plan)));
  expect(saved.undo).toEqual({ runId: "night-2", left: [] });
  expect(renderPlan(saved, "text")).toBe(String(plan));
  expect(String(plan)).toContain("puts back what the run night-2 changed");
  expect(plan.toString({ language: "fr" })).toContain("rétablit ce que l'exécution night-2 a changé");
  const ordinary = await on.plan(users(110), { ...free, map: withRule(30) });
  expect(ordinary.changes).toHaveLength(110);
  expect(ordinary.hash).not.toBe(plan.hash);
  expect((await undo("night-2")).hash).toBe(plan.hash);
});

it("users that changed again, were created, moved or forgotten, and rules that are new, stay as they are and are listed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oplead-undo-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "audit.jsonl");
  const audit = auditFile(path);
  const all = { map: (one: UserInput) => ({ user: one }), onUser: audit.onUser };
  await night("night-1", users(6), all);
  const ruled = (one: UserInput) => ({ user: one, rules: one.accountNumber === "ACC-5" ? { maxDistance: 9 } : {} });
  await night("night-2", users(7).map(spoiled), { ...all, map: ruled });
  await night("night-3", [...users(6).slice(0, 1).map(spoiled), user(1, { phone: "+331" })], {
    ...all,
    incremental: true,
  });
  await reconcileUser(on.world.connect(), on.ledger, { user: user(2, { phone: "+332" }) });
  await moveUsers(on.ledger, [["ACC-3", "NEW-3"]]);
  await forgetUser(on.ledger, "ACC-4");
  const plan = await undo("night-2", { audit: path });
  expect(plan.changes.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-0", "ACC-5"]);
  const left = plan.undo?.left.map(({ accountNumber, code, parameters }) => [accountNumber, code, parameters]);
  expect(left?.sort()).toEqual([
    ["ACC-1", "changed_since", { run: "night-3" }],
    ["ACC-2", "changed_since", { run: undefined }],
    ["ACC-3", "moved", {}],
    ["ACC-4", "not_remembered", {}],
    ["ACC-5", "rule_added", { rules: ["maxDistance"] }],
    ["ACC-6", "created", {}],
    ["NEW-3", "moved", {}],
  ]);
  expect(String(plan)).toContain("ACC-1  changed again since, by night-3");
  expect((await plan.apply()).status).toBe("complete");
  expect(on.world.fake.users.find(({ accountNumber }) => accountNumber === "ACC-1")?.phone).toBe("+331");
});

it("an undo can be undone, and a second undo of the same run has nothing to do and says so", async () => {
  await night("night-1", users(5));
  const before = state();
  await night("night-2", users(5).map(spoiled), { map: withRule(90) });
  const after = state();
  await (await undo("night-2")).apply({ runId: "undo-1" });
  expect(state()).toBe(before);
  const twice = await undo("night-2");
  expect(twice.changes).toEqual([]);
  expect(twice.undo?.left.map(({ code, parameters }) => [code, parameters])).toEqual(
    Array.from({ length: 5 }, () => ["undone", { run: "undo-1" }]),
  );
  await (await undo("undo-1")).apply({ runId: "undo-2" });
  expect(state()).toBe(after);
  await (await undo("undo-2")).apply();
  expect(state()).toBe(before);
});

it("an undo that is ended between the user and its rule is completed by the next one", async () => {
  await night("night-1", users(3));
  const before = state();
  await night("night-2", users(3).map(spoiled), { map: withRule(90) });
  on.world.fake.fail({ on: ({ path }) => path.endsWith("/rule/max-distance"), as: { status: 422 }, times: 2 });
  const broken = await (await undo("night-2")).apply({ runId: "undo-1" });
  expect(broken.counts).toMatchObject({ incomplete: 2, updated: 1 });
  expect(state()).not.toBe(before);
  const rest = await undo("night-2");
  expect(rest.undo?.left.map(({ code }) => code)).toEqual(["undone"]);
  expect((await rest.apply()).status).toBe("complete");
  expect(state()).toBe(before);
});

it("two machines that undo a run at once leave the state from before it, and none sends over the other", async () => {
  await night("night-1", users(20));
  const before = state();
  await night("night-2", users(20).map(spoiled));
  const plans = [await undo("night-2"), await undo("night-2")];
  await Promise.all(plans.map((plan) => plan.apply()));
  expect(state()).toBe(before);
});

it("an undo leaves what the ledger knows of leavers, of the last run and of its problems as it is", async () => {
  await night("night-1", users(4));
  await night("night-2", users(4).map(spoiled));
  await night("night-3", users(3).map(spoiled));
  const missing = (await on.ledger.get("ACC-3"))?.missingSince;
  const info = await on.ledger.getInfo?.();
  await (await undo("night-2")).apply();
  expect(missing).toBeDefined();
  expect((await on.ledger.get("ACC-3"))?.missingSince).toBe(missing);
  expect(await on.ledger.getInfo?.()).toEqual(info);
});

it("without a ledger that remembers, for a run that is not known, and with a wrong key an undo says so and sends nothing", async () => {
  await night("night-1", users(3));
  await night("night-2", users(3).map(spoiled));
  on.world.newRequests();
  expect(await failureOf(undo("night-9"))).toMatchObject({ issues: [{ path: "run", code: "unknown_run" }] });
  const seenWith = async (options: LedgerKeyOptions) => {
    const next = memoryLedger(options);
    for (const [accountNumber, entry] of await entriesOf(on.ledger)) await next.set(accountNumber, entry);
    return next;
  };
  const forgetful = await seenWith({ ledgerKey: KEY });
  const none = { issues: [{ path: "ledger", code: "remembers_nothing" }] };
  expect(await failureOf(undo("night-2", { ledger: forgetful }))).toMatchObject(none);
  expect(await failureOf(undo("night-2", { ledger: memoryLedger() }))).toMatchObject(none);
  const wrong = await undo("night-2", { ledger: await seenWith({ ledgerKey: "another secret, too", remember: true }) });
  expect(wrong.changes).toEqual([]);
  expect(wrong.undo?.left.map(({ code }) => code)).toEqual(["seal_unreadable", "seal_unreadable", "seal_unreadable"]);
  expect(await failureOf(undo("night-2", { rnu: "x", audit: 5 } as never))).toMatchObject({
    issues: [{ path: "audit" }, { path: "rnu", code: "unknown_option" }],
  });
  expect(on.world.newRequests()).toBe(0);
});

it("the plan of an undo is judged by the policies, as any plan is, and an approval lets it through", async () => {
  const coverage = { universe: { countries, ranges: ["RNG_A"], requestTypes: [], contactProfiles: [] }, locate };
  const policies = [requireCoverage({ where: { country: "FR", counties: ["29"] }, atLeast: 1 })];
  const brest = { zipCode: "29200", city: "Brest", country: { code: "FR" } };
  const one = [user(0, { address: brest })];
  await night("night-1", one, { map: withRule(1), coverage });
  await night("night-2", one, { map: withRule(100), coverage, policies });
  expect((await undo("night-2")).refusals).toEqual([]);
  expect((await undo("night-2", { coverage, policies: [] })).refusals).toEqual([]);
  const plan = await undo("night-2", { coverage, policies });
  expect(plan.refusals).toMatchObject([{ code: "policy" }]);
  on.world.newRequests();
  expect(await failureOf(plan.apply())).toMatchObject({ code: "sync_refused" });
  expect(on.world.newRequests()).toBe(0);
  expect(await plan.apply({ approve: plan.hash })).toMatchObject({ status: "complete", counts: { updated: 1 } });
  const issues = [{ path: "policies", code: "needs_coverage" }];
  expect(await failureOf(undo("night-2", { policies }))).toMatchObject({ code: "invalid_options", issues });
});

it("policies that were switched on after the runs see the gap that an undo opens after one full run; before it the plan says that they cannot", async () => {
  const coverage = { universe: { countries, ranges: ["RNG_A"], requestTypes: [], contactProfiles: [] }, locate };
  const policies = [requireCoverage({ where: { country: "FR", counties: ["29"] }, atLeast: 1 })];
  const one = [user(0, { address: { zipCode: "29200", city: "Brest", country: { code: "FR" } } })];
  await night("night-1", one, { map: withRule(1) });
  await night("night-2", one, { map: withRule(100) });
  const blind = await undo("night-2", { coverage, policies });
  expect(blind.refusals).toEqual([]);
  const unknown = { code: "unknown_before", parameters: { count: 1, examples: ["ACC-0"] } };
  expect(blind.warnings).toMatchObject([{ code: "undo_returns" }, unknown]);
  expect(String(blind)).toContain("cannot judge what this plan takes from 1 user (ACC-0)");
  expect(blind.toString({ language: "fr" })).toContain("ne peuvent pas juger ce que ce plan retire");
  expect((await undo("night-2")).warnings).toMatchObject([{ code: "undo_returns" }]);
  on.world.newRequests();
  await night("night-3", one, { map: withRule(100), coverage, policies });
  expect(on.world.newRequests()).toBe(0);
  const seeing = await undo("night-2", { coverage, policies });
  expect(seeing.refusals).toMatchObject([{ code: "policy" }]);
  expect(seeing.warnings).toMatchObject([{ code: "undo_returns" }]);
});
