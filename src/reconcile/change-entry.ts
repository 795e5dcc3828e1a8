import { KeyedLock } from "../core/keyed.ts";
import { timer, withLimit } from "../core/time.ts";
import { argumentsCheck, ledger as ledgerSchema, text } from "../core/validate.ts";
import { getOrMake } from "../core/values.ts";
import { type EntryLease, type Lease, type Ledger, leasesOf, ledgerConflict, useLedger } from "../ledger/ledger.ts";
import type { Transport } from "../transport/transport.ts";
import { type ChangeEntry, EntryWriter, isKnown } from "./entry-writer.ts";

const locks = new WeakMap<Ledger, KeyedLock>();

// `wait` can give up waiting by throwing.
export function withEntry<T>(
  ledger: Ledger,
  accountNumber: string,
  task: () => Promise<T>,
  wait: (previous: Promise<void>) => Promise<void>,
): Promise<T> {
  return getOrMake(locks, ledger, () => new KeyedLock()).run(accountNumber, wait, task);
}

export type TakenLease = Lease & Partial<EntryLease>;

// `wait` can give up by throwing. The task gets no lease if the ledger has none.
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
    // The ledger may have granted the lease meanwhile.
    leasing.then((late) => late.release()).catch(() => {});
    throw error;
  }
  try {
    return await task(lease);
  } finally {
    // If this fails, the lease ends by itself.
    await lease.release().catch(() => {});
  }
}

const LONG_MS = 2_000;
// Many users may wait at once: each ledger gets one line in this time.
const QUIET_MS = 60_000;
const toldAt = new WeakMap<Ledger, number>();

// After a process was killed, only this line shows that its users wait for the end of its leases.
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

const PATIENCE_MS = 60_000;

// Waits for a reconciliation of the user to end, which would fail if the revision changed meanwhile.
export async function changeEntry(ledger: Ledger, accountNumber: string, change: ChangeEntry): Promise<void> {
  const writer = new EntryWriter(ledger, accountNumber);
  await alone(ledger, accountNumber, () => writer.update(change));
}

// Runs the task alone for the user: in this process, and with leases in all processes.
export function alone<T>(ledger: Ledger, accountNumber: string, task: () => Promise<T>): Promise<T> {
  const wait = (leasing: Promise<TakenLease>) =>
    withLimit(leasing, PATIENCE_MS, () => {
      throw ledgerConflict(`Another process has worked on the user for ${PATIENCE_MS / 1000} seconds.`);
    });
  const leased = () => withLease(ledger, accountNumber, wait, task);
  return withEntry(ledger, accountNumber, leased, (previous) => previous);
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
