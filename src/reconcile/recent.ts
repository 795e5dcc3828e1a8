import { OpleadError } from "../base/errors.ts";
import type { Internals } from "../client/internals.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";

/** How long Oplead may take to show a write on all of its machines: as long as the client remembers its own writes. */
const RECENT_MS = 300_000;

/**
 * A doubt that sending everything once more clears up: Oplead carries out nothing any more that began before it. One of the near future is
 * recent too, because clocks differ; one of the far future is not, because a clock was wrong.
 */
export function doubtToClear(doubtedAt: number | undefined, now: number, lateMs: number): number | undefined {
  return doubtedAt !== undefined && Math.abs(now - doubtedAt) > lateMs ? doubtedAt : undefined;
}

/**
 * Tells the client of a user that another process or an earlier run wrote moments ago, as the ledger says. A refusal that
 * concerns such a user is not final.
 */
export function noteRecent(
  { recentWrites, transport }: Pick<Internals, "recentWrites" | "transport">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
): void {
  // A time in the future counts: the clock was set back.
  if (entry?.id === undefined || now - entry.at > RECENT_MS) return;
  const age = now - entry.at;
  const mayBeNew = age >= 0 && age < transport.settings.settleMs;
  for (const identifier of [accountNumber, entry.id]) {
    if (!recentWrites.has(identifier)) recentWrites[mayBeNew ? "note" : "noteUpdate"](identifier);
  }
}

/**
 * Tells the client of a new user whose creation ended moments ago without a known outcome, in another process or an earlier run, as the ledger
 * says. It may still be carried out, so the client asks before it creates the user. `lateUntil`: as {@link SendOptions} has it. The ledger does
 * not say which new users a process had begun to create that was killed, so each may be one.
 */
export function noteCreation(
  { state, transport }: Pick<Internals, "state" | "transport">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
  lateUntil = Number.NEGATIVE_INFINITY,
): void {
  if (entry?.id !== undefined || state.server.refusesDuplicates) return;
  const { clock, settings } = transport;
  // A time in the future counts: the clock was set back.
  const doubtedMsAgo = Math.max(0, now - (entry?.doubtedAt ?? Number.NEGATIVE_INFINITY));
  const killedMsAgo = settings.lateMs - (lateUntil - clock.now());
  const leftMs = settings.settleMs - Math.min(doubtedMsAgo, killedMsAgo);
  if (leftMs <= 0 || state.doubts.get(accountNumber)) return;
  const message = "An earlier request of the user ended without a known outcome.";
  const error = new OpleadError("ambiguous_creation", message, { retryable: true });
  state.doubts.set(accountNumber, { error, until: clock.now() + leftMs });
}
