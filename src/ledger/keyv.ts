import { invalid } from "../errors.ts";
import { INFO_KEY, readEntry, readInfo } from "./entry.ts";
import type { Ledger, LedgerEntry, LedgerInfo } from "./ledger.ts";
import { ledgerError } from "./ledger-error.ts";

/** What {@link keyvLedger} needs of a Keyv (5). Any object of this form will do. */
export interface KeyvLike {
  /** Must be true. See {@link keyvLedger}. */
  readonly throwOnErrors?: boolean;
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<unknown>;
  /** Lists keys and values of the namespace. Missing where the store cannot list. */
  readonly iterator?: unknown;
  on?(event: "error", listener: (error: unknown) => void): unknown;
  off?(event: "error", listener: (error: unknown) => void): unknown;
}

/** Options of {@link keyvLedger}. */
export interface KeyvLedgerOptions {
  /**
   * How long one read or write may take, in milliseconds. Some clients wait for a lost server for ever. Default 30,000.
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * A ledger in any store that Keyv has an adapter for and that can list its keys: Redis, Valkey, PostgreSQL, MySQL,
 * MongoDB, SQLite, etcd, memory. Several processes may share it; but only deliveries of one process wait for each other,
 * so two processes should not deliver the same user at the same moment: the ledger may remember what came first.
 *
 * Create the Keyv with `throwOnErrors: true`, in its adapter as well where it has the option, and a namespace of its own;
 * without a `ttl`, or the ledger forgets. The Keyv stays yours: closing the ledger does not disconnect it.
 *
 * ```ts
 * const store = new KeyvRedis(url, { throwOnErrors: true });
 * const ledger = keyvLedger(new Keyv(store, { namespace: "oplead", throwOnErrors: true }));
 * ```
 *
 * @throws {@link OpleadError} `invalid_options` when the Keyv hides errors or cannot list its keys; from the methods,
 * `ledger_unavailable` when the store fails.
 */
export function keyvLedger(keyv: KeyvLike, { timeoutMs = 30_000 }: KeyvLedgerOptions = {}): Ledger {
  const watch = <T>(task: () => Promise<T>): Promise<T> => watched(keyv, timeoutMs, task);
  if (typeof keyv !== "object" || keyv === null) {
    throw invalid("invalid_options", "keyvLedger", [{ path: "keyv", message: "must be a Keyv" }]);
  }
  const list = keyv.iterator;
  const issues = [];
  if (keyv.throwOnErrors !== true) {
    issues.push({
      path: "throwOnErrors",
      message: "must be true: otherwise a store that is down looks like an empty one, and every user like a new one",
    });
  }
  if (typeof list !== "function") {
    issues.push({ path: "iterator", message: "is missing: this store cannot list its keys, which planning needs" });
  }
  if (issues.length > 0) throw invalid("invalid_options", "keyvLedger: this Keyv cannot be a ledger", issues);

  const readOwnInfo = async (): Promise<LedgerInfo | undefined> => {
    const stored = (await keyv.get("info")) ?? (await keyv.get(keyOf(INFO_KEY)));
    return readInfo(isStored(stored) ? stored.entry : stored);
  };

  return {
    get: (accountNumber) =>
      watch(async () => {
        const stored = await keyv.get(keyOf(accountNumber));
        return isStored(stored) ? readEntry(stored.entry) : undefined;
      }),
    set: (accountNumber, entry) =>
      watch(async () => {
        const stored: Stored = { accountNumber, entry };
        if ((await keyv.set(keyOf(accountNumber), stored)) === false) throw new Error("the store refused the write");
      }),
    async *entries() {
      const iterator = await watch(async () => (list as () => AsyncIterator<readonly [string, unknown]>).call(keyv));
      try {
        for (;;) {
          const { done, value } = await watch(() => iterator.next());
          if (done) return;
          if (!isStored(value[1])) continue;
          const { accountNumber, entry } = value[1];
          if (accountNumber !== INFO_KEY) yield [accountNumber, readEntry(entry)] as const;
        }
      } finally {
        // Not waited for: where the store has not answered, this would wait behind that answer.
        (async () => iterator.return?.())().catch(() => {});
      }
    },
    getInfo: () => watch(readOwnInfo),
    setInfo: (facts) =>
      watch(async () => {
        const info = { ...(await readOwnInfo()), ...facts };
        if ((await keyv.set("info", info)) === false) throw new Error("the store refused the write");
      }),
    close: async () => {},
  };
}

/** The account number is in the value too: keys come back from some stores without what Keyv takes for a prefix. */
interface Stored {
  readonly accountNumber: string;
  readonly entry: LedgerEntry;
}

function keyOf(accountNumber: string): string {
  return `user/${accountNumber}`;
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== "object" || value === null) return false;
  const { accountNumber, entry } = value as Partial<Stored>;
  return typeof accountNumber === "string" && entry !== undefined;
}

/** Some adapters report their failures as events only, and answer as if there were nothing; others never answer. */
async function watched<T>(keyv: KeyvLike, timeoutMs: number, task: () => Promise<T>): Promise<T> {
  let reported: { error: unknown } | undefined;
  const listener = (error: unknown): void => {
    reported = { error };
  };
  keyv.on?.("error", listener);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    const result = await Promise.race([task(), late]);
    if (!reported) return result;
  } catch (error) {
    reported ??= { error };
  } finally {
    clearTimeout(timer);
    keyv.off?.("error", listener);
  }
  throw ledgerError("The ledger's Keyv store failed.", reported.error);
}
