import type { Ledger } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import type { Call } from "../transport/call.ts";
import type { Transport } from "../transport/transport.ts";

/**
 * Runs a task while no other process works on the same user, if the ledger has leases. Waiting ends with the call's deadline
 * or signal. The task's signal aborts with the given one, and when another process may have taken over.
 */
export async function withLease<T>(
  ledger: Ledger,
  accountNumber: string,
  transport: Transport,
  call: Call,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  const lease = ledger.lease?.bind(ledger);
  if (!lease) return task(signal);
  const waiting = new AbortController();
  const end = new AbortController();
  const leasing = useLedger(async () => lease(accountNumber, waiting.signal, () => end.abort()));
  let release: () => Promise<void>;
  try {
    release = await transport.withinCall(leasing, call);
  } catch (error) {
    waiting.abort();
    // It may have been granted in the same moment.
    leasing.then((late) => late()).catch(() => {});
    throw error;
  }
  // Not AbortSignal.any: on Node 20 it keeps memory for as long as the given signal lives.
  const abort = (): void => end.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  try {
    return await task(end.signal);
  } finally {
    signal?.removeEventListener("abort", abort);
    // A lease that cannot be given back ends by itself.
    await release().catch(() => {});
  }
}
