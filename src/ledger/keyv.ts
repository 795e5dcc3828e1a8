import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { KeyedLock } from "../core/keyed.ts";
import type { Closeable } from "../core/run-time.ts";
import { withLimit } from "../core/time.ts";
import * as check from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellStore } from "../locales/en/core.ts";
import { ledgerOf } from "./create-ledger.ts";
import { DEFAULT_TTL_MS, type DeliveryStore } from "./deliveries.ts";
import { damagedEntry, readEntry, readInfo, withFields } from "./entry.ts";
import { type Ledger, type LedgerEntry, type LedgerInfo, type LedgerStore, ledgerError } from "./ledger.ts";
import { isReserved } from "./notes.ts";
import { keyShape, type LedgerKeyOptions } from "./version.ts";

/** The part of a Keyv (5.4 and newer, or 6) that the package uses. Any object of this form can be used. */
export interface KeyvLike {
  /** Must be true in Keyv 5, because otherwise it hides errors. Keyv 6 does not have it. See {@link keyvLedger}. */
  readonly throwOnErrors?: boolean;
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
  /** Lists the keys and values of the namespace. Undefined if the store cannot list them. */
  readonly iterator?: unknown;
  on?(event: "error", listener: (error: unknown) => void): unknown;
  off?(event: "error", listener: (error: unknown) => void): unknown;
}

/** Options of {@link keyvLedger}. */
export interface KeyvLedgerOptions extends LedgerKeyOptions {
  /**
   * How long one read or write may take, in milliseconds. There is a limit, because some clients wait forever for a
   * lost server. Default 30,000.
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * A ledger in any store that Keyv has an adapter for and that can list its keys: Redis, Valkey, PostgreSQL, MySQL,
 * MongoDB, SQLite, etcd, memory. Several processes can share it, one after the other: Keyv has no compare-and-set and
 * no leases, so **two processes that work at the same time can create a user twice**, or leave an older state of the
 * user in Oplead. If one process writes the entry of a user while another process sends this user, the ledger notices
 * the conflict, and the next run corrects the user. It does not notice two writes within the same few milliseconds.
 * Where processes work at the same time, use `redisLedger` of `oplead-sdk/redis`.
 *
 * Create the Keyv with `throwOnErrors: true`, and give this option to its adapter as well if the adapter has it. Keyv 6
 * needs no such option. Give the Keyv a namespace of its own, and no `ttl`, which would make the ledger forget. Closing
 * the ledger does not disconnect the Keyv.
 *
 * ```ts
 * const store = new KeyvRedis(url, { throwOnErrors: true });
 * const ledger = keyvLedger(new Keyv(store, { namespace: "oplead", throwOnErrors: true }));
 * ```
 *
 * @throws {@link OpleadError} `invalid_options` when the Keyv hides errors or cannot list its keys; from the methods,
 * `ledger_unavailable` when the store fails.
 */
export function keyvLedger(keyv: KeyvLike, options: KeyvLedgerOptions = {}): Ledger & Closeable {
  check.requireNoIssues("keyvLedger: this cannot be a ledger", [...storeIssues(keyv), ...findOptionIssues(options)]);
  const { timeoutMs = 30_000 } = options;
  const list = keyv.iterator;
  const watch = <T>(task: () => Promise<T>): Promise<T> => watched(keyv, timeoutMs, task);
  const put = async (key: string, value: unknown): Promise<void> => {
    if ((await keyv.set(key, value)) === false) throw new Error("the store refused the write");
  };
  const readOwnInfo = async (): Promise<LedgerInfo | undefined> => readInfo(await keyv.get("info"));

  const get = async (accountNumber: string): Promise<LedgerEntry | undefined> => {
    const stored = await watch(() => keyv.get(keyOf(accountNumber)));
    if (isStored(stored)) return stored.entry;
    // A value under a reserved account number can only be a note of the package. If such a note cannot be read, the
    // entry counts as damaged: the note may be a pause, and a run must not start as if there were no pause.
    return stored != null && isReserved(accountNumber) ? damagedEntry : undefined;
  };
  const writes = new KeyedLock();

  const store: LedgerStore = {
    get,
    // The replacement is atomic only within this process. If another process has written the entry while the user was
    // sent, the revision has changed, and the entry is not replaced.
    replace: (accountNumber, expectedRevision, entry) =>
      writes.run(
        accountNumber,
        (previous) => previous,
        async () => {
          const stored = await get(accountNumber);
          if (((stored && readEntry(stored).revision) ?? 0) !== expectedRevision) return false;
          await watch(() => put(keyOf(accountNumber), { accountNumber, entry } satisfies Stored));
          return true;
        },
      ),
    async *entries() {
      const iterator = await watch(async () => (list as () => AsyncIterator<readonly [string, unknown]>).call(keyv));
      try {
        for (;;) {
          const { done, value } = await watch(() => iterator.next());
          if (done) return;
          const [, stored] = value;
          if (isStored(stored)) yield [stored.accountNumber, stored.entry] as const;
        }
      } finally {
        // The call is not awaited, because a store that has not answered would not answer this call either.
        (async () => iterator.return?.())().catch(() => {});
      }
    },
    getInfo: () => watch(readOwnInfo),
    setInfo: (more) => watch(async () => put("info", withFields(await readOwnInfo(), more))),
  };
  return ledgerOf(store, options);
}

const findOptionIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<KeyvLedgerOptions>({ ...keyShape(), timeoutMs: check.number(1, check.MAX_TIMER_MS) }),
);

