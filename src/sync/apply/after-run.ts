import { isOpleadError } from "../../base/errors.ts";
import { showIdentity } from "../../base/redact.ts";
import { internalsOf } from "../../client/internals.ts";
import type { Ledger, LedgerInfo } from "../../ledger/ledger.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { type LedgerMark, markOf, nextRun } from "../../ledger/restored.ts";
import { tellStop, tellWarning } from "../../locales/en/sync.ts";
import { noteMissing, notePresence } from "../../reconcile/entries/presence.ts";
import { writingKey } from "../../reconcile/writing-key.ts";
import { KeptApproval } from "../plan/approval.ts";
import type { LedgerNotes } from "../plan/planning.ts";
import type { Selection } from "../plan/select.ts";
import { nameOf, positionOf } from "../plan/source/map-record.ts";
import { readTo } from "../plan/source/reading.ts";
import type { Lacking } from "../plan/source/source-users.ts";
import { usersAmong } from "../text.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { StopReason, SyncWarning } from "../types/records.ts";
import type { Problems } from "./known-problems.ts";
import type { RunResult } from "./run-result.ts";
import type { RunTarget } from "./run-target.ts";

interface Ended
  extends Pick<LedgerNotes, "unidentified" | "entries" | "reading" | "isSourceRead">,
    Pick<RunResult, "failures" | "skipped" | "stale"> {
  readonly runId: string;
  readonly problems: Problems;
  /** Whether the plan has users that are left out for a reason outside of their own records, or records that `map` refused. */
  readonly areWaiting: boolean;
  /** Whether `map` failed for a record, which may pass. */
  readonly hasMapFailed: boolean;
  readonly areLeaversTold: boolean;
}

export interface AfterRun {
  readonly warnings: readonly SyncWarning[];
  readonly ledgerMark?: LedgerMark | undefined;
  /** Whether {@link ApplyOptions.onMissing} threw. */
  readonly onMissingFailed?: boolean | undefined;
  /** Why the ledger does not know all of it. The next run makes up for it. */
  readonly failure?: StopReason | undefined;
}

/** Tells the ledger what a run learned besides what it sent: who is in the source, who has left it, and when it ended. */
export async function afterRun(
  target: RunTarget,
  notes: LedgerNotes,
  selection: Selection,
  options: ApplyOptions,
  {
    runId,
    problems,
    areWaiting,
    hasMapFailed,
    ...result
  }: Pick<RunResult, "stopReason" | "newEntries" | "failures" | "skipped" | "stale"> &
    Pick<Ended, "runId" | "problems" | "areWaiting" | "hasMapFailed">,
): Promise<AfterRun> {
  const isOver = (): boolean =>
    result.stopReason !== undefined || [options.signal, options.drain].some((signal) => signal?.aborted);
  let warnings: SyncWarning[] = [];
  try {
    await notePresences(target, notes.present, selection, isOver);
    if (selection.isPartial) {
      await closeRun(target, runId);
      return { warnings };
    }
    warnings = await tellMissing(target, notes, options, isOver);
    const onMissingFailed = warnings.length > 0;
    if (isOver()) {
      await closeRun(target, runId);
      return { warnings, onMissingFailed };
    }
    const { unidentified, reading, isSourceRead } = notes;
    const { failures, skipped, stale } = result;
    const ofReading = { unidentified, reading, isSourceRead, areWaiting, hasMapFailed };
    const ended = { runId, problems, failures, skipped, stale, ...ofReading };
    const all = { ...ended, entries: notes.entries + result.newEntries, areLeaversTold: !onMissingFailed };
    const ledgerMark = await noteRun(target, all, selection.changes.length > 0, warnings);
    return { warnings, onMissingFailed, ledgerMark };
  } catch (error) {
    // The report of what was sent must not be lost with it.
    if (!isOpleadError(error)) throw error;
    return { warnings, failure: tellStop("ledger_failed", { problem: error.message }) };
  }
}

/** Several at a time: a ledger on a disk writes them in one go. */
async function notePresences(
  { oplead, ledger, concurrency }: RunTarget,
  present: LedgerNotes["present"],
  { changes, isPartial }: Selection,
  isOver: () => boolean,
): Promise<void> {
  // A trial says nothing of the others: what is to be kept of them comes with the run that judges them.
  const sent = isPartial ? new Set(changes.map(({ planned }) => planned.accountNumber)) : undefined;
  const hasMarks = present.some(({ marked }) => marked?.key !== undefined);
  const key = hasMarks ? (await writingKey(ledger, internalsOf(oplead), false)).key : undefined;
  const queue = present.values();
  const note = async (): Promise<void> => {
    // They share the iterator, so each takes the next user.
    for (const { accountNumber, version, marked, kept } of queue) {
      if (isOver()) return;
      // Another process may have made the key meanwhile.
      const marks = marked?.key === undefined || marked.key === key ? marked : withoutMarks(marked);
      await notePresence(ledger, accountNumber, version, marks, sent?.has(accountNumber) === false ? undefined : kept);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, note));
}

/** What an entry lacks, without the marks that were made with another key. */
function withoutMarks({ user, revision, accepted }: Lacking): Lacking {
  return { user, revision, ...(accepted && { accepted }) };
}

