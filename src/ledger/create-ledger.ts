import { isOpleadError } from "../core/errors.ts";
import { type Closeable, closeable } from "../core/run-time.ts";
import { argumentsCheck, optionsCheck, options as optionsSchema, store as storeSchema } from "../core/validate.ts";
import { isObject, jsonIn } from "../core/values.ts";
import { readEntry, readInfo, withFields } from "./entry.ts";
import {
  inLists,
  type Ledger,
  type LedgerInfo,
  type LedgerStore,
  ledgerConflict,
  ledgerFailure,
  listsOf,
  useLedger,
} from "./ledger.ts";
import { entryNotes, isReserved, type Notes, refuseReserved, storedNote } from "./notes.ts";
import { type Fingerprints, fingerprintsOf, keyShape, type LedgerKeyOptions, type LedgerKeyPlace } from "./version.ts";

/**
 * Makes a ledger from a store of your own: a table, a bucket, a service. `get`, `replace` and `entries` are enough.
 *
 * ```ts
 * const ledger = createLedger({ get, replace, entries }, { ledgerKey: process.env.OPLEAD_LEDGER_KEY });
 * ```
 *
 * If the store has no `lease`, only one process at a time may work with it: see {@link LedgerStore}.
 *
 * @throws {@link OpleadError} `invalid_input` if it is not a store, `invalid_options`; from the methods,
 * `ledger_unavailable` if the store fails.
 */
export function createLedger(store: LedgerStore, options: LedgerKeyOptions = {}): Ledger & Closeable {
  checkStore({ store });
  checkOptions(options);
  return ledgerOf(store, options);
}

const checkStore = /* @__PURE__ */ argumentsCheck("createLedger", () => ({ store: storeSchema() }));

const checkOptions = /* @__PURE__ */ optionsCheck<LedgerKeyOptions>("createLedger", () => optionsSchema(keyShape()));

// `place`: where the ledger's own key is kept.
export function ledgerOf(
  store: LedgerStore,
  options: LedgerKeyOptions,
  notes: Notes = entryNotes(store),
  place: Exclude<LedgerKeyPlace, "option"> = "store",
): Ledger & Closeable {
  const info = infoOf(store);
  const presence = place === "store" && !store.lease ? presenceIn(store) : undefined;
  const keys = keysOf(notes, options, place);
  const ledger: Ledger & { endsWithProcess?: boolean } = {
    keyPlace: keys.keyPlace,
    fingerprints: (isWriting) => useLedger(() => keys.fingerprints(isWriting)),
    get: (accountNumber) =>
      useLedger(async () => {
        const stored = isReserved(accountNumber) ? undefined : await store.get(accountNumber);
        // JavaScript may give null for a missing entry.
        return stored ? readEntry(stored) : undefined;
      }),
    replace: (accountNumber, expectedRevision, entry) =>
      useLedger(async () => {
        refuseReserved(accountNumber);
        return store.replace(accountNumber, expectedRevision, entry);
      }),
    entries: () =>
      inLists(async function* () {
        try {
          for await (const list of listsOf(store.entries())) {
            const own = list.filter(([accountNumber]) => !isReserved(accountNumber));
            yield own.map(([accountNumber, entry]) => [accountNumber, readEntry(entry)] as const);
          }
        } catch (error) {
          throw ledgerFailure(error);
        }
      }),
    getInfo: () => useLedger(info.get),
    setInfo: (more) => useLedger(() => info.set(more)),
    readNote: (name) => useLedger(() => notes.readNote(name)),
    writeNote: (name, expected, value) => useLedger(() => notes.writeNote(name, expected, value)),
    close: () =>
      useLedger(async () => {
        await presence?.end().catch(() => {});
        await store.close?.();
      }),
  };
  // The ledger has these only if the store supports or needs them.
  if (place === "process") ledger.endsWithProcess = true;
  if (presence) ledger.noteAtWork = () => useLedger(() => presence.note());
  if (store.replaceBoth) {
    ledger.replaceBoth = (one, other) =>
      useLedger(async () => {
        for (const [accountNumber] of [one, other]) refuseReserved(accountNumber);
        return store.replaceBoth?.(one, other) ?? false;
      });
  }
  if (store.lease) {
    ledger.lease = (accountNumber, signal) =>
      useLedger(async () => {
        const lease = await store.lease?.(accountNumber, signal);
        if (!lease) throw new Error("the store has no leases any more");
        return lease;
      });
  }
  return closeable(ledger);
}

