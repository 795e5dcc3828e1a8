import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { type Move, memoryLedger, moveUsers } from "../../../src/sync/index.ts";
import { setEntry } from "../../support/entries.ts";
import { failureOf } from "../../support/failure.ts";
import { entriesOf } from "../../support/ledger-contract.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

const renumbered = (number: number, more: Partial<UserInput> = {}) =>
  user(number, { accountNumber: `NEW-${number}`, ...more });
const moves: Move[] = [["ACC-2", "NEW-2"]];
const source = [user(0), user(1), renumbered(2)];

it("a move is skipped if the ledger knows the user only under the new number", async () => {
  await on.sync(users(3));
  await on.sync(source, { moves });
  on.ledger = memoryLedger();
  const lost = await on.plan(source, { moves });
  expect(lost.refusals).toMatchObject([{ code: "move_unknown" }]);
  expect((await lost.apply({ approve: lost.hash })).status).toBe("complete");
  expect(on.world.fake.users).toHaveLength(3);
  expect(await on.plan(source, { moves })).toMatchObject({ moves: [], changes: [], refusals: [] });
  expect(await on.sync(source, { moves })).toMatchObject({ status: "complete", requests: 0 });
});

it("a plan shows its moves; its run moves first, and updates each user by its ID with one request", async () => {
  await on.sync(users(3));
  const { id } = on.world.fake.user("ACC-2") ?? {};
  const before = await entriesOf(on.ledger);
  on.world.newRequests();
  const plan = await on.plan(source, { moves });
  expect(plan).toMatchObject({ counts: { new: 0, changed: 1, missing: 0 }, refusals: [] });
  expect(plan.moves).toEqual([{ from: "ACC-2", to: "NEW-2", id, problem: undefined }]);
  expect(plan.changes).toMatchObject([{ accountNumber: "NEW-2", kind: "changed", id, movedFrom: "ACC-2" }]);
  for (const text of [await plan.render("text"), await plan.render("markdown")]) {
    expect(text).toContain("moved from ACC-2");
    expect(text).toContain("moves to a new account number");
  }
  expect(await entriesOf(on.ledger)).toEqual(before);

  const report = await plan.apply();
  expect(report).toMatchObject({ status: "complete", counts: { updated: 1, created: 0 }, moves: plan.moves });
  expect(on.world.newRequests()).toBe(1);
  expect(on.world.fake.user("NEW-2")).toMatchObject({ id });
  expect(on.world.fake.users).toHaveLength(3);
  expect(await on.ledger.get("ACC-2")).toMatchObject({ movedTo: "NEW-2" });
  const again = await on.plan(source, { moves });
  expect(again).toMatchObject({ moves: [], changes: [], findings: [], refusals: [] });
});

it("moves may be a list, an async iterable, or a function, which each plan calls", async () => {
  await on.sync(users(3));
  const bitByBit = async function* () {
    yield* moves;
  };
  for (const given of [moves, bitByBit(), bitByBit, async () => moves]) {
    expect((await on.plan(source, { moves: given })).moves).toMatchObject([{ to: "NEW-2", problem: undefined }]);
  }
  const failed = () => Promise.reject(new TypeError("Roux"));
  const error = await failureOf(on.plan(source, { moves: failed }));
  expect(error).toMatchObject({
    code: "source_failed",
    message: expect.stringContaining("moves failed: TypeError"),
  });
  expect(error.message).not.toContain("Roux");
});

