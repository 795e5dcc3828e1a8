import { isOpleadError } from "../base/errors.ts";
import type { Ledger, LedgerEntry, LedgerInfo } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import type { Transport } from "../transport/transport.ts";
import { alone } from "./entries/change-entry.ts";
import { EntryWriter, hasState } from "./entries/entry-writer.ts";

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

/** Whether a run is one of this process. */
export function isOwnRun(ledger: Ledger, runId: string): boolean {
  return ownRuns.get(ledger)?.has(runId) === true;
}

/**
 * Whether nothing was sent of a user since its lease ended without being given back. Its holder may have sent a state that the ledger does not
 * know. `abandonedMsAgo`: {@link Lease.abandonedMsAgo}.
 */
export function isUnsettled(entry: LedgerEntry, abandonedMsAgo: number | undefined, now: number): boolean {
  const { at, doubtedAt = Number.NEGATIVE_INFINITY } = entry;
  return abandonedMsAgo !== undefined && now - Math.max(at, doubtedAt) >= abandonedMsAgo;
}

/**
 * Puts a user in doubt that a run may have sent when it was killed. Leases tell whether it was under way: without an abandoned one nothing is
 * done. Returns whether the entry was written.
 */
export async function doubtUnsettled(ledger: Ledger, accountNumber: string, now: () => number): Promise<boolean> {
  let isDoubted = false;
  const writer = new EntryWriter(ledger, accountNumber);
  const task = alone(ledger, accountNumber, (lease) =>
    writer.update((entry) => {
      const isConcerned = entry && hasState(entry) && entry.movedTo === undefined;
      isDoubted = isConcerned === true && (!lease || isUnsettled(entry, lease.abandonedMsAgo, now()));
      return entry && isDoubted ? { ...entry, doubtedAt: now() } : undefined;
    }),
  );
  await task.catch((error: unknown) => {
    // Another process works on the user, and learns from its lease what is to be known.
    if (!isOpleadError(error) || error.code !== "ledger_conflict") throw error;
    isDoubted = false;
  });
  return isDoubted;
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
  return openRunId === "" || isOwnRun(ledger, openRunId) ? abandonedAt : now;
}
