import type { Lease, Ledger } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";

/**
 * Runs a task while no other process works on the same user, if the ledger has leases. `wait` waits for the lease, and can give
 * up by throwing. `leaseLeftMs` is asked right before each request; undefined without a lease.
 */
export async function withLease<T>(
  ledger: Ledger,
  accountNumber: string,
  wait: (leasing: Promise<Lease>) => Promise<Lease> | Lease,
  task: (leaseLeftMs: (() => number) | undefined) => Promise<T>,
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
    return await task(() => lease.left());
  } finally {
    // A lease that cannot be given back ends by itself.
    await lease.release().catch(() => {});
  }
}
