import { KeyedLock } from "../core/keyed.ts";
import { timer, withLimit } from "../core/time.ts";
import { argumentsCheck, ledger as ledgerSchema, text } from "../core/validate.ts";
import { getOrMake } from "../core/values.ts";
import { type EntryLease, type Lease, type Ledger, leasesOf, ledgerConflict, useLedger } from "../ledger/ledger.ts";
import type { Transport } from "../transport/transport.ts";
import { type ChangeEntry, EntryWriter, isKnown } from "./entry-writer.ts";

const locks = new WeakMap<Ledger, KeyedLock>();

/**
 * Runs a task while no other task of this process works on the same entry. Two reconciliations of one user therefore
 * run one after the other, and no other task of this process changes the entry between the reading and the writing of a
 * task. `wait` can give up waiting by throwing.
 */
export function withEntry<T>(
  ledger: Ledger,
  accountNumber: string,
  task: () => Promise<T>,
  wait: (previous: Promise<void>) => Promise<void> = (previous) => previous,
): Promise<T> {
  return getOrMake(locks, ledger, () => new KeyedLock()).run(accountNumber, wait, task);
}

/** A lease, with the entry if the ledger gives both in one step. */
export type TakenLease = Lease & Partial<EntryLease>;

/**
 * Runs a task while no other process works on the same user, if the ledger has leases. `wait` waits for the lease, and
 * can give up by throwing. `task` receives the lease; undefined if the ledger has no leases.
 */
export async function withLease<T>(
  ledger: Ledger,
  accountNumber: string,
  wait: (leasing: Promise<TakenLease>) => Promise<TakenLease> | TakenLease,
  task: (lease: TakenLease | undefined) => Promise<T>,
): Promise<T> {
  const take = leasesOf(ledger);
  if (!take) return task(undefined);
  const waiting = new AbortController();
  const leasing = useLedger(async () => take(accountNumber, waiting.signal));
  let lease: TakenLease;
  try {
    lease = await wait(leasing);
  } catch (error) {
    waiting.abort();
    // The ledger may have granted the lease while the wait was given up. If so, give the lease back.
    leasing.then((late) => late.release()).catch(() => {});
    throw error;
  }
  try {
    return await task(lease);
  } finally {
    // If giving the lease back fails, the lease ends by itself.
    await lease.release().catch(() => {});
  }
}

/** How long a user waits for another process before a line is logged. */
const LONG_MS = 2_000;
/**
 * After a line about a long wait, no further such line is logged for the same ledger for this many milliseconds,
 * because many users may wait at once.
 */
const QUIET_MS = 60_000;
const toldAt = new WeakMap<Ledger, number>();

/**
 * Waits for a lease, and logs a long wait. If a process was killed, its users stay locked until its leases end, and
 * only this line shows it.
 */
export async function tellIfLong<T>(
  ledger: Ledger,
  { clock, settings }: Pick<Transport, "clock" | "settings">,
  fields: { readonly accountNumber: string; readonly run: string | undefined },
  wait: () => Promise<T>,
): Promise<T> {
  const tell = (): void => {
    if (clock.now() - (toldAt.get(ledger) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    toldAt.set(ledger, clock.now());
    settings.logger?.warn(
      `oplead-sdk: user ${fields.accountNumber} waits for another process, and others may too. If that process was killed, its ` +
        "users are free when its leases end (leaseMs of the ledger, 30 s by default)",
      { event: "lease_waiting", ...fields },
    );
  };
  const end = timer(LONG_MS, undefined, clock, tell, () => {});
  try {
    return await wait();
  } finally {
    end();
  }
}

/** How long to wait for a process that works on the user. */
const PATIENCE_MS = 60_000;

/**
 * Changes an entry without sending anything. It first waits for a running reconciliation of the user to end, because
 * the reconciliation would fail if the revision of the entry changed meanwhile.
 *
 * @throws {@link OpleadError} `ledger_conflict` if other processes never stop writing it; `ledger_unavailable`.
 */
export async function changeEntry(ledger: Ledger, accountNumber: string, change: ChangeEntry): Promise<void> {
  const writer = new EntryWriter(ledger, accountNumber);
  await alone(ledger, accountNumber, () => writer.update(change));
}

// While the task runs, no other task works on the user: in this process, and with leases in no other either.
export function alone<T>(ledger: Ledger, accountNumber: string, task: () => Promise<T>): Promise<T> {
  return withEntry(ledger, accountNumber, () =>
    withLease(
      ledger,
      accountNumber,
      (leasing) =>
        withLimit(leasing, PATIENCE_MS, () => {
          throw ledgerConflict(`Another process has worked on the user for ${PATIENCE_MS / 1000} seconds.`);
        }),
      task,
    ),
  );
}

const checkArguments = /* @__PURE__ */ argumentsCheck("forgetUser", () => ({
  ledger: ledgerSchema(),
  accountNumber: text(),
}));

/**
 * Makes the ledger forget a user: the next run looks it up by its account number and sends it again. A ledger cannot
 * delete, so an entry without id and content is left.
 *
 * @returns whether the ledger knew the user. @throws {@link OpleadError} `ledger_conflict`, `ledger_unavailable`.
 */
export async function forgetUser(ledger: Ledger, accountNumber: string): Promise<boolean> {
  checkArguments({ ledger, accountNumber });
  let wasKnown = false;
  await changeEntry(ledger, accountNumber, (entry) => {
    wasKnown = entry !== undefined && isKnown(entry);
    return wasKnown ? { rules: {}, at: Date.now() } : undefined;
  });
  return wasKnown;
}
