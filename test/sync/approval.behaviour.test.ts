// Which plans an approval covers, how an interrupted first night goes on, and which runs are no approval.
import { expect, it } from "vitest";
import { hashOf } from "../../src/core/hash.ts";
import type { UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import {
  type ApplyOptions,
  type Ledger,
  memoryLedger,
  reconcileUser,
  type SavedPlan,
  SyncGuardError,
  type SyncOptions,
  type SyncPlan,
} from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { messagesOf } from "../support/messages.ts";
import { eachTestItsWorld, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();

const DAY = 24 * 60 * 60 * 1000;
// Lower than the default, so that the tests are quick.
const FEW = 20;
const guard = { minUsers: FEW };
// Even a half of them is more than the guard allows.
const MANY = 60;
const source = users(MANY);
// The same account numbers for other people.
const other = users(MANY).map((one) => ({ ...one, lastname: "Durand", login: `other-${one.login}` }));

const planOf: typeof on.plan = (source, more, client) => on.plan(source, { guard, ...more }, client);
const syncOf: typeof on.sync = (source, more, client) => on.sync(source, { guard, ...more }, client);

async function refusalOf(task: Promise<unknown>) {
  on.world.newRequests();
  const error = await task.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SyncGuardError);
  expect(on.world.newRequests()).toBe(0);
  return (error as SyncGuardError).findings.map(({ code }) => code);
}

async function endedAfter(count: number, plan: SyncPlan, options: ApplyOptions = {}) {
  const end = new AbortController();
  const stop = (_user: unknown, { done }: { readonly done: number }) => done >= count && end.abort();
  const report = await plan.apply({ ...options, drain: end.signal, onUser: stop });
  expect(report.status).toBe("aborted");
}

async function brokenFirstNight(count = 15, more: Partial<SyncOptions<UserInput>> = {}) {
  const plan = await planOf(source, more);
  expect(plan.refusals).toMatchObject([{ code: "first_run" }]);
  await endedAfter(count, plan, { approve: plan.hash });
  return plan;
}

it("a first plan of many users needs an approval by its hash; the next run sends what a broken one left", async () => {
  expect(await refusalOf(syncOf(source))).toEqual(["first_run"]);
  await brokenFirstNight();
  expect(on.world.fake.users.length).toBeLessThan(MANY - FEW);

  const night = await planOf(source);
  expect(night.refusals).toEqual([]);
  expect(night.counts.new).toBeGreaterThan(FEW);
  expect(messagesOf(night.warnings)).toContainEqual(
    expect.stringMatching(/^The first night goes on that was approved on/),
  );
  expect((await night.apply()).status).toBe("complete");
  expect(on.world.fake.users).toHaveLength(MANY);
  expect(on.world.fake.duplicates()).toEqual([]);
  expect(await on.ledger.readNote("approval")).toBeUndefined();
  // The first night is over: as many further new users are refused.
  expect(await refusalOf(syncOf([...source, ...users(2 * MANY).slice(MANY)]))).toEqual(["mass_new"]);
});

it("an approval ends after seven days, and one that is dated in the future does not count", async () => {
  const now = Date.now();
  await brokenFirstNight(5, { now: () => now });
  expect((await planOf(source, { now: () => now + 7 * DAY - 1 })).refusals).toEqual([]);
  for (const time of [now + 7 * DAY, now - 7 * DAY]) {
    expect(await refusalOf(syncOf(source, { now: () => time }))).toEqual(["mass_new"]);
  }
});

it("an approval still covers a user whose rules did not arrive, and not one whose content has changed", async () => {
  const map = (one: UserInput) => ({ user: one, rules: { maxDistance: 30 } });
  on.world.fake.fail({ on: "setMaxDistanceRule", as: { status: 500 }, share: 1 });
  const plan = await planOf(source, { map });
  await plan.apply({ approve: plan.hash, stop: { failureShare: 1, connectionFailures: 10_000 } });
  const night = await planOf(source, { map });
  expect(night).toMatchObject({ counts: { new: 0, changed: MANY }, refusals: [] });
  const wider = (one: UserInput) => ({ user: one, rules: { maxDistance: 300 } });
  expect((await planOf(source, { map: wider })).refusals).toMatchObject([{ code: "mass_change" }]);
});

it("two persons with one e-mail address, one of them sent by a broken first night, are no twins", async () => {
  on.ledger = memoryLedger({ ledgerKey: "0123456789abcdef0123456789abcdef" });
  const shared = source.map((one, at) =>
    at === 1 || at === MANY - 1 ? { ...one, email: "both@dealers.example" } : one,
  );
  const plan = await planOf(shared);
  await endedAfter(15, plan, { approve: plan.hash });
  expect((await on.ledger.get("ACC-1"))?.id).toBeDefined();
  expect(await planOf(shared)).toMatchObject({ counts: { twin: 0 }, refusals: [] });
  const added = [...shared, user(900, { email: "person-2@dealers.example" })];
  expect(among((await planOf(added)).findings, "twin")).toMatchObject([{ accountNumber: "ACC-900" }]);
});

it("a small first run that is broken off between two users with one e-mail address sends the other next", async () => {
  on.ledger = memoryLedger({ ledgerKey: "0123456789abcdef0123456789abcdef" });
  const email = "both@dealers.example";
  const shared = users(FEW).map((one, at) => (at === 1 || at === FEW - 1 ? { ...one, email } : one));
  const last = `ACC-${FEW - 1}`;
  await endedAfter(3, await planOf(shared));
  expect((await on.ledger.get("ACC-1"))?.id).toBeDefined();
  expect((await on.ledger.get(last))?.id).toBeUndefined();
  // Perhaps the one who left the file.
  expect(among((await planOf(shared.filter((_, at) => at !== 1))).findings, "twin")).toMatchObject([
    { accountNumber: last },
  ]);
  expect(among((await planOf(shared)).findings, "twin")).toEqual([]);
  expect(await syncOf(shared)).toMatchObject({ status: "complete", counts: { twin: 0 } });
  expect(on.world.fake.users).toHaveLength(FEW);
  const added = [...shared, user(900, { email: "person-2@dealers.example" })];
  expect(among((await planOf(added)).findings, "twin")).toMatchObject([{ accountNumber: "ACC-900", of: "ACC-2" }]);
});

it.each([
  ["a file in the place of the source", { advanced: { sourceFile: "few.csv" } }],
  ["a reading of changes", { incremental: true }],
])("a run with %s does not end the approval of an interrupted first night", async (_what, more) => {
  await brokenFirstNight();
  expect((await syncOf([user(0, { phone: "+33612345678" })], more)).status).toBe("complete");
  const changed = source.map((one, at) => (at >= 30 ? (other[at] ?? one) : one));
  const plan = await planOf(changed);
  expect(plan.refusals).toMatchObject([{ code: "mass_new", parameters: { added: 30 } }]);
  await endedAfter(5, plan, { approve: plan.hash });
  expect((await syncOf(changed)).status).toBe("complete");
  expect(on.world.fake.users).toHaveLength(MANY);
  expect(await on.ledger.readNote("approval")).toBeUndefined();
});

it("an approval of a shrunk ledger holds for the next run unless the ledger has shrunk further", async () => {
  await on.ledger.setInfo({ entries: 2 * MANY });
  const plan = await planOf(source);
  expect(plan.refusals).toMatchObject([{ code: "ledger_shrunk", parameters: { now: 0, before: 2 * MANY } }]);
  await endedAfter(15, plan, { approve: plan.hash });
  expect((await planOf(source)).refusals).toEqual([]);
  expect(await refusalOf(syncOf(other))).toContain("mass_new");
  await on.ledger.setInfo({ entries: 3 * MANY });
  expect(await refusalOf(syncOf(source))).toEqual(["ledger_shrunk"]);
});

it("a second approval while a first night goes on does not replace the first approval", async () => {
  await brokenFirstNight(3);
  // Half of the rest has other content; the records of the other half cannot be read.
  const left = source.filter(({ accountNumber }) => !on.world.fake.user(accountNumber ?? ""));
  const [wrong, changed] = [new Set(left.slice(0, 25)), new Set(left.slice(25))];
  const tonight = source.map((one) => (changed.has(one) ? { ...one, phone: "2" } : one));
  const map = (record: UserInput) => {
    if (wrong.has(record)) throw new Error("no such zone");
    return { user: record };
  };
  const night = await planOf(tonight, { map });
  expect(night.refusals).toMatchObject([{ code: "mass_new" }]);
  await night.apply({ approve: night.hash });
  const third = await planOf(tonight);
  expect(third).toMatchObject({ refusals: [], counts: { new: wrong.size } });
  expect((await third.apply()).status).toBe("complete");
  expect(await on.ledger.readNote("approval")).toBeUndefined();
});

it("the guard refuses all other users after a limited run, approved or not", async () => {
  await syncOf(source, { limit: 10 });
  expect(await refusalOf(syncOf(source))).toEqual(["mass_new"]);
  const plan = await planOf(source);
  await plan.apply({ approve: plan.hash, limit: 20 });
  expect(on.world.fake.users.length).toBeLessThan(40);
  expect(await refusalOf(syncOf(source))).toEqual(["mass_new"]);
});

it("a copy of a ledger with an approval is refused once a run with the original has ended", async () => {
  const ledgerMark = { runs: 12, lastRunId: "run 12" };
  await brokenFirstNight(15, { advanced: { ledgerMark } });
  const copy = await copyOf(on.ledger);
  const { ledgerMark: later } = await syncOf(source, { advanced: { ledgerMark } });
  on.ledger = copy;
  expect((await planOf(source, { advanced: { ledgerMark: later } })).refusals).toMatchObject([
    { code: "ledger_restored", parameters: { known: 0, ended: 1 } },
  ]);
});

async function copyOf(ledger: Ledger) {
  const copy = memoryLedger();
  for (const [accountNumber, entry] of await entriesOf(ledger)) await setEntry(copy, accountNumber, entry);
  await copy.setInfo((await ledger.getInfo()) ?? {});
  await copy.writeNote("approval", undefined, await ledger.readNote("approval"));
  return copy;
}

it.each([
  ["with", "ledger_shrunk"],
  ["without", "first_run"],
])("an approved run fills a new ledger that starts %s the facts of the lost one", async (facts, code) => {
  const first = await planOf(source);
  await first.apply({ approve: first.hash });
  const info = await on.ledger.getInfo();
  on.ledger = memoryLedger();
  if (facts === "with" && info) await on.ledger.setInfo(info);
  const seen = await planOf(source);
  expect(seen.refusals).toMatchObject([{ code }]);
  await reconcileUser(on.world.connect(), on.ledger, { user: user(0) });
  const now = await planOf(source);
  const report = await now.apply({ approve: seen.toJSON() });
  expect(report).toMatchObject({ status: "complete", counts: { updated: MANY - 1, unchanged: 1, notSelected: 0 } });
  expect((await on.ledger.getInfo())?.entries).toBe(MANY);
  expect(await planOf(source)).toMatchObject({ changes: [], refusals: [] });
  expect(on.world.fake.users).toHaveLength(MANY);
});

const known = async () => {
  await syncOf(users(40), { guard: { minUsers: 40 } });
};
const called = (count: number, phone = "1") => users(40).map((one, at) => (at < count ? { ...one, phone } : one));

it("the hash of a plan also depends on the reasons against the plan and on their figures", async () => {
  await known();
  const plans = [
    await planOf(called(14)),
    await planOf(called(14), { guard: { ...guard, maxChanged: 0.3 } }),
    await planOf(called(14), { guard: { ...guard, maxChanged: 0.4 } }),
    await planOf(called(14), {
      guard: { ...guard, maxChanged: 0.4 },
      advanced: { ledgerMark: { runs: 9, lastRunId: "run 9" } },
    }),
  ];
  expect(new Set(plans.map(({ hash }) => hash)).size).toBe(4);
  expect((await planOf(called(14).reverse())).hash).toBe(plans[0]?.hash);
});

it("an approval for one reason does not cover a further reason that comes up before the plan is applied", async () => {
  await known();
  const plan = await planOf(called(14));
  expect(plan.refusals.map(({ code }) => code)).toEqual(["mass_change"]);
  const lost = memoryLedger();
  for (const [accountNumber, entry] of (await entriesOf(on.ledger)).slice(4))
    await setEntry(lost, accountNumber, entry);
  Object.assign(on.ledger, { entries: lost.entries, get: lost.get, replace: lost.replace });
  expect(await refusalOf(plan.apply({ approve: plan.hash }))).toEqual(["ledger_shrunk"]);
});

it("a plan that holds more than the approved plan is refused, and has another hash", async () => {
  await known();
  const plan = await planOf(called(14));
  for (const more of [called(15), called(13), called(14, "2"), [...called(14), user(500)], called(14).slice(0, 39)]) {
    expect(await refusalOf(syncOf(more, { approve: plan.hash }))).toContain("other_plan");
  }
});

it("an approval by a saved plan sends the users whose change is as approved, and leaves the others", async () => {
  await known();
  const saved = JSON.parse(JSON.stringify(await planOf(called(14))));
  const now = called(22).map((one, at) => (at < 3 ? { ...one, phone: "2" } : one));
  const fresh = await planOf([...now, user(500)]);
  on.world.newRequests();
  const report = await fresh.apply({ approve: saved });
  expect(report).toMatchObject({ status: "partial", exitCode: 5, part: true });
  expect(report.counts).toMatchObject({ updated: 11, created: 0, notSelected: 0, notApproved: 12 });
  expect(report.refusals).toEqual(fresh.refusals);
  expect(await report.render("text")).toContain("Still refused: the rest needs an approval");
  expect(on.world.newRequests()).toBe(11);
  const phones = on.world.fake.users.map(({ phone }) => phone);
  expect([phones.filter((phone) => phone === "1").length, phones.includes("2")]).toEqual([11, false]);
  expect((await planOf([...now, user(500)])).counts).toMatchObject({ new: 1, changed: 11 });
});

it("the approval of a saved plan does not send a user to another Oplead ID than the plan showed", async () => {
  await known();
  const saved = JSON.parse(JSON.stringify(await planOf(called(14))));
  const [one, two] = [await on.ledger.get("ACC-1"), await on.ledger.get("ACC-2")];
  if (!one || !two) throw new Error("no entries");
  await setEntry(on.ledger, "ACC-1", { ...one, id: two.id, revision: (one.revision ?? 0) + 1 });
  const report = await (await planOf(called(14))).apply({ approve: saved });
  expect(report.counts).toMatchObject({ updated: 13, notApproved: 1 });
  expect(on.world.fake.user("ACC-2")?.phone).toBe("1");
  expect(on.world.fake.user("ACC-1")?.phone).not.toBe("1");
});

it("the approval of a saved plan makes no move that the plan did not show", async () => {
  await on.sync(users(6));
  const changed = user(5, { phone: "1" });
  const saved = JSON.parse(JSON.stringify(await planOf([...users(5), changed])));
  // The record of the moved user is invalid, so the changes are those of the saved plan.
  const left = [...users(3), user(4), changed, user(3, { accountNumber: "NEW-3", email: "" })];
  const fresh = await planOf(left, { moves: [["ACC-3", "NEW-3"]] });
  expect((await fresh.apply({ approve: saved })).counts.updated).toBe(1);
  expect((await on.ledger.get("ACC-3"))?.movedTo).toBeUndefined();
  await (await planOf(left, { moves: [["ACC-3", "NEW-3"]] })).apply();
  expect((await on.ledger.get("ACC-3"))?.movedTo).toBe("NEW-3");
});

it.each<
  [
    string,
    (
      change: SavedPlan["changes"][number],
      other: SavedPlan["changes"][number],
    ) => Partial<SavedPlan["changes"][number]>,
  ]
>([
  ["number", (_, other) => ({ accountNumber: other.accountNumber })],
  ["kind", () => ({ kind: "new" })],
  ["fields", () => ({ fields: ["company"] })],
  ["rules", () => ({ rules: ["maxDistance"] })],
])(
  "a saved plan that shows another %s of a change, with a new checksum, does not approve that change",
  async (_name, altered) => {
    await known();
    const { checksum: __, ...form } = JSON.parse(JSON.stringify(await planOf(called(14))));
    const [first, second] = form.changes;
    const other = { ...form, changes: [{ ...first, ...altered(first, second) }, ...form.changes.slice(1)] };
    const report = await (await planOf(called(14))).apply({ approve: { ...other, checksum: hashOf(other) } });
    expect(report).toMatchObject({ status: "partial", exitCode: 5, counts: { updated: 13, notApproved: 1 } });
    expect(on.world.fake.user(first.accountNumber)?.phone).not.toBe("1");
  },
);
