import { type Closeable, closeable } from "../base/closeable.ts";
import { jsonIn } from "../base/validation/json-in.ts";
import { store as storeSchema } from "../base/validation/parts.ts";
import { argumentsCheck, optionsCheck, options as optionsSchema } from "../base/validation/validate.ts";
import { presenceIn } from "./at-work.ts";
import { readEntry, readInfo } from "./entry.ts";
import { keyShape, type LedgerKeyOptions, type LedgerKeyPlace } from "./fingerprints.ts";
import { keysOf } from "./keys.ts";
import type { Ledger, LedgerInfo } from "./ledger.ts";
import { useLedger } from "./ledger-error.ts";
import { entryNotes, isReserved, type Notes, refuseReserved, storedNote } from "./notes.ts";
import type { LedgerStore } from "./store.ts";

/**
 * Makes a ledger of a store of your own: a table, a bucket, a service. `get`, `replace` and `entries` are enough.
 *
 * ```ts
 * const ledger = createLedger({ get, replace, entries }, { ledgerKey: process.env.OPLEAD_LEDGER_KEY });
 * ```
 *
 * Without `lease`, let one process at a time work with the store: see {@link LedgerStore}.
 *
 * @throws {@link OpleadError} `invalid_input` if it is not a store, `invalid_options`; from the methods, `ledger_unavailable` if the store
 * fails.
 */
export function createLedger(store: LedgerStore, options: LedgerKeyOptions = {}): Ledger & Closeable {
  checkStore({ store });
  checkOptions(options);
  return ledgerOf(store, options);
}

const checkStore = /* @__PURE__ */ argumentsCheck("createLedger", () => ({ store: storeSchema() }));

const checkOptions = /* @__PURE__ */ optionsCheck<LedgerKeyOptions>("createLedger", () => optionsSchema(keyShape()));

/** The ledger of a store. `notes`: for a store that keeps them elsewhere. `place`: where its own key is then. */
export function ledgerOf(
  store: LedgerStore,
  options: LedgerKeyOptions,
  notes: Notes = entryNotes(store),
  place: Exclude<LedgerKeyPlace, "option"> = "store",
): Ledger & Closeable {
  const info = infoOf(store);
  const presence = place === "store" && !store.lease ? presenceIn(store) : undefined;
  const keys = keysOf(notes, options, place);
  return closeable({
    keyPlace: keys.keyPlace,
    ...(place === "process" && { endsWithProcess: true }),
    fingerprints: (isWriting) => useLedger(() => keys.fingerprints(isWriting)),
    get: (accountNumber) =>
      useLedger(async () => {
        const stored = isReserved(accountNumber) ? undefined : await store.get(accountNumber);
        // A store written in JavaScript may say null of what it does not have.
        return stored ? readEntry(stored) : undefined;
      }),
    replace: (accountNumber, expectedRevision, entry) =>
      useLedger(async () => {
        refuseReserved(accountNumber);
        return store.replace(accountNumber, expectedRevision, entry);
      }),
    ...(store.replaceBoth && {
      replaceBoth: (one, other) =>
        useLedger(async () => {
          for (const [accountNumber] of [one, other]) refuseReserved(accountNumber);
          return store.replaceBoth?.(one, other) ?? false;
        }),
    }),
    ...(store.lease && {
      lease: (accountNumber, signal) =>
        useLedger(async () => {
          const lease = await store.lease?.(accountNumber, signal);
          if (!lease) throw new Error("the store has no leases any more");
          return lease;
        }),
    }),
    async *entries() {
      const listed = await useLedger(async () => store.entries()[Symbol.asyncIterator]());
      try {
        for (;;) {
          const { done, value } = await useLedger(() => listed.next());
          if (done) return;
          const [accountNumber, entry] = value;
          if (!isReserved(accountNumber)) yield [accountNumber, readEntry(entry)] as const;
        }
      } finally {
        await useLedger(async () => listed.return?.());
      }
    },
    getInfo: () => useLedger(info.get),
    setInfo: (facts) => useLedger(() => info.set(facts)),
    readNote: (name) => useLedger(() => notes.readNote(name)),
    writeNote: (name, expected, value) => useLedger(() => notes.writeNote(name, expected, value)),
    ...(presence && { noteAtWork: () => useLedger(() => presence.note()) }),
    close: () =>
      useLedger(async () => {
        await presence?.end().catch(() => {});
        await store.close?.();
      }),
  } satisfies Ledger);
}

interface InfoPlace {
  get(): Promise<LedgerInfo | undefined>;
  set(facts: Partial<LedgerInfo>): Promise<void>;
}

/** Where the facts about the ledger are: the store's own place, or an entry. */
function infoOf(store: LedgerStore): InfoPlace {
  if (store.getInfo && store.setInfo) {
    return {
      get: async () => store.getInfo?.(),
      set: async (facts) => store.setInfo?.(facts),
    };
  }
  const note = storedNote(store, "info");
  return {
    get: async () => readInfo(jsonIn((await note.read()) ?? "")),
    set: ({ position: _, ...facts }) =>
      note.update((text) => JSON.stringify({ ...readInfo(jsonIn(text ?? "")), ...facts })),
  };
}
