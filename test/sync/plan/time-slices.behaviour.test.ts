import { expect, it } from "vitest";
import type { LedgerEntry } from "../../../src/ledger/ledger.ts";
import { memoryLedger } from "../../../src/ledger/memory.ts";
import { checkData } from "../../../src/sync/plan/checks/check-data.ts";
import { SharedValues } from "../../../src/sync/plan/checks/shared-values.ts";
import { LedgerSnapshot } from "../../../src/sync/plan/ledger-snapshot.ts";
import { changeHashes, type HashedPlan, planHash, planHashInSlices } from "../../../src/sync/plan/plan-hash.ts";
import { setEntry } from "../../support/entries.ts";
import { CountedSlices, EndlessSlice, judged, snapshotOf } from "../../support/judging.ts";
import { user, users } from "../../support/sync-users.ts";

const COUNT = 20;
const source = users(COUNT).map((one) => ({ user: one }));
const entries: Record<string, LedgerEntry> = Object.fromEntries(
  source.map(({ user }, at) => [user.accountNumber, { id: String(at), rules: {}, at: 0 }]),
);

/** Runs a part of planning with a time slice that is always over, and with one that never is. */
async function given(part: (slice: CountedSlices) => Promise<unknown>): Promise<number> {
  const slice = new CountedSlices();
  const often = await part(slice);
  expect(await part(new EndlessSlice() as unknown as CountedSlices)).toEqual(often);
  return slice.given;
}

it("Planning may yield to other work after every entry of the ledger", async () => {
  const ledger = memoryLedger();
  for (const [accountNumber, entry] of Object.entries(entries)) await setEntry(ledger, accountNumber, entry);
  expect(await given(async (slice) => (await LedgerSnapshot.read(ledger, slice)).size)).toBe(COUNT);
  const snapshot = await snapshotOf(entries);
  expect(await given((slice) => snapshot.accountNumbersOf(new Set(["1", "2"]), slice))).toBe(COUNT);
  expect(await given((slice) => snapshot.accountNumbersOf(new Set(), slice))).toBe(0);
  expect(await given((slice) => snapshot.missingFrom(new Set(), slice))).toBe(COUNT);
});

it("Judging may yield to other work after every user in each of its six loops", async () => {
  expect(await given((slice) => judged(source, { slice }))).toBe(6 * COUNT);
});

it("Checking data may yield to other work after every user in each of its loops", async () => {
  const byNumber = new Map(source.map(({ user }) => [user.accountNumber ?? "", user]));
  const oplead = { getCountry: async () => ({ counties: [] }) } as never;
  const shared = new SharedValues();
  for (const { user } of source) shared.add(user.accountNumber ?? "", user);
  const data = { users: byNumber, shared };
  expect(await given((slice) => checkData(oplead, data, slice, []))).toBe((1 + 2 * 3 + 1) * COUNT);
});

it("Hashing a plan may yield to other work after every change, every missing user, every move, every reason and every sorted list", async () => {
  const target = { platform: { baseUrl: "https://api.oplead.com", name: undefined }, testMode: false };
  const { changes } = await judged([{ user: user(0) }]);
  const missing = [{ accountNumber: "ACC-1", id: "1", since: undefined }];
  const plan = { ...target, changes: [], missing: [], moves: [], refusals: [] };
  const slicesOf = (more: object) => given((slice) => planHashInSlices({ ...plan, ...more }, slice));
  const lists = await slicesOf({});
  expect(lists).toBeGreaterThan(1);
  expect(await given((slice) => changeHashes(changes, slice))).toBe(1);
  const hashed = { changes: [{ hash: "Abc" }] };
  expect(await slicesOf(hashed)).toBe(lists + 1);
  expect(await slicesOf({ ...hashed, missing })).toBe(lists + 2);
  const moves = [{ from: "ACC-2", to: "NEW-2", id: "2", problem: undefined }];
  expect(await slicesOf({ ...hashed, missing, moves })).toBe(lists + 3);
  const refusals = [{ code: "empty_source", parameters: { population: 3 } }];
  expect(await slicesOf({ ...hashed, missing, moves, refusals })).toBe(lists + 4);
  const all = { ...plan, ...hashed, missing, moves, refusals } as HashedPlan;
  expect(planHash(all)).toBe(await planHashInSlices(all, new EndlessSlice()));
});
