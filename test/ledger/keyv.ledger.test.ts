import Keyv from "keyv";
import { describe, expect, it } from "vitest";
import { damagedEntry } from "../../src/ledger/entry.ts";
import type { KeyvLike } from "../../src/ledger/keyv.ts";
import { keyvLedger, type Ledger } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { describeErasing, describeLedger, entriesOf, entry } from "../support/ledger-contract.ts";

describeLedger("keyvLedger over a Map", async () => keyvLedger(new Keyv({ throwOnErrors: true })));
describeLedger(
  "keyvLedger without a namespace",
  // Keyv's type demands a string, but Keyv itself accepts undefined for no namespace.
  async () => keyvLedger(new Keyv({ throwOnErrors: true, namespace: undefined as unknown as string })),
);
describeErasing("keyvLedger", async () => {
  const store = new Map<string, unknown>();
  const ledger = keyvLedger(new Keyv({ store, throwOnErrors: true }));
  return { ledger, stored: async () => JSON.stringify([...store]) };
});

describe("keyvLedger", () => {
  it("keyvLedger refuses a Keyv that hides errors, because a store that is down would look empty", () => {
    expect(() => keyvLedger(new Keyv())).toThrow("throwOnErrors: must be true");
  });

  it("many operations at the same time add one listener to the Keyv, and take it away again", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    const listeners = () => keyv.listeners("error").length;
    const before = listeners();
    const ledger = keyvLedger(keyv);
    const reads = Array.from({ length: 50 }, (_, index) => ledger.get(`HR-${index}`));
    expect(listeners()).toBe(before + 1);
    await Promise.all(reads);
    expect(listeners()).toBe(before);
  });

  it("keyvLedger refuses a store that cannot list its keys", () => {
    const store = {
      get: async () => undefined,
      set: async () => true,
      delete: async () => true,
      clear: async () => {},
    };
    expect(() => keyvLedger(new Keyv(store as never, { throwOnErrors: true }))).toThrow("cannot list its keys");
  });

  it.each(["throws", "reports an error and answers as if it were empty", "answers false"])(
    "keyvLedger throws ledger_unavailable if its store %s",
    async (how) => {
      const keyv = new Keyv({ throwOnErrors: true });
      const fail = async () => {
        if (how === "throws") throw new Error("store down");
        if (how.startsWith("reports")) keyv.emit("error", new Error("store down"));
        return how === "answers false" ? (false as never) : undefined;
      };
      const ledger = keyvLedger(keyv);
      keyv.get = fail as never;
      keyv.set = fail as never;
      expect(await failureOf(() => setEntry(ledger, "ACC-1", entry("1")))).toMatchObject({
        code: "ledger_unavailable",
      });
      if (how !== "answers false") {
        const error = await failureOf(() => ledger.get("ACC-1"));
        expect(error).toMatchObject({ code: "ledger_unavailable", cause: { message: "store down" } });
      }
    },
  );

  it("keyvLedger refuses unknown and wrong options, and a value that is not a Keyv", () => {
    const keyv = new Keyv({ throwOnErrors: true });
    expect(() => keyvLedger(keyv, { timeOutMs: 5 } as never)).toThrow("timeOutMs: is not an option");
    // A timer with a longer delay than 2 ** 31 - 1 ms would wait only 1 ms.
    for (const timeoutMs of [-1, 0, 2 ** 31]) expect(() => keyvLedger(keyv, { timeoutMs })).toThrow("timeoutMs");
    for (const timeoutMs of [1, 2 ** 31 - 1]) expect(() => keyvLedger(keyv, { timeoutMs })).not.toThrow();
    for (const other of [null, undefined, "redis://localhost"]) {
      expect(() => keyvLedger(other as never)).toThrow("must be a Keyv");
    }
  });

  it("keyvLedger gives up waiting for its store after timeoutMs", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    keyv.get = (() => new Promise(() => {})) as never;
    const error = await failureOf(() => keyvLedger(keyv, { timeoutMs: 20 }).get("ACC-1"));
    expect(error).toMatchObject({ code: "ledger_unavailable", cause: { message: "no answer within 20 ms" } });
  });

  it("keyvLedger closes the store's iterator if the code that reads the entries stops early", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    await setEntry(keyvLedger(keyv), "ACC-1", entry("1"));
    let closed = 0;
    const list = keyv.iterator as unknown as () => AsyncIterable<unknown>;
    keyv.iterator = async function* () {
      try {
        yield* list.call(keyv);
      } finally {
        closed += 1;
      }
    } as never;
    for await (const _ of keyvLedger(keyv).entries()) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(1);
    keyv.iterator = (() => {
      throw new Error("cannot list");
    }) as never;
    expect(await failureOf(() => entriesOf(keyvLedger(keyv)))).toMatchObject({ code: "ledger_unavailable" });
  });

  it("keyvLedger ignores foreign values in its store, and marks a broken entry of its own as damaged", async () => {
    const keyv = new Keyv({ throwOnErrors: true });
    await keyv.set("something", "else");
    await keyv.set("user/ACC-9", 9);
    await keyv.set("user/ACC-6", null);
    await keyv.set("user/ACC-5", { accountNumber: 5, entry: entry("5") });
    await keyv.set("user/ACC-4", { accountNumber: "ACC-4" });
    await keyv.set("user/ACC-8", { accountNumber: "ACC-8", entry: { rules: null } });
    const ledger: Ledger = keyvLedger(keyv);
    await setEntry(ledger, "ACC-1", entry("1"));
    expect(await entriesOf(ledger)).toEqual([
      ["ACC-1", entry("1")],
      ["ACC-8", damagedEntry],
    ]);
    for (const foreign of ["ACC-9", "ACC-6", "ACC-5", "ACC-4"]) expect(await ledger.get(foreign)).toBeUndefined();
  });

  it.each([[9], [{ accountNumber: " oplead pause", entry: { revision: 5, rules: null } }]])(
    "a note of keyvLedger that is stored as %j is damaged, and can be replaced",
    async (stored) => {
      const keyv = new Keyv({ throwOnErrors: true });
      await keyv.set("user/ oplead pause", stored);
      const ledger = keyvLedger(keyv);
      expect(await ledger.readNote("pause")).toBe("");
      expect(await ledger.writeNote("pause", undefined, "new")).toBe(false);
      expect(await ledger.writeNote("pause", "", "new")).toBe(true);
      expect(await ledger.readNote("pause")).toBe("new");
    },
  );

  it("keyvLedger listens for errors of its store only during a call, and works with a store without events", async () => {
    const values = new Map<string, unknown>();
    const plain: KeyvLike = {
      throwOnErrors: true,
      get: async (key) => values.get(key),
      set: async (key, value) => values.set(key, value),
      iterator: () => values.entries(),
    };
    const listeners = new Set<unknown>();
    let most = 0;
    const telling: KeyvLike = {
      ...plain,
      on: (_event, listener) => {
        listeners.add(listener);
        most = Math.max(most, listeners.size);
      },
      off: (_event, listener) => listeners.delete(listener),
    };
    for (const keyv of [plain, telling]) {
      const ledger = keyvLedger(keyv);
      await setEntry(ledger, "ACC-1", entry("1"));
      expect(await ledger.get("ACC-1")).toEqual(entry("1"));
    }
    expect([most, listeners.size]).toEqual([1, 0]);
  });
});
