import type { Ledger } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import type { Call } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";

/**
 * Runs a task while no other process works on the same user, if the ledger has leases. Waiting for the lease ends with the
 * call's deadline or signal.
 */
export async function withLease<T>(
  ledger: Ledger,
  accountNumber: string,
  transport: Transport,
  call: Call,
  task: () => Promise<T>,
): Promise<T> {
  if (!ledger.lease) return task();
  const waiting = new AbortController();
  const leasing = useLedger(async () => ledger.lease?.(accountNumber, waiting.signal));
  let release: (() => Promise<void>) | undefined;
  try {
    release = await transport.withinCall(leasing, call);
  } catch (error) {
    waiting.abort();
    // It may have been granted in the same moment.
    leasing.then((late) => late?.()).catch(() => {});
    throw error;
  }
  try {
    return await task();
  } finally {
    // A lease that cannot be given back ends by itself.
    await release?.().catch(() => {});
  }
}
