import { expect, it } from "vitest";
import type { LedgerInfo } from "../../src/ledger/ledger.ts";
import { createLedger, type LedgerStore, pauseRuns, readPause } from "../../src/sync/index.ts";
import { KeptApproval } from "../../src/sync/plan/approval.ts";
import { failureOf } from "../support/failure.ts";
import { describeLedger, entriesOf, entry, smallStore } from "../support/ledger-contract.ts";

describeLedger("a ledger of a store with get, replace and entries", async () => createLedger(smallStore()));

it("a store may give null instead of undefined for a missing entry", async () => {
  const store = smallStore();
  const ledger = createLedger({ ...store, get: async (name) => (await store.get(name)) ?? (null as never) });
  expect(await ledger.get("ACC-1")).toBeUndefined();
  expect(await ledger.readNote("pause")).toBeUndefined();
});

it("a ledger of a store has lease and replaceBoth only if its store has them", async () => {
  const least = createLedger(smallStore());
  expect(least.lease).toBeUndefined();
  expect(least.replaceBoth).toBeUndefined();
  const asked: unknown[] = [];
  const store: LedgerStore = {
    ...smallStore(),
    replaceBoth: async (...both) => {
      asked.push(both);
      return true;
    },
    lease: async (accountNumber) => {
      asked.push(accountNumber);
      return { left: () => 5, release: async () => {} };
    },
  };
  const full = createLedger(store);
  const both = [
    ["ACC-1", 0, entry("1")],
    ["ACC-2", 0, entry("2")],
  ] as const;
  expect(await full.replaceBoth?.(...both)).toBe(true);
  expect((await full.lease?.("ACC-3", new AbortController().signal))?.left()).toBe(5);
  expect(asked).toEqual([both, "ACC-3"]);
});

it.each(["replaceBoth", "getInfo", "setInfo", "lease", "close"])(
  "createLedger refuses a store whose %s is no function",
  async (name) => {
    const error = await failureOf(async () => createLedger({ ...smallStore(), [name]: "x" }));
    expect(error).toMatchObject({ code: "invalid_input", issues: [{ path: `store.${name}`, code: "not_function" }] });
  },
);

it("a store's getInfo and setInfo hold what a ledger knows about itself, and it closes its store", async () => {
  let info: LedgerInfo | undefined;
  let closed = 0;
  const stored = new Map<string, string>();
  const ledger = createLedger({
    ...smallStore(stored),
    getInfo: async () => info,
    setInfo: async (facts) => {
      info = { ...info, ...facts };
    },
    close: async () => {
      closed += 1;
    },
  });
  await ledger.setInfo({ entries: 3 });
  expect(await ledger.getInfo()).toEqual({ entries: 3 });
  expect(stored.size).toBe(0);
  {
    await using used = ledger;
    expect(await entriesOf(used)).toEqual([]);
  }
  expect(closed).toBe(1);
});

it("a broken entry of a store counts as damaged, and facts of the ledger in a wrong form are dropped", async () => {
  const stored = new Map([["ACC-1", '{"rules":null}']]);
  const ledger = createLedger(smallStore(stored));
  expect(await ledger.get("ACC-1")).toMatchObject({ damaged: true });
  expect(await entriesOf(ledger)).toMatchObject([["ACC-1", { damaged: true }]]);
  await ledger.setInfo({ entries: 3 });
  const [account] = [...stored.keys()].filter((name) => name !== "ACC-1");
  stored.set(account ?? "", JSON.stringify({ revision: 1, rules: {}, at: 1, note: '{"entries":"many"}' }));
  expect(await ledger.getInfo()).toEqual({});
});

it.each([
  ["the note in it is no text", '{"revision":1,"rules":{},"at":1,"note":7}'],
  ["the entry is no object", "7"],
])("a note of the ledger in a damaged entry (%s) does not look absent, and can be replaced", async (_what, damaged) => {
  const stored = new Map<string, string>();
  const ledger = createLedger(smallStore(stored));
  for (const name of ["pause", "key", "approval"] as const) await ledger.writeNote(name, undefined, "whole");
  for (const account of stored.keys()) stored.set(account, damaged);
  expect((await failureOf(readPause(ledger))).message).toContain("The pause of the runs is damaged.");
  expect(await ledger.fingerprints(true)).toMatchObject({ key: undefined, problem: "damaged" });
  expect(await KeptApproval.read(ledger, 5)).toBeUndefined();
  await KeptApproval.keep(ledger, [], { plan: "Abc123Abc123", at: 5 });
  expect(await KeptApproval.read(ledger, 5)).toMatchObject({ plan: "Abc123Abc123" });
  expect(await pauseRuns(ledger, { until: new Date(Date.now() + 60_000), by: "Ana" })).toBeUndefined();
  expect(await readPause(ledger)).toMatchObject({ by: "Ana" });
});

it("a reserved account number is neither found nor written as a user", async () => {
  const stored = new Map<string, string>();
  const ledger = createLedger(smallStore(stored));
  await ledger.writeNote("key", undefined, "secret");
  const [account = ""] = [...stored.keys()];
  expect(account.startsWith(" ")).toBe(true);
  expect(await ledger.get(account)).toBeUndefined();
  expect(await failureOf(ledger.replace(account, 1, entry("1")))).toMatchObject({ code: "invalid_input" });
  expect(await ledger.readNote("key")).toBe("secret");
});

it("whatever a store throws becomes ledger_unavailable with its cause", async () => {
  const cause = new Error("store down");
  const fail = () => Promise.reject(cause);
  const failing: LedgerStore = {
    get: fail,
    replace: fail,
    // biome-ignore lint/correctness/useYield: it fails before.
    async *entries() {
      throw cause;
    },
  };
  const ledger = createLedger(failing);
  const calls = [
    () => ledger.get("ACC-1"),
    () => ledger.replace("ACC-1", 0, entry("1")),
    () => entriesOf(ledger),
    () => ledger.getInfo(),
    () => ledger.readNote("pause"),
  ];
  for (const call of calls) expect(await failureOf(call())).toMatchObject({ code: "ledger_unavailable", cause });
});

it("createLedger refuses a value that is not a store, and unknown options", () => {
  expect(() => createLedger({ get: async () => undefined } as never)).toThrow("store.replace");
  expect(() => createLedger(smallStore(), { ledgerKey: "short" })).toThrow("ledgerKey");
  expect(() => createLedger(smallStore(), { ledgerKeys: "x" } as never)).toThrow("ledgerKeys: is not an option");
});
