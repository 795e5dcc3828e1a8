import { internalsOf } from "../../client/internals.ts";
import { isOpleadError } from "../../errors.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { noteMissing, notePresence } from "../../reconcile/presence.ts";
import type { ApplyOptions } from "../options.ts";
import type { SyncPlan } from "../plan.ts";
import type { MissingUser, StopReason } from "../records.ts";
import { ledgerFailed } from "./health.ts";
import { noteRun } from "./last-run.ts";
import type { PlanMeans } from "./means.ts";
import type { RunResult } from "./run.ts";

/** What came of it. */
export interface Remembered {
  readonly warnings: readonly string[];
  /** Why not all of it was written. The next run makes up for it. */
  readonly failure?: StopReason | undefined;
}

/** What the ledger has to learn from a run besides its deliveries: who is there, who has left, and that there was a run. */
export async function remember(
  plan: SyncPlan,
  means: PlanMeans,
  options: ApplyOptions,
  { stopReason }: RunResult,
): Promise<Remembered> {
  const { ledger, oplead, missingIsSure, now } = means;
  const isOver = (): boolean => stopReason !== undefined || options.signal?.aborted === true;
  const warnings: string[] = [];
  try {
    await notePresences(means, isOver);
    if (missingIsSure && !isOver()) warnings.push(...(await tellMissing(plan.missing, means, options, isOver)));
    const { rateLimit } = internalsOf(oplead).transport.settings;
    if (rateLimit === false && plan.changes.length > 0 && !isOver()) await noteRun(ledger, now());
    return { warnings };
  } catch (error) {
    // The report of what was sent must not be lost with it.
    if (!isOpleadError(error)) throw error;
    return { warnings, failure: ledgerFailed(error) };
  }
}

/** Several at a time: a ledger on a disk writes them in one go. */
async function notePresences({ ledger, news, concurrency }: PlanMeans, isOver: () => boolean): Promise<void> {
  const queue = news.values();
  const note = async (): Promise<void> => {
    for (const { accountNumber, version } of queue) {
      if (isOver()) return;
      await notePresence(ledger, accountNumber, version);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, note));
}

/** Tells of each user that has left, once. A run that did not come to its end leaves it to the next one. */
async function tellMissing(
  missing: readonly MissingUser[],
  { ledger, plannedAt, now }: PlanMeans,
  { onMissing }: ApplyOptions,
  isOver: () => boolean,
): Promise<string[]> {
  let failed = 0;
  for (const user of missing.filter(({ since }) => since === undefined)) {
    if (isOver()) break;
    const entry = await useLedger(() => ledger.get(user.accountNumber));
    // Told of by another run, or delivered by a webhook, since the plan was made.
    if (!entry || entry.missingSince !== undefined || entry.at > plannedAt) continue;
    try {
      await onMissing?.(user);
    } catch {
      failed += 1;
      continue;
    }
    await noteMissing(ledger, user.accountNumber, now());
  }
  return failed === 0 ? [] : [`onMissing threw for ${failed} user(s), who will be reported again.`];
}
