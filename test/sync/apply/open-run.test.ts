import { expect, it } from "vitest";
import { createLedger } from "../../../src/ledger/create-ledger.ts";
import type { Ledger, LedgerEntry } from "../../../src/ledger/ledger.ts";
import { moveUsers } from "../../../src/reconcile/move-users.ts";
import { user, users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const COUNT = 20;
const nextNight = { now: () => Date.now() + 12 * 3_600_000 };

// Without leases. Each process opens it anew.
function ownStore() {
  const entries = new Map<string, LedgerEntry>();
  const open = (): Ledger =>
    createLedger({
      get: async (accountNumber) => entries.get(accountNumber),
      replace: async (accountNumber, expected, entry) => {
        if ((entries.get(accountNumber)?.revision ?? 0) !== expected) return false;
        entries.set(accountNumber, entry);
        return true;
      },
      async *entries() {
        yield* [...entries];
      },
    });
  const note = (): string | undefined => entries.get(" oplead run")?.note;
  return { open, note, entries };
}

async function afterKill(concerned: readonly number[]) {
  const store = ownStore();
  on.ledger = store.open();
  await on.sync(users(COUNT));
  const source = users(COUNT).map((each, at) => (concerned.includes(at) ? { ...each, phone: "1" } : each));
  const before = new Map(store.entries);
  let noted = "";
  const sends: typeof fetch = async (url, init) => {
    if (init?.method === "PUT") noted ||= store.note() ?? "";
    return fetch(url, init);
  };
  on.ledger = store.open();
  await on.sync(source, { guard: false }, { fetch: sends });
  // As if the run had been killed before it wrote an entry: Oplead and ledger differ.
  for (const [name, entry] of before) store.entries.set(name, entry);
  store.entries.set(" oplead run", { rules: {}, at: 0, note: noted, revision: 9 });
  on.ledger = store.open();
  on.world.newRequests();
  return store;
}

const doubted = ({ entries }: ReturnType<typeof ownStore>): string[] =>
  [...entries].filter(([, { doubtedAt }]) => doubtedAt !== undefined).map(([name]) => name);

it("users that a killed run had sent are sent once more, although the source gives the state that the ledger has", async () => {
  const store = await afterKill([3, 4]);
  expect(on.world.fake.user("ACC-3")?.phone).toBe("1");
  expect((await on.sync(users(COUNT))).requests).toBe(0);
  expect(doubted(store)).toEqual(["ACC-3", "ACC-4"]);
  expect([(await on.sync(users(COUNT), nextNight)).requests, on.world.fake.user("ACC-3")?.phone]).toEqual([
    2,
    user(3).phone,
  ]);
  expect([(await on.sync(users(COUNT), nextNight)).requests, doubted(store)]).toEqual([0, []]);
});

it("if a killed run had sent a user, the next run notes a doubt about the user, because the earlier request may still arrive. The next run nevertheless sends the user's change", async () => {
  await afterKill([3]);
  const source = users(COUNT).map((each, at) => (at === 3 ? { ...each, phone: "2" } : each));
  expect(await on.sync(source)).toMatchObject({ status: "complete", stale: [], requests: 1 });
  expect(on.world.fake.user("ACC-3")?.phone).toBe("2");
});

it("a run that has ended, or that creates users only, leaves no note of the users that it has sent", async () => {
  const store = ownStore();
  on.ledger = store.open();
  await on.sync(users(2));
  expect(store.note()).toBeUndefined();
  await on.sync([user(0, { phone: "1" }), user(1)], { guard: false });
  expect(store.note()).toBeUndefined();
  await on.sync([user(0, { phone: "2" }), user(1)], { guard: false, limit: 1 });
  expect(store.note()).toBeUndefined();
});

it.each(["", "killed", "null", '[{"runId":"killed","at":0,"users":"x","bits":0,"packed":"*"}]'])(
  "a note of a run that cannot be read (%j) puts no user in doubt",
  async (note) => {
    const store = await afterKill([3]);
    store.entries.set(" oplead run", { rules: {}, at: 0, note, revision: 10 });
    expect(await on.sync(users(COUNT))).toMatchObject({ status: "complete" });
    expect([doubted(store), store.note()]).toEqual([[], undefined]);
  },
);

it("if the note of a killed run only says that the run had more users than a note can name, every user of the ledger is put in doubt", async () => {
  const store = await afterKill([3]);
  const note = JSON.stringify([{ runId: "killed", at: 0, users: 300_000, bits: 0, packed: "*" }]);
  store.entries.set(" oplead run", { rules: {}, at: 0, note, revision: 10 });
  await on.sync(users(COUNT));
  expect(doubted(store)).toHaveLength(COUNT);
});

it.each([
  ["moved twice", ["NEW-3", "LAST-3"]],
  ["moved and back", ["NEW-3", "ACC-3"]],
  ["moved twice and back", ["NEW-3", "LAST-3", "ACC-3"]],
])(
  "a user that a killed run had sent is put in doubt, although the user has been %s since that run",
  async (_, numbers) => {
    const store = await afterKill([3]);
    let from = "ACC-3";
    for (const to of numbers) {
      await moveUsers(on.ledger as Ledger, [[from, to]]);
      from = to;
    }
    await on.sync(
      users(COUNT).map((each) => (each.accountNumber === "ACC-3" ? { ...each, accountNumber: from } : each)),
    );
    expect(doubted(store)).toEqual([from]);
  },
);

it("if a user of a killed run was moved and another user got the old number, both are put in doubt, because the note of the killed run names the old number", async () => {
  const store = await afterKill([3]);
  await moveUsers(on.ledger as Ledger, [["ACC-3", "NEW-3"]]);
  await moveUsers(on.ledger as Ledger, [["ACC-4", "ACC-3"]]);
  const names = new Map([
    ["ACC-3", "NEW-3"],
    ["ACC-4", "ACC-3"],
  ]);
  await on.sync(
    users(COUNT).map((each) => ({ ...each, accountNumber: names.get(each.accountNumber) ?? each.accountNumber })),
  );
  expect(doubted(store).sort()).toEqual(["ACC-3", "NEW-3"]);
});
