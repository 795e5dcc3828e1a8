import type { LedgerInfo, StorePosition } from "./ledger.ts";

/**
 * Facts about a ledger, kept outside of it after each run, beside the audit file for example: an older copy of the ledger knows
 * fewer runs.
 */
export interface LedgerMark {
  /** {@link LedgerInfo.runs}. */
  readonly runs: number;
  /** {@link LedgerInfo.lastRunId}. */
  readonly lastRunId: string;
  /** {@link LedgerInfo.position}. */
  readonly position?: StorePosition | undefined;
  /** The host of the run, if it was another one than this: then two copies of the ledger are in use. */
  readonly host?: string | undefined;
}

/** The facts of a run that has ended, for `setInfo`. */
export function nextRun(info: LedgerInfo | undefined, runId: string): Pick<LedgerMark, "runs" | "lastRunId"> {
  return { runs: (info?.runs ?? 0) + 1, lastRunId: runId };
}

/** The mark of a ledger; undefined before its first run. */
export function markOf({ runs, lastRunId, position }: LedgerInfo = {}): LedgerMark | undefined {
  return runs === undefined || lastRunId === undefined ? undefined : { runs, lastRunId, position };
}

/** How an older copy of a ledger shows itself. As many runs as have ended: what was written last is missing. */
export interface OlderCopy {
  /** How many runs the ledger knows. */
  readonly known: number;
  /** How many have ended with it. */
  readonly ended: number;
  /** {@link LedgerMark.host}. */
  readonly host?: string | undefined;
}

/**
 * Whether a ledger is older than its mark: it was restored from a backup, or its Redis failed over to a replica that had not received
 * everything. What it says of a user may have been replaced in Oplead since, and would not be sent. A ledger without facts about itself
 * knows no run. One that knows no user that Oplead has is no older copy: everything is looked up.
 *
 * @param accepted How many users Oplead has according to the ledger.
 * @param approved The mark with which a person approved to fill the ledger anew.
 */
export function olderCopy(
  info: LedgerInfo | undefined,
  mark: LedgerMark | undefined,
  accepted: number,
  approved?: Pick<LedgerMark, "runs" | "lastRunId">,
): OlderCopy | undefined {
  if (!mark || accepted === 0) return undefined;
  if (approved && approved.runs === mark.runs && approved.lastRunId === mark.lastRunId) return undefined;
  const { runs: known = 0, lastRunId, position } = info ?? {};
  const { runs: ended, host } = mark;
  const isBehind = lastRunId !== mark.lastRunId || hasLostWrites(position, mark.position);
  // One that is newer than the mark was moved after a run that was killed before it wrote its mark.
  if (host !== undefined && lastRunId !== mark.lastRunId && known <= ended) return { known, ended, host };
  return known < ended || (known === ended && isBehind) ? { known, ended } : undefined;
}

/** Whether a store has taken over from another one before it had received what that one had acknowledged. */
function hasLostWrites(now: StorePosition | undefined, then: StorePosition | undefined): boolean {
  if (!now || !then) return false;
  const received = now.id === then.id ? now.offset : now.previousId === then.id ? now.previousOffset : undefined;
  return received !== undefined && received < then.offset;
}
