import { OpleadError } from "../base/errors.ts";
import type { Internals } from "../client/internals.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";

/**
 * How long ago a time in the ledger may be that counts as moments ago. Another process may have written it, and the clocks of two machines can
 * differ by minutes. The client remembers its own writes as long.
 */
const RECENT_MS = 300_000;

/**
 * A doubt that sending everything once more clears up: Oplead carries out nothing any more that began before it. One of the near future is
 * recent too, because clocks differ; one of the far future is not, because a clock was wrong.
 */
export function doubtToClear(doubtedAt: number | undefined, now: number, lateMs: number): number | undefined {
  return doubtedAt !== undefined && Math.abs(now - doubtedAt) > lateMs ? doubtedAt : undefined;
}

/**
 * Tells the client of a user that another process or an earlier run wrote moments ago, as the ledger says. It may have created the user, which
 * not all of Oplead's machines show yet. A refusal that concerns such a user is not final.
 */
export function noteRecent(
  { recentWrites }: Pick<Internals, "recentWrites">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
): void {
  // A time in the future counts: the clock was set back, or another one is ahead.
  if (entry?.id === undefined || now - entry.at > RECENT_MS) return;
  for (const identifier of [accountNumber, entry.id]) {
    if (!recentWrites.has(identifier)) recentWrites.note(identifier);
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
  const isDoubted = entry?.doubtedAt !== undefined && now - entry.doubtedAt <= RECENT_MS;
  const killedMsAgo = settings.lateMs - (lateUntil - clock.now());
  const leftMs = settings.settleMs - (isDoubted ? 0 : killedMsAgo);
  if (leftMs <= 0 || state.doubts.get(accountNumber)) return;
  const message = "An earlier request of the user ended without a known outcome.";
  const error = new OpleadError("ambiguous_creation", message, { retryable: true });
  state.doubts.set(accountNumber, { error, until: clock.now() + leftMs });
}
