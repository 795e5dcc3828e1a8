import { OpleadError } from "../base/errors.ts";
import type { LedgerInfo, StorePosition } from "./ledger.ts";

/**
 * What is kept of a ledger outside of it after each run, beside the audit file for example: an older copy of the ledger knows
 * fewer runs.
 */
export interface LedgerMark {
  /** {@link LedgerInfo.runs}. */
  readonly runs: number;
  /** {@link LedgerInfo.lastRunId}. */
  readonly lastRunId: string;
  /** {@link LedgerInfo.position}. */
  readonly position?: StorePosition | undefined;
}

/** The facts of a run that has ended, for `setInfo`. */
export function nextRun(info: LedgerInfo | undefined, runId: string): Pick<LedgerMark, "runs" | "lastRunId"> {
  return { runs: (info?.runs ?? 0) + 1, lastRunId: runId };
}

/** What to keep outside of the ledger; undefined before its first run. */
export function markOf({ runs, lastRunId, position }: LedgerInfo = {}): LedgerMark | undefined {
  return runs === undefined || lastRunId === undefined ? undefined : { runs, lastRunId, position };
}

/**
 * Refuses a ledger that is older than its mark: it was restored from a backup, or its Redis failed over to a replica that had not
 * received everything. What it says of a user may have been replaced in Oplead since, and would not be sent. An empty ledger
 * is no older copy: it knows nothing, so everything is looked up.
 *
 * @throws {@link OpleadError} `ledger_restored`.
 */
export function requireNotRestored(info: LedgerInfo | undefined, mark: LedgerMark | undefined): void {
  if (!info || !mark || info.entries === undefined) return;
  const { runs = 0, lastRunId, position } = info;
  const isAnotherRun = runs === mark.runs && lastRunId !== mark.lastRunId;
  if (runs < mark.runs || isAnotherRun) throw restored(`knows ${runs} runs, and ${mark.runs} have ended with it`);
  if (runs === mark.runs && hasLostWrites(position, mark.position)) {
    throw restored("is in a Redis that has not received everything from the one before it");
  }
}

/** Whether a store has taken over from another one before it had received what that one had acknowledged. */
function hasLostWrites(now: StorePosition | undefined, then: StorePosition | undefined): boolean {
  if (!now || !then) return false;
  const received = now.id === then.id ? now.offset : now.previousId === then.id ? now.previousOffset : undefined;
  return received !== undefined && received < then.offset;
}

function restored(what: string): OpleadError {
  return new OpleadError(
    "ledger_restored",
    `The ledger ${what}. What it says of a user may be out of date, so nothing was sent. Run once with resend: true, which ` +
      "sends every user.",
  );
}