const findKeyvIssues = /* @__PURE__ */ check.issueFinder(() =>
  z.object(
    {
      throwOnErrors: check.valueThat((value) => value === true, tellStore("hides_errors")),
      iterator: check.func(tellStore("cannot_list")),
    },
    check.says(tellStore("not_keyv")),
  ),
);

/**
 * Keyv 6 has no `throwOnErrors`: it tells the listener of this file about each failure. It always has an iterator,
 * which lists nothing if the store cannot list its keys.
 */
function storeIssues(keyv: unknown): OpleadIssue[] {
  const { throwOnErrors, getRaw, store } = Object(keyv);
  const isVersion6 = throwOnErrors === undefined && typeof getRaw === "function";
  if (!isVersion6) return findKeyvIssues(keyv);
  const { iterator, capabilities, store: wrapped } = Object(store);
  const { methods } = Object(capabilities);
  const isListed = !methods || methods.iterator?.exists || typeof Object(wrapped).entries === "function";
  return typeof iterator === "function" && isListed ? [] : [issueAt("iterator", tellStore("cannot_list"))];
}

/**
 * A stored value also contains the account number, because some stores list keys without the part that Keyv takes for a
 * prefix.
 */
interface Stored {
  readonly accountNumber: string;
  readonly entry: LedgerEntry;
}

function keyOf(accountNumber: string): string {
  return `user/${accountNumber}`;
}

function isStored(value: unknown): value is Stored {
  return isObject(value) && typeof value.accountNumber === "string" && value.entry !== undefined;
}

/**
 * Runs an operation and throws if the store fails. Some adapters report a failure only as an event and answer as if the
 * store were empty; others never answer.
 */
async function watched<T>(keyv: KeyvLike, timeoutMs: number, task: () => Promise<T>): Promise<T> {
  let reported: { error: unknown } | undefined;
  const stop = onError(keyv, (error) => {
    reported = { error };
  });
  try {
    const result = await withLimit(task(), timeoutMs, () => {
      throw new Error(`no answer within ${timeoutMs} ms`);
    });
    if (!reported) return result;
  } catch (error) {
    reported ??= { error };
  } finally {
    stop();
  }
  throw ledgerError("The ledger's Keyv store failed.", reported.error);
}

type ErrorListener = (error: unknown) => void;

/**
 * The running operations of each Keyv. All of them share one listener, because Node warns if there are more than ten
 * listeners.
 */
const underWay = new WeakMap<KeyvLike, { readonly listeners: Set<ErrorListener>; readonly tell: ErrorListener }>();

/** Calls a listener with each error that a Keyv reports. Returns a function that removes the listener. */
function onError(keyv: KeyvLike, listener: ErrorListener): () => void {
  let all = underWay.get(keyv);
  if (!all) {
    const listeners = new Set<ErrorListener>();
    all = { listeners, tell: (error) => listeners.forEach((each) => void each(error)) };
    underWay.set(keyv, all);
    keyv.on?.("error", all.tell);
  }
  const { listeners, tell } = all;
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    underWay.delete(keyv);
    keyv.off?.("error", tell);
  };
}

/** Options of {@link keyvDeliveries}. */
export interface KeyvDeliveriesOptions {
  /** How long the id of a delivery is kept, in milliseconds. Default four days. */
  readonly ttlMs?: number | undefined;
}

const checkKeyv = /* @__PURE__ */ check.argumentsCheck("keyvDeliveries", () => ({
  keyv: check.withMethods(["get", "set"], tellStore("not_keyv")),
}));

const checkOptions = /* @__PURE__ */ check.optionsCheck<KeyvDeliveriesOptions>("keyvDeliveries", () =>
  check.options({ ttlMs: check.number(1, Number.MAX_SAFE_INTEGER) }),
);

/**
 * A delivery store in a Keyv, which several processes can share. Keyv has no atomic write, so two receivers that get
 * the same delivery at the same moment both handle it.
 *
 * @throws {@link OpleadError} `invalid_options`, `invalid_input`.
 */
export function keyvDeliveries(
  keyv: Pick<KeyvLike, "get" | "set">,
  options: KeyvDeliveriesOptions = {},
): DeliveryStore {
  checkKeyv({ keyv });
  checkOptions(options);
  const { ttlMs = DEFAULT_TTL_MS } = options;
  const keyOf = (id: string): string => `oplead-delivery:${id}`;
  return {
    has: async (id) => {
      const stored = await keyv.get(keyOf(id));
      // Some stores return null for a missing key.
      return stored !== undefined && stored !== null;
    },
    add: async (id) => {
      await keyv.set(keyOf(id), 1, ttlMs);
    },
  };
}