/** Notes the users that are missing, and tells of each that has left, once. A run that ended early leaves it to the next one. */
async function tellMissing(
  { oplead, ledger }: RunTarget,
  { missing, plannedAt }: LedgerNotes,
  { onMissing }: ApplyOptions,
  isOver: () => boolean,
): Promise<SyncWarning[]> {
  const { logger } = internalsOf(oplead).transport.settings;
  const failed: string[] = [];
  const errors = new Set<string>();
  for (const { accountNumber, id, missingSince, certain, state } of missing) {
    if (isOver()) break;
    const entry = await useLedger(() => ledger.get(accountNumber));
    // Told of by another run, or sent by a webhook, since the plan was made.
    const isTold = entry?.missingSince !== undefined && !entry.missingUntold;
    if (!entry || isTold || entry.at > plannedAt) continue;
    let hasTold = certain;
    try {
      if (certain) await onMissing?.({ accountNumber, id, missingSince, certain, due: state === "due" });
    } catch (error) {
      hasTold = false;
      failed.push(accountNumber);
      errors.add(thrownText(error));
      // The error's own words may hold personal data, so they are in the log only, as those of map are.
      const words = error instanceof Error ? `: ${error.message}` : "";
      logger?.warn(`oplead-sdk: onMissing threw ${thrownText(error)}${words}`, {
        event: "callback_failed",
        callback: "onMissing",
        accountNumber: showIdentity(accountNumber),
      });
    }
    await noteMissing(ledger, accountNumber, Date.parse(missingSince), hasTold);
  }
  return failed.length === 0 ? [] : [tellWarning("on_missing_failed", { ...usersAmong(failed), errors: [...errors] })];
}

/** Name and place of an error: `Error at mail.js:12:9`. */
function thrownText(error: unknown): string {
  const at = positionOf(error);
  return `${nameOf(error)}${at === undefined ? "" : ` at ${at}`}`;
}

/**
 * Before a file in place of the source is sent: a source that is asked for changes would otherwise not give again, for days, what the file
 * replaces.
 */
export async function readAllNext(ledger: Ledger): Promise<void> {
  await useLedger(async () => {
    const info = await ledger.getInfo();
    if (info?.fullyReadAt !== undefined) await ledger.setInfo({ fullyReadAt: 0 });
  });
}

/**
 * Before the first request of a run, in a ledger that does not tell by leases who was killed: a run that did not end may have requests under
 * way. Until when, by the client's clock; undefined if there is no such run.
 */
export async function openRun({ oplead, ledger, now }: RunTarget, runId: string): Promise<number | undefined> {
  if (ledger.lease) return undefined;
  const { clock, settings } = internalsOf(oplead).transport;
  return useLedger(async () => {
    const info = await ledger.getInfo();
    const { abandonedAt } = { ...info, ...abandonedBefore(info, runId, now()) };
    await ledger.setInfo({ openRunId: runId, abandonedAt });
    // A time in the future: the clock was set back.
    return abandonedAt && clock.now() + settings.lateMs - Math.max(0, now() - abandonedAt);
  });
}

/** What is noted of a run before this one that did not end. */
function abandonedBefore(info: LedgerInfo | undefined, runId: string, at: number): Partial<LedgerInfo> {
  const { openRunId = "" } = info ?? {};
  return openRunId === "" || openRunId === runId ? {} : { abandonedAt: at };
}

/** At the end of a run that does not end the night: a trial, or one that was stopped. No request of it is under way that its entries do not tell of. */
async function closeRun({ ledger }: RunTarget, runId: string): Promise<void> {
  await useLedger(async () => {
    if ((await ledger.getInfo())?.openRunId === runId) await ledger.setInfo({ openRunId: "" });
  });
}

/** Only for runs that came to their end: a run that was killed, stopped or aborted may go on at once. */
async function noteRun(
  { ledger, now }: RunTarget,
  {
    runId,
    problems,
    entries,
    unidentified,
    reading,
    isSourceRead,
    failures,
    skipped,
    stale,
    hasMapFailed,
    ...ended
  }: Ended,
  hasSent: boolean,
  warnings: SyncWarning[],
): Promise<LedgerMark | undefined> {
  return useLedger(async () => {
    const lastRun = hasSent && { lastRunAt: now() };
    const info = await ledger.getInfo();
    // What became stale while the run went on gave way to another program, which may have had an older state of the user.
    const isOpen = skipped.length > 0 || stale.length > 0 || hasMapFailed || failures.some(({ held }) => !held);
    const read = readTo(reading, info, { isOpen, ...ended });
    if (reading.isTracked && info && read.readAt === undefined) warnings.push(tellWarning("read_again"));
    const run = nextRun(info, runId);
    // The approval of a first night ends with the first run that read all of the source and leaves nothing to send. One without users fills
    // nothing, and users that wait are sent once the records that they depend on are corrected.
    if (!isOpen && !ended.areWaiting && reading.isFull && entries > 0) await KeptApproval.end(ledger);
    await ledger.setInfo({
      entries,
      ...(isSourceRead && { problems: String(problems) }),
      ...(unidentified !== undefined && { unidentified }),
      ...run,
      ...read,
      ...lastRun,
      ...(info?.openRunId && { openRunId: "", ...abandonedBefore(info, runId, now()) }),
    });
    return markOf(await ledger.getInfo());
  });
}