it("a plan reports all impossible moves together, and an approval makes the other moves", async () => {
  await on.sync(users(4));
  const many: Move[] = [
    ["GONE-1", "NEW-8"],
    ["GONE-2", "NEW-9"],
    ["ACC-1", "ACC-0"],
    ["ACC-2", "NEW-2"],
    ["ACC-3", "NEW-3"],
  ];
  const plan = await on.plan([user(0), user(1), renumbered(2), user(3)], { moves: many });
  expect(plan.refusals).toMatchObject([
    { code: "move_unknown", parameters: { count: 2, examples: ["GONE-1 → NEW-8", "GONE-2 → NEW-9"] } },
    { code: "move_occupied", parameters: { count: 1, examples: ["ACC-1 → ACC-0"] } },
    { code: "move_in_source", parameters: { count: 1, examples: ["ACC-3 → NEW-3"] } },
  ]);
  expect(await failureOf(plan.apply())).toMatchObject({ code: "sync_refused" });
  expect((await on.ledger.get("ACC-2"))?.movedTo).toBeUndefined();
  await plan.apply({ approve: plan.hash });
  expect(await on.ledger.get("ACC-2")).toMatchObject({ movedTo: "NEW-2" });
  expect(await on.ledger.get("ACC-1")).toMatchObject({ id: expect.any(String) });
  // Without a guard, moves that cannot be made are still listed.
  const unguarded = await on.plan(source, { moves: [["GONE-1", "NEW-8"]], guard: false });
  expect(await unguarded.render("text")).toContain(
    "Not moved:\n  GONE-1 → NEW-8  The ledger has no Oplead ID of the old account number",
  );
});

it("the hash of a plan covers its moves, even moves of users who are not in the source", async () => {
  await on.sync(users(3));
  const [without, withMove, other] = [
    await on.plan(users(2), { incremental: true }),
    await on.plan(users(2), { incremental: true, moves }),
    await on.plan(users(2), { incremental: true, moves: [["ACC-2", "NEW-7"]] }),
  ];
  expect(new Set([without.hash, withMove.hash, other.hash]).size).toBe(3);
  await withMove.apply();
  expect(await on.ledger.get("NEW-2")).toMatchObject({ movedFrom: "ACC-2" });
});

it("apply moves only the users of `only`, and in test mode tests updates by ID and moves nobody", async () => {
  await on.sync(users(4));
  const all: Move[] = [...moves, ["ACC-3", "NEW-3"]];
  const plan = await on.plan([user(0), user(1), renumbered(2), renumbered(3)], { moves: all });
  const tested = await on.plan([user(0), user(1), renumbered(2), renumbered(3)], { moves: all }, { testMode: true });
  on.world.newRequests();
  expect(await tested.apply()).toMatchObject({ status: "complete", counts: { updated: 2, created: 0 } });
  expect(on.world.newRequests()).toBe(2);
  expect((await on.ledger.get("ACC-2"))?.movedTo).toBeUndefined();
  await plan.apply({ only: ["NEW-3"] });
  expect((await on.ledger.get("ACC-2"))?.movedTo).toBeUndefined();
  expect(await on.ledger.get("ACC-3")).toMatchObject({ movedTo: "NEW-3" });
  expect(on.world.fake.users).toHaveLength(4);
});

it("users below a moved parent wait until Oplead has its new number", async () => {
  await on.sync(users(2));
  const below = [renumbered(0), user(1, { parentUserIdentifier: "NEW-0" })];
  const options = { moves: [["ACC-0", "NEW-0"]] as Move[] };
  const tested = await (await on.plan(below, options, { testMode: true })).apply();
  expect(tested.findings).toMatchObject([{ kind: "unverifiable", accountNumber: "ACC-1", dependsOn: "NEW-0" }]);
  const fault = on.world.fake.fail({ on: "updateUser", as: { status: 500 }, times: 99 });
  const failed = await on.sync(below, options);
  expect(among(failed.findings, "failed").map(({ accountNumber }) => accountNumber)).toEqual(["NEW-0"]);
  expect(among(failed.findings, "waiting")).toMatchObject([{ accountNumber: "ACC-1", parent: "NEW-0" }]);
  fault.remove();
  expect(await on.sync(below, options)).toMatchObject({ status: "complete", counts: { updated: 2 } });
});

it("a run is complete if another process has made its moves, and refused if a new number is taken", async () => {
  await on.sync(users(3));
  const plan = await on.plan(source, { moves });
  await moveUsers(on.ledger, moves);
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { updated: 1 } });
  expect(on.world.fake.users).toHaveLength(3);
  const next: Move[] = [["NEW-2", "M-2"]];
  const second = await on.plan([user(0), user(1), user(2, { accountNumber: "M-2" })], { moves: next });
  await setEntry(on.ledger, "M-2", { ...(await on.ledger.get("ACC-1")), rules: {}, at: 1, id: "99", revision: 4 });
  expect(await failureOf(second.apply())).toMatchObject({
    code: "sync_refused",
    findings: [{ code: "move_occupied" }],
  });
});
