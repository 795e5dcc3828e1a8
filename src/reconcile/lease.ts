import type { Lease, Ledger } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";

/** How a task works under a lease; all undefined for a ledger without leases. */
export interface LeasedWork {
  /** Aborts with the caller's signal, and when another process may have taken over. */
  readonly signal: AbortSignal | undefined;
  /** {@link Lease.left}, asked right before each request. */
  readonly leaseLeftMs: (() => number) | undefined;
}

/**
 * Runs a task while no other process works on the same user, if the ledger has leases. `wait` waits for the lease, and can give
 * up by throwing.
 */
export async function withLease<T>(
  ledger: Ledger,
  accountNumber: string,
  wait: (leasing: Promise<Lease>) => Promise<Lease> | Lease,
  signal: AbortSignal | undefined,
  task: (work: LeasedWork) => Promise<T>,
): Promise<T> {
  const take = ledger.lease?.bind(ledger);
  if (!take) return task({ signal, leaseLeftMs: undefined });
  const waiting = new AbortController();
  const end = new AbortController();
  const leasing = useLedger(async () => take(accountNumber, waiting.signal, () => end.abort()));
  let lease: Lease;
  try {
    lease = await wait(leasing);
  } catch (error) {
    waiting.abort();
    // It may have been granted in the same moment.
    leasing.then((late) => late.release()).catch(() => {});
    throw error;
  }
  // Not AbortSignal.any: on Node 20 it keeps memory for as long as the given signal lives.
  const abort = (): void => end.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  try {
    return await task({ signal: end.signal, leaseLeftMs: () => lease.left() });
  } finally {
    signal?.removeEventListener("abort", abort);
    // A lease that cannot be given back ends by itself.
    await lease.release().catch(() => {});
  }
}
