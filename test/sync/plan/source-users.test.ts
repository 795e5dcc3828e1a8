import { expect, it } from "vitest";
import { competences } from "../../../src/index.ts";
import type { LedgerEntry } from "../../../src/ledger/ledger.ts";
import type { SourceUser } from "../../../src/reconcile/content.ts";
import { mapRecord, positionOf } from "../../../src/sync/plan/map-record.ts";
import { contentOf } from "../../support/entries.ts";
import { snapshotOf, usersOf } from "../../support/judging.ts";
import { user } from "../../support/sync-users.ts";

const one = (number: number, more: Parameters<typeof user>[1] = {}, version?: number) => {
  return { user: user(number, more), version };
};
const rowsOf = async (source: readonly SourceUser[], entries: Record<string, LedgerEntry> = {}, resend = false) =>
  usersOf(source, await snapshotOf(entries), { resend });
const accepted = (source: SourceUser, more: Partial<LedgerEntry> = {}) => {
  const { userHash, rules } = contentOf(source);
  return { id: "1", user: userHash, rules: Object.fromEntries(rules.map((r) => [r.name, r.hash])), at: 0, ...more };
};
const stateOf = (users: Awaited<ReturnType<typeof rowsOf>>, accountNumber = "ACC-1") => {
  const state = users.rows.get(accountNumber)?.state;
  return typeof state === "object" ? "open" : state;
};

it("a record is unchanged, stale, invalid or open, and only an open one is checked by the platform", async () => {
  const fresh = await rowsOf([one(1)]);
  expect([stateOf(fresh), fresh.hasOpenSteps, fresh.size]).toEqual(["open", true, 1]);
  const same = await rowsOf([one(1)], { "ACC-1": accepted(one(1)) });
  expect([stateOf(same), same.hasOpenSteps]).toEqual(["unchanged", false]);
  const old = await rowsOf([one(1, { phone: "1" }, 1)], { "ACC-1": accepted(one(1), { version: 2 }) });
  expect([stateOf(old), old.hasOpenSteps]).toEqual(["stale", false]);
  const wrong = await rowsOf([one(1, { email: "x" })]);
  expect([stateOf(wrong), wrong.hasOpenSteps]).toEqual(["invalid", false]);
  expect(wrong.invalid()).toMatchObject([{ record: 0, accountNumber: "ACC-1", issues: [{ path: "email" }] }]);
  const rule = await rowsOf([{ ...one(1), rules: { maxDistance: 3 } }], { "ACC-1": accepted(one(1)) });
  expect([stateOf(rule), rule.hasOpenSteps, [...rule.usersToSend()].length]).toEqual(["open", true, 0]);
});

it("a row has the profile and the parent of its record as texts, or neither", async () => {
  const users = await rowsOf([one(1, { parentUserIdentifier: 7 }), one(2, { parentUserIdentifier: undefined })]);
  expect(users.rows.get("ACC-1")).toMatchObject({ profile: "PRF_REGION", parentIdentifier: "7" });
  expect(users.rows.get("ACC-2")?.parentIdentifier).toBeUndefined();
  const broken = { ...user(3), profile: undefined, parentUserIdentifier: null } as never;
  const row = (await rowsOf([{ user: broken }])).rows.get("ACC-3");
  expect(row).toMatchObject({ profile: undefined, parentIdentifier: undefined });
});

it("several equal records of one user count as one", async () => {
  const users = await rowsOf([one(1), one(1)]);
  expect([stateOf(users), users.ignored, users.duplicates()]).toEqual(["open", 1, []]);
  const same = await rowsOf([one(1), one(1)], { "ACC-1": accepted(one(1)) });
  expect([stateOf(same), same.ignored]).toEqual(["unchanged", 1]);
  const entries = { "ACC-1": accepted(one(1), { version: 9 }) };
  const stale = await rowsOf([one(1, {}, 1), one(1, { phone: "1" }, 1)], entries);
  expect([stateOf(stale), stale.ignored]).toEqual(["stale", 1]);
});

it("records of one user that differ in the user or in a rule are duplicates, listed in order", async () => {
  const users = await rowsOf([one(1), one(1, { phone: "1" }), one(1, { phone: "2" })]);
  expect(stateOf(users)).toBe("duplicate");
  expect(users.duplicates()).toMatchObject([
    { accountNumber: "ACC-1", places: [{ record: 0 }, { record: 1 }, { record: 2 }] },
  ]);
  const withRule = (rules: SourceUser["rules"]) => ({ ...one(1), rules });
  for (const other of [undefined, { maxDistance: 4 }, { maxDistance: 3, competences: competences.none() }]) {
    const differing = await rowsOf([withRule({ maxDistance: 3 }), withRule(other)]);
    expect(stateOf(differing)).toBe("duplicate");
  }
  expect(stateOf(await rowsOf([withRule({ maxDistance: 3 }), withRule({ maxDistance: 3 })]))).toBe("open");
  expect(stateOf(await rowsOf([one(1, { phone: "1" }), one(1)], { "ACC-1": accepted(one(1)) }))).toBe("duplicate");
});

it("several different records of one user are no duplicates if a record of the user has a newer version", async () => {
  const users = await rowsOf([one(1, {}, 1), one(1, { phone: "1" }, 1), one(1, { phone: "2" }, 2)]);
  expect([stateOf(users), users.ignored, users.duplicates()]).toEqual(["open", 2, []]);
  const invalid = await rowsOf([one(1, { email: "x" }, 1), one(1, {}, 2)]);
  expect([stateOf(invalid), invalid.ignored, invalid.invalid()]).toEqual(["open", 1, []]);
  const older = await rowsOf([one(1, {}, 2), one(1, { phone: "1" }, 1)]);
  expect([stateOf(older), older.ignored, older.rows.get("ACC-1")?.record]).toEqual(["open", 1, 0]);
});

type Options = Parameters<typeof mapRecord<object>>[0];
const mapped = (options: Partial<Options>) => mapRecord({ map: () => null, ...options } as Options, 3, {});

it("the result of map is used at once unless it is a promise, and null leaves the record out", async () => {
  expect(mapped({})).toMatchObject({
    record: 3,
    row: undefined,
    key: undefined,
    user: undefined,
    failure: undefined,
  });
  expect(mapped({ map: () => one(1) })).toMatchObject({ user: one(1) });
  const promised = mapped({ map: async () => one(1), key: () => "K", rowOf: () => 7 });
  expect(promised).toBeInstanceOf(Promise);
  expect(await promised).toMatchObject({ record: 3, row: 7, key: "K", user: one(1) });
  const refused = mapped({ map: () => Promise.reject(new TypeError("secret")) });
  expect(await refused).toMatchObject({ user: undefined, failure: { error: { message: "secret" } } });
});

it("the position of an error in map is found, although its message looks like a frame of the stack", () => {
  const error = new Error("at secret.ts:1:2");
  expect(positionOf(error)).toMatch(/^source-users\.test\.ts:\d+:\d+$/);
  expect(positionOf("text")).toBeUndefined();
  for (const [stack, position] of [
    ["Error: x\n    at map (/home/me/map.ts:3:4)\n    at other (b.ts:5:6)", "map.ts:3:4"],
    ["Error: x\n    at C:\\me\\map.ts:3:4\n    at b.ts:5:6", "map.ts:3:4"],
    ["Error: x\n    at native", undefined],
  ] as const) {
    expect(positionOf(Object.assign(new Error("x"), { stack }))).toBe(position);
  }
});
