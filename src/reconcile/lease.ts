import { timer } from "../base/time/waits.ts";
import type { Lease, Ledger } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import type { Transport } from "../transport/transport.ts";

/**
 * Runs a task while no other process works on the same user, if the ledger has leases. `wait` waits for the lease, and can give
 * up by throwing. The task is given the lease; undefined without one.
 */
export async function withLease<T>(
  ledger: Ledger,
  accountNumber: string,
  wait: (leasing: Promise<Lease>) => Promise<Lease> | Lease,
  task: (lease: Lease | undefined) => Promise<T>,
): Promise<T> {
  const take = ledger.lease?.bind(ledger);
  if (!take) return task(undefined);
  const waiting = new AbortController();
  const leasing = useLedger(async () => take(accountNumber, waiting.signal));
  let lease: Lease;
  try {
    lease = await wait(leasing);
  } catch (error) {
    waiting.abort();
    // It may have been granted in the same moment.
    leasing.then((late) => late.release()).catch(() => {});
    throw error;
  }
  try {
    return await task(lease);
  } finally {
    // A lease that cannot be given back ends by itself.
    await lease.release().catch(() => {});
  }
}

/** How long a user waits for another process before it is said. */
const LONG_MS = 2_000;
/** How long it is not said again of a ledger, because many users wait at once. */
const QUIET_MS = 60_000;
const toldAt = new WeakMap<Ledger, number>();

/** Waits for a lease. A long wait is logged: a process that was killed keeps its users until its leases end, and nothing else shows that. */
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
