import type { Internals } from "../client/client-state.ts";
import { OpleadError } from "../core/errors.ts";
import type { Intent, LedgerEntry } from "../ledger/ledger.ts";

// The entry has an intent from before the first request of a reconciliation until at least `lateMs` after its last one.
// Only a newer reconciliation that began after that time, has sent every step and was acknowledged ends it. All
// recovery rests on this.

// Longest time from the first to the last request of a reconciliation. The transport enforces it.
export const LONGEST_MS = 1_800_000;

// Clocks of two machines may differ by this much.
const RECENT_MS = 300_000;

export function settlesAt({ at, open }: Intent, lateMs: number): number {
  return at + lateMs + (open ? LONGEST_MS : 0);
}

// A time far in the future was written with a wrong clock, so it counts as old.
export function isSettled(intent: Intent, now: number, lateMs: number): boolean {
  return Math.abs(now - intent.at) > settlesAt(intent, lateMs) - intent.at;
}

// The writer of an open intent is gone, or has sent its last request by now, or will note a conflict.
export function closed(found: Intent, now: number): Intent {
  return found.open ? { at: now, creates: found.creates && { ...found.creates, at: now } } : found;
}

// Whether `time` may be before `other` if two machines with different clocks gave them.
export function mayBeBefore(time: number, other: number): boolean {
  return time - other <= RECENT_MS;
}

// If another process has just written the user, a refusal that concerns it may come from a replica that lags. A time in
// the future counts as recent.
export function noteRecent(
  { recentWrites }: Pick<Internals, "recentWrites">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
): void {
  if (entry?.id === undefined || !mayBeBefore(now, entry.at)) return;
  for (const identifier of [accountNumber, entry.id]) {
    if (!recentWrites.has(identifier)) recentWrites.note(identifier);
  }
}

// Makes the client ask with PUT for `settleMs` before it creates a user whose creation another process may have sent.
export function noteCreation(
  { state, transport }: Pick<Internals, "state" | "transport">,
  accountNumber: string,
  { id, intent }: LedgerEntry,
  now: number,
): void {
  const { creates, open } = intent ?? {};
  if (id !== undefined || !creates || state.openCreation(accountNumber)) return;
  const { clock, settings } = transport;
  const mayCome = mayBeBefore(now, creates.at + (open ? LONGEST_MS : 0)) && !state.server.refusesDuplicates;
  if (!mayCome && !creates.sent) return;
  const message = "An earlier request of the user ended without a known outcome.";
  state.creations.set(accountNumber, {
    error: new OpleadError("ambiguous_creation", message, { retryable: true }),
    // Counts from now, not from the time in the entry, which another machine's clock gave.
    until: mayCome ? clock.now() + settings.settleMs : Number.NEGATIVE_INFINITY,
    isSent: creates.sent === true,
  });
}
