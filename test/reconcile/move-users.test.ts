import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { among } from "../../src/sync/findings.ts";
import { forgetUser, type Ledger, type Move, memoryLedger, moveUsers, reconcileUser } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { eachTestItsWorld, user, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();

/** The user with its new account number. */
const renumbered = (number: number): UserInput => user(number, { accountNumber: `NEW-${number}` });

it("moveUsers can be repeated, and lists numbers that the ledger lacks or has for another person", async () => {
  await on.sync(users(3));
  const moves: Move[] = [
    ["ACC-1", "NEW-1"],
    ["GONE", "NEW-9"],
    ["ACC-2", "ACC-0"],
  ];
  const others = { unknown: [["GONE", "NEW-9"]], occupied: [["ACC-2", "ACC-0"]] };
  expect(await moveUsers(on.ledger, moves)).toEqual({ moved: 1, before: 0, ...others });
  expect(await moveUsers(on.ledger, moves)).toEqual({ moved: 0, before: 1, ...others });
  expect((await entriesOf(on.ledger)).filter(([, { id }]) => id !== undefined).map(([name]) => name)).toEqual([
    "ACC-0",
    "ACC-2",
    "NEW-1",
  ]);
});

it("an event under the old number creates no user, until forgetUser forgets that number", async () => {
  await on.sync(users(2));
  await moveUsers(on.ledger, [["ACC-1", "NEW-1"]]);
  on.world.newRequests();
  const late = { user: user(1, { phone: "+33100000000" }) };
  expect(await reconcileUser(on.world.connect(), on.ledger, late)).toMatchObject({ outcome: "stale", requests: 0 });
  expect(on.world.newRequests()).toBe(0);
  expect(await forgetUser(on.ledger, "ACC-1")).toBe(true);
  const another = { user: user(7, { accountNumber: "ACC-1" }) };
  await on.sync([user(0), renumbered(1)]);
  expect(await reconcileUser(on.world.connect(), on.ledger, another)).toMatchObject({ outcome: "created" });
});

it("a user moved back needs no request, and a record is not stale by the old number's version", async () => {
  await on.sync(users(2), { map: (user) => ({ user, version: 500 }) });
  await moveUsers(on.ledger, [["ACC-1", "NEW-1"]]);
  await moveUsers(on.ledger, [["NEW-1", "ACC-1"]]);
  on.world.newRequests();
  await on.sync(users(2));
  expect(on.world.newRequests()).toBe(0);
  await moveUsers(on.ledger, [["ACC-1", "NEW-1"]]);
  await on.sync([user(0), renumbered(1)], { map: (user) => ({ user, version: 1 }) });
  expect(on.world.fake.user("NEW-1")).toBeDefined();
});

it("an answer with another account number is an error each night, and the entry keeps its ID", async () => {
  await on.sync(users(2));
  const { id } = (await on.ledger.get("ACC-1")) ?? {};
  await moveUsers(on.ledger, [["ACC-1", "NEW-1"]]);
  const fault = on.world.fake.fail({
    on: "updateUser",
    as: { status: 200, body: { id, accountNumber: "ACC-1" } },
    times: 9,
  });
  for (let night = 1; night <= 2; night += 1) {
    const report = await on.sync([user(0), renumbered(1)]);
    expect(among(report.findings, "failed")).toMatchObject([{ step: "user", code: "unexpected_response" }]);
    expect(among(report.findings, "failed")[0]?.message).toContain("moved from ACC-1");
    expect(await on.ledger.get("NEW-1")).toMatchObject({ id, movedFrom: "ACC-1" });
  }
  fault.remove();
  expect(await on.sync([user(0), renumbered(1)])).toMatchObject({ status: "complete", counts: { updated: 1 } });
  expect(on.world.fake.users).toHaveLength(2);
});

it("in a ledger that writes one entry after the other, the next move finishes a move that broke off", async () => {
  await on.sync(users(2));
  const { replaceBoth: _, ...others } = on.ledger;
  let left = 1;
  const plain: Ledger = {
    ...others,
    replace: async (...given) => {
      if (left-- === 0) throw new Error("killed");
      return on.ledger.replace(...given);
    },
  };
  expect(await failureOf(moveUsers(plain, [["ACC-1", "NEW-1"]]))).toMatchObject({ code: "ledger_unavailable" });
  expect((await plain.get("NEW-1"))?.id).toBe((await plain.get("ACC-1"))?.id);
  left = Number.POSITIVE_INFINITY;
  expect(await moveUsers(plain, [["ACC-1", "NEW-1"]])).toMatchObject({ moved: 1 });
  expect((await plain.get("ACC-1"))?.id).toBeUndefined();
});

it("moves that are not valid are refused before anything is moved, with every problem", async () => {
  const ledger = memoryLedger();
  await setEntry(ledger, "A", { id: "1", rules: {}, at: 0 });
  const wrong = [["A", "B"], ["B", "C"], ["D", ""], ["E", "E"], "F"] as never;
  const { issues } = await failureOf(moveUsers(ledger, wrong));
  expect(issues?.map(({ path, code }) => `${path} ${code}`)).toEqual([
    "[1].from moved_twice",
    "[2].to not_text",
    "[3].to moved_twice",
    "[4].from not_text",
    "[4].to not_text",
  ]);
  expect(await ledger.get("B")).toBeUndefined();
  expect(await failureOf(moveUsers({} as never, 5 as never))).toMatchObject({ code: "invalid_input" });
});
