import { isOpleadError } from "../../base/errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { type LedgerMark, markOf, nextRun } from "../../ledger/restored.ts";
import { noteMissing, notePresence } from "../../reconcile/presence.ts";
import type { LedgerNotes, RunTarget } from "../plan/prepared-plan.ts";
import { stopReason, warning } from "../told.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { StopReason, SyncWarning } from "../types/records.ts";
import type { Problems } from "./known-problems.ts";
import type { RunResult } from "./run-result.ts";
import type { Selection } from "./select.ts";

/** A run that has come to its end. */
interface Ended {
  readonly runId: string;
  readonly problems: Problems;
}

export interface AfterRun {
  readonly warnings: readonly SyncWarning[];
  readonly ledgerMark?: LedgerMark | undefined;
  /** Why the ledger does not know all of it. The next run makes up for it. */
  readonly failure?: StopReason | undefined;
}

/** Tells the ledger what a run learned besides what it sent: who is in the source, who has left it, and when it ended. */
export async function afterRun(
  target: RunTarget,
  notes: LedgerNotes,
  selection: Selection,
  options: ApplyOptions,
  { runId, problems, ...result }: Pick<RunResult, "stopReason" | "newEntries"> & Ended,
): Promise<AfterRun> {
  const isOver = (): boolean =>
    result.stopReason !== undefined || [options.signal, options.drain].some((signal) => signal?.aborted);
  const warnings: SyncWarning[] = [];
  try {
    await notePresences(target, notes.present, isOver);
    if (selection.isPartial) return { warnings };
    warnings.push(...(await tellMissing(target, notes, options, isOver)));
    if (isOver()) return { warnings };
    const entries = notes.entries + result.newEntries;
    const ended = { runId, problems };
    return { warnings, ledgerMark: await noteRun(target, ended, entries, selection.changes.length > 0) };
  } catch (error) {
    // The report of what was sent must not be lost with it.
    if (!isOpleadError(error)) throw error;
    return { warnings, failure: stopReason("ledger_failed", { problem: error.message }) };
  }
}

/** Several at a time: a ledger on a disk writes them in one go. */
async function notePresences(
  { ledger, concurrency }: RunTarget,
  present: LedgerNotes["present"],
  isOver: () => boolean,
): Promise<void> {
  const queue = present.values();
  const note = async (): Promise<void> => {
    // They share the iterator, so each takes the next user.
    for (const { accountNumber, version, marked } of queue) {
      if (isOver()) return;
      await notePresence(ledger, accountNumber, version, marked);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, note));
}

/** Tells of each user that has left, once. A run that ended early leaves it to the next one. */
async function tellMissing(
  { ledger, now }: RunTarget,
  { missing, plannedAt }: LedgerNotes,
  { onMissing }: ApplyOptions,
  isOver: () => boolean,
): Promise<SyncWarning[]> {
  let failed = 0;
  for (const user of missing) {
    if (isOver()) break;
    const entry = await useLedger(() => ledger.get(user.accountNumber));
    // Told of by another run, or sent by a webhook, since the plan was made.
    if (!entry || entry.missingSince !== undefined || entry.at > plannedAt) continue;
    try {
      await onMissing?.(user);
    } catch {
      failed += 1;
      continue;
    }
    await noteMissing(ledger, user.accountNumber, now());
  }
  return failed === 0 ? [] : [warning("on_missing_failed", { count: failed })];
}

/** Before the first write of a first run. */
export async function noteStart(ledger: Ledger): Promise<void> {
  await useLedger(async () => ledger.setInfo?.({ firstRun: "open" }));
}

/** Only for runs that came to their end: a run that was killed, stopped or aborted may go on at once. */
async function noteRun(
  { ledger, now }: RunTarget,
  { runId, problems }: Ended,
  entries: number,
  hasSent: boolean,
): Promise<LedgerMark | undefined> {
  return useLedger(async () => {
    const lastRun = hasSent && { lastRunAt: now() };
    const run = nextRun(await ledger.getInfo?.(), runId);
    // A run without users fills nothing, so the first night is still to come.
    await ledger.setInfo?.({
      entries,
      ...(entries > 0 && { firstRun: "ended" }),
      problems: String(problems),
      ...run,
      ...lastRun,
    });
    return markOf(await ledger.getInfo?.());
  });
}
