import { isOpleadError } from "../../base/errors.ts";
import { counted } from "../../base/words.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { noteMissing, notePresence } from "../../reconcile/presence.ts";
import type { ApplyOptions } from "../options.ts";
import type { PreparedPlan } from "../plan/prepare-plan.ts";
import type { StopReason } from "../records.ts";
import type { RunResult } from "./run-result.ts";
import type { Selection } from "./select.ts";
import { ledgerFailed } from "./stop-rule.ts";

export interface AfterRun {
  readonly warnings: readonly string[];
  /** Why the ledger does not know all of it. The next run makes up for it. */
  readonly failure?: StopReason | undefined;
}

/** Tells the ledger what a run learned besides what it sent: who is in the source, who has left it, and when it ended. */
export async function afterRun(
  prepared: PreparedPlan,
  selection: Selection,
  options: ApplyOptions,
  result: RunResult,
): Promise<AfterRun> {
  const isOver = (): boolean =>
    result.stopReason !== undefined || [options.signal, options.drain].some((signal) => signal?.aborted);
  const warnings: string[] = [];
  try {
    await notePresences(prepared, isOver);
    if (selection.isPartial) return { warnings };
    if (prepared.missingIsSure) warnings.push(...(await tellMissing(prepared, options, isOver)));
    if (!isOver()) await noteRun(prepared, result);
    return { warnings };
  } catch (error) {
    // The report of what was sent must not be lost with it.
    if (!isOpleadError(error)) throw error;
    return { warnings, failure: ledgerFailed(error) };
  }
}

/** Several at a time: a ledger on a disk writes them in one go. */
async function notePresences({ ledger, present, concurrency }: PreparedPlan, isOver: () => boolean): Promise<void> {
  const queue = present.values();
  const note = async (): Promise<void> => {
    // They share the iterator, so each takes the next user.
    for (const { accountNumber, version } of queue) {
      if (isOver()) return;
      await notePresence(ledger, accountNumber, version);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, note));
}

/** Tells of each user that has left, once. A run that ended early leaves it to the next one. */
async function tellMissing(
  { ledger, facts, plannedAt, now }: PreparedPlan,
  { onMissing }: ApplyOptions,
  isOver: () => boolean,
): Promise<string[]> {
  let failed = 0;
  for (const user of facts.missing.filter(({ since }) => since === undefined)) {
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
  return failed === 0 ? [] : [`onMissing threw for ${counted(failed, "user")}. The next run calls it again.`];
}

/** Before the first write into an empty ledger. */
export async function noteStart({ ledger, changes, guardFacts }: PreparedPlan): Promise<void> {
  if (guardFacts.population > 0 || changes.length === 0) return;
  await useLedger(async () => ledger.setInfo?.({ firstRun: "open" }));
}

/** Only for runs that came to their end: a run that was killed, stopped or aborted may go on at once. */
async function noteRun({ ledger, changes, entries, now }: PreparedPlan, { newEntries }: RunResult): Promise<void> {
  const lastRun = changes.length > 0 && { lastRunAt: now() };
  await useLedger(async () => ledger.setInfo?.({ entries: entries + newEntries, firstRun: "ended", ...lastRun }));
}
