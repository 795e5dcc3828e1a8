import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { type AccountId, importIds } from "../../src/reconcile/import-ids.ts";
import { syncUsers } from "../../src/sync/index.ts";
import { overtaken, setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { openWorld, user } from "../support/sync-users.ts";

it("the first run after importIds updates the users by their ids, and creates none", async () => {
  const { accountNumber: _, ...withoutAccountNumber } = user(1);
  const world = await openWorld({
    users: [
      { ...user(0), id: "100000" },
      { ...withoutAccountNumber, id: "100001" },
    ],
  });
  const ledger = memoryLedger();
  expect(
    await importIds(ledger, [
      ["ACC-0", 100_000],
      ["ACC-1", "100001"],
    ]),
  ).toEqual({
    imported: 2,
    kept: 0,
    conflicts: [],
  });
  const options = { source: [user(0), user(1)], map: (record: UserInput) => ({ user: record }), ledger };
  const report = await syncUsers(world.connect(), options);
  expect(report).toMatchObject({ status: "complete", counts: { updated: 2 }, requests: 2 });
  expect(world.fake.users).toHaveLength(2);
  await world.close();
});

it("importIds keeps the ids that the ledger has, and lists the users whose imported id differs", async () => {
  const ledger = memoryLedger();
  await setEntry(ledger, "ACC-1", { id: "1", rules: {}, at: 5 });
  const pairs: AccountId[] = [
    ["ACC-1", "1"],
    ["ACC-2", "2"],
  ];
  expect(await importIds(ledger, pairs)).toEqual({ imported: 1, kept: 1, conflicts: [] });
  expect(await importIds(ledger, [["ACC-1", "7"]])).toEqual({ imported: 0, kept: 1, conflicts: ["ACC-1"] });
  expect(await ledger.get("ACC-1")).toEqual({ id: "1", rules: {}, at: 5 });
  expect(await ledger.get("ACC-2")).toMatchObject({ id: "2", revision: 1 });
});

it("importIds refuses an id that the ledger has for another account number", async () => {
  const ledger = memoryLedger();
  await importIds(ledger, [["ACC-0", "100000"]]);
  const error = await failureOf(
    importIds(ledger, [
      ["ACC-1", "100001"],
      ["ACC-2", 100_000],
    ]),
  );
  expect(error).toMatchObject({ code: "invalid_input", issues: [{ path: "[1].id", code: "id_twice" }] });
  expect(await ledger.get("ACC-2")).toBeUndefined();
  expect(await importIds(ledger, [["ACC-0", "100000"]])).toMatchObject({ imported: 0, kept: 1, conflicts: [] });
});

it("importIds keeps an id that another process writes at the same moment, or adds the imported one", async () => {
  const ledger = memoryLedger();
  const theirs = overtaken(ledger, (entry) => ({ ...entry, id: "7" }));
  expect(await importIds(theirs, [["ACC-1", "1"]])).toEqual({ imported: 0, kept: 1, conflicts: ["ACC-1"] });
  const others = overtaken(ledger, (entry) => ({ ...entry, version: 3 }), 9);
  expect(await importIds(others, [["ACC-2", "2"]])).toEqual({ imported: 1, kept: 0, conflicts: [] });
  expect(await ledger.get("ACC-2")).toMatchObject({ id: "2", version: 3 });
});

it.each<[string, unknown[], string]>([
  ["an empty account number", [["", "1"]], "[0].accountNumber"],
  ["a blank account number", [["  ", "1"]], "[0].accountNumber"],
  [
    "an id that fits no URL",
    [
      ["ACC-1", "1"],
      ["ACC-2", ".."],
    ],
    "[1].id",
  ],
  ["a number that was rounded", [["ACC-1", 2 ** 53]], "[0].id"],
  [
    "an account number twice",
    [
      ["ACC-1", "1"],
      ["ACC-1", "2"],
    ],
    "[1].accountNumber",
  ],
  [
    "an id twice",
    [
      ["ACC-1", "1"],
      ["ACC-2", 1],
    ],
    "[1].id",
  ],
  ["something that is not a pair", [null], "[0].accountNumber"],
])("importIds refuses %s and names its place in the list", async (_what, pairs, path) => {
  const error = await failureOf(importIds(memoryLedger(), pairs as AccountId[]));
  expect(error).toMatchObject({
    code: "invalid_input",
    issues: expect.arrayContaining([expect.objectContaining({ path })]),
  });
});
