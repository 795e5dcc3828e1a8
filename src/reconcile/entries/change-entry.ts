import { withLimit } from "../../base/time/waits.ts";
import { withEntry } from "../../ledger/entry-lock.ts";
import type { Lease, Ledger } from "../../ledger/ledger.ts";
import { ledgerConflict } from "../../ledger/ledger-error.ts";
import { withLease } from "../lease.ts";
import { type ChangeEntry, EntryWriter } from "./entry-writer.ts";

/** How long to wait for a process that works on the user. */
const PATIENCE_MS = 60_000;

/**
 * Changes an entry without sending anything: before or after a reconciliation of the user, and never in the middle of one,
 * which would find a revision that it does not know.
 *
 * @throws {@link OpleadError} `ledger_conflict` if other processes never stop writing it; `ledger_unavailable`.
 */
export async function changeEntry(ledger: Ledger, accountNumber: string, change: ChangeEntry): Promise<void> {
  const writer = new EntryWriter(ledger, accountNumber);
  await alone(ledger, accountNumber, () => writer.update(change));
}

/** Runs a task while no other task, here or in a process with leases, works on the user. The task is given the lease, if there are leases. */
export function alone<T>(
  ledger: Ledger,
  accountNumber: string,
  task: (lease: Lease | undefined) => Promise<T>,
): Promise<T> {
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