interface InfoPlace {
  get(): Promise<LedgerInfo | undefined>;
  set(info: Partial<LedgerInfo>): Promise<void>;
}

function infoOf(store: LedgerStore): InfoPlace {
  if (store.getInfo && store.setInfo) {
    return {
      get: async () => store.getInfo?.(),
      set: async (info) => store.setInfo?.(info),
    };
  }
  const note = storedNote(store, "info");
  return {
    get: async () => readInfo(jsonIn((await note.read()) ?? "")),
    set: ({ position: _, ...info }) =>
      note.update((text) => JSON.stringify(withFields(readInfo(jsonIn(text ?? "")), info))),
  };
}

const OWN_KEY = /^[\w-]{43}$/;

const ATTEMPTS = 5;

// If the file of the own key cannot be read, the ledger works without fingerprints: its entries can still be read.
export function keysOf(
  notes: Notes,
  { ledgerKey }: LedgerKeyOptions,
  place: Exclude<LedgerKeyPlace, "option">,
): Pick<Ledger, "fingerprints" | "keyPlace"> {
  const given = ledgerKey === undefined ? [] : typeof ledgerKey === "string" ? [ledgerKey] : ledgerKey;
  let settled: Fingerprints | undefined;
  // A plan makes fingerprints with this key. They are written only if the key was really stored.
  let candidate: string | undefined;

  const settle = (secrets: readonly string[]): Fingerprints => {
    settled = fingerprintsOf(secrets);
    return settled;
  };
  const stops = (error: unknown): boolean => given.length === 0 && (place !== "file" || !isOpleadError(error));

  async function find(isWriting: boolean): Promise<Fingerprints> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      let own: string | undefined;
      try {
        own = await notes.readNote("key");
      } catch (error) {
        if (stops(error)) throw error;
        return fingerprintsOf(given, given.length === 0 ? "unreadable" : undefined);
      }
      const isSound = own !== undefined && OWN_KEY.test(own);
      // The own key reads fingerprints from before the option `ledgerKey` was set.
      if (given.length > 0) return settle(isSound ? [...given, own as string] : given);
      if (own !== undefined) return isSound ? settle([own]) : fingerprintsOf([], "damaged");
      candidate ??= newKey();
      if (!isWriting) return fingerprintsOf([candidate]);
      try {
        await notes.writeNote("key", undefined, candidate);
        // The loop reads the key again: without a true compare-and-set another process may have written its own.
      } catch (error) {
        if (stops(error)) throw error;
        return fingerprintsOf([], "not_made");
      }
    }
    throw ledgerConflict("The key of the ledger changes faster than it can be read.");
  }

  return {
    keyPlace: given.length > 0 ? "option" : place,
    fingerprints: async (isWriting = false) => settled ?? find(isWriting),
  };
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const EVERY_MS = 30_000;
const FRESH_MS = 120_000;

// A killed process counts as working for two more minutes.
function presenceIn(store: LedgerStore): {
  note(): ReturnType<NonNullable<Ledger["noteAtWork"]>>;
  end(): Promise<void>;
} {
  const own = crypto.randomUUID();
  const place = storedNote(store, "worker");
  const { pid } = globalThis.process ?? {};
  let notedAt: number | undefined;
  return {
    async note() {
      const now = Date.now();
      if (notedAt !== undefined && now - notedAt < EVERY_MS) return undefined;
      notedAt = now;
      let other: { readonly pid: number | undefined; readonly at: number } | undefined;
      await place.update((text) => {
        const found = jsonIn(text ?? "");
        const isOther = isObject(found) && found.id !== own && typeof found.at === "number";
        other =
          isOther && Math.abs(now - Number(found.at)) < FRESH_MS
            ? { pid: typeof found.pid === "number" ? found.pid : undefined, at: Number(found.at) }
            : undefined;
        return JSON.stringify({ id: own, pid, at: now });
      });
      return other;
    },
    async end() {
      if (notedAt === undefined) return;
      notedAt = undefined;
      const text = await place.read();
      if (text?.includes(own)) await place.write(text, undefined);
    },
  };
}
