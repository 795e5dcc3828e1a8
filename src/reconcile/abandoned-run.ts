import type { Ledger, LedgerInfo } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import type { Transport } from "../transport/transport.ts";

/*
 * A run that did not end may have requests under way, because its process was killed. In a ledger with leases they tell it of each user. In any
 * other the run notes when it begins and ends.
 */

/** The runs of this process that are noted in a ledger: they are under way, and not abandoned. */
const ownRuns = new WeakMap<Ledger, Set<string>>();

/** When a run was found, or is found by this process for the first time, that had not ended: for users that are sent outside of runs. */
const abandonedAt = new WeakMap<Ledger, Promise<number | undefined>>();

export function noteOwnRun(ledger: Ledger, runId: string): void {
  ownRuns.set(ledger, (ownRuns.get(ledger) ?? new Set()).add(runId));
}

/** Until when a request of such a run may be carried out, by the client's clock. `at`: when the run was found. */
export function lateUntil({ clock, settings }: Transport, now: number, at: number | undefined): number | undefined {
  // A time in the future: the clock was set back.
  return at && clock.now() + settings.lateMs - Math.max(0, now - at);
}

/** {@link lateUntil} for a user that is sent outside of a run. The ledger is asked once in a process. */
export async function lateUntilOfRun(ledger: Ledger, transport: Transport, now: number): Promise<number | undefined> {
  let found = abandonedAt.get(ledger);
  if (!found) {
    found = useLedger(async () => foundAt(ledger, await ledger.getInfo(), now));
    abandonedAt.set(ledger, found);
    found.catch(() => abandonedAt.delete(ledger));
  }
  return lateUntil(transport, now, await found);
}

function foundAt(ledger: Ledger, info: LedgerInfo | undefined, now: number): number | undefined {
  const { openRunId = "", abandonedAt } = info ?? {};
  return openRunId === "" || ownRuns.get(ledger)?.has(openRunId) ? abandonedAt : now;
}
