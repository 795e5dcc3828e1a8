import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/client-state.ts";
import { asError, OpleadError } from "../../core/errors.ts";
import { issueAt } from "../../core/issues.ts";
import { isObject } from "../../core/values.ts";
import { bindLedger } from "../../ledger/bind.ts";
import { useLedger } from "../../ledger/ledger.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { mayHaveRules } from "../leavers.ts";
import type { SyncOptions } from "../types/options.ts";
import { KeptApproval } from "./approval.ts";
import { guardPlan } from "./guard-plan.ts";
import { judgeUsers } from "./judge-users.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { MapFailureLog, type MappedRecord, nameOf, positionOf } from "./map-record.ts";
import { moveIn, movesOf } from "./moves.ts";
import { changeHashes, planFacts } from "./plan-facts.ts";
import { keyWarnings, usersWarning } from "./plan-warnings.ts";
import {
  type Compared,
  type Guarded,
  type LedgerNotes,
  type LedgerRead,
  type Planning,
  type PreparedPlan,
  planOptions,
} from "./planning.ts";
import { readingOf, readSource } from "./read-source.ts";
import { SharedValues } from "./shared-values.ts";
import { SourceUsers } from "./source-users.ts";

/** The first step of a plan: reads the ledger whole, and makes the moves in what was read. */
async function readLedger(planning: Planning): Promise<LedgerRead> {
  const { oplead, options, work, warnings } = planning;
  const { ledger, adoptPlatform } = options;
  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: true });
  const info = await useLedger(async () => ledger.getInfo());
  const plannedAt = options.now();
  const moves = options.sourceFile === undefined ? await movesOf(options.moves, work.caller) : [];
  const snapshot = await LedgerSnapshot.read(ledger, work, { withRules: options.coverage !== undefined });
  warnings.push(...usersWarning("damaged_entries", snapshot.damaged), ...keyWarnings(snapshot));
  return {
    ...planning,
    info,
    plannedAt,
    snapshot,
    moves: moveIn(snapshot, moves),
    approval: options.guard === false ? undefined : await KeptApproval.read(ledger, plannedAt),
  };
}

/** The second step: reads the source, and compares every user with its entry. */
async function compareSource<SourceRecord>(
  read: LedgerRead,
  { source, map, key, rowOf }: SyncOptions<SourceRecord>,
): Promise<Compared> {
  const { oplead, options, info, plannedAt, snapshot, moves, approval, work, warnings } = read;
  const { sourceFile, guard, resend, heldRetryAfterMs } = options;
  const { settings } = internalsOf(oplead).transport;
  if (sourceFile !== undefined) warnings.push(tellWarning("source_file", { file: sourceFile }));
  // People who moved are in the source, though perhaps not among the changes.
  const needsAll = resend || heldRetryAfterMs === 0 || moves.length > 0;
  // A file in the place of the source says nothing of who left it, nor how far it was read.
  const incremental = sourceFile !== undefined || options.incremental;
  const reading = readingOf({ incremental, needsAll, info, entries: snapshot.size, now: plannedAt });

  const shared = options.checks === false ? undefined : new SharedValues();
  const retry = { heldRetryAfterMs, now: plannedAt };
  const users = new SourceUsers(snapshot, {
    retry,
    resend,
    lateMs: settings.lateMs,
    shared,
    approval,
    users: settings,
    mayHaveLeaverRules: (entry) => mayHaveRules(options.leavers, entry, plannedAt),
    ignoresVersions: sourceFile !== undefined,
  });
  const log = new MapFailureLog(settings.logger);
  const failed: MappedRecord[] = [];
  const mapping = { source, map, key, rowOf, segments: guard === false ? undefined : guard.segments };
  const found = await readSource(mapping, reading.request, options.concurrency, work, (record) => {
    log.add(record);
    if (record.failure && sourceFile !== undefined) failed.push(record);
    users.take(record);
  });
  log.end();
  if (sourceFile !== undefined && failed.length === found.records) refuseForeign(sourceFile, failed, work.caller);
  warnings.push(
    ...usersWarning("incomparable_versions", users.incomparable),
    ...usersWarning("leaver_rules_stay", users.backWithRules),
  );
  return { ...read, reading, read: found, users, retry, shared };
}

/**
 * A file of which `map` can read no record is none of this source: it has other columns, or records of another form.
 *
 * @throws {@link OpleadError} `source_failed` with the columns of the file.
 */
function refuseForeign(sourceFile: string, [first]: readonly MappedRecord[], caller: string): void {
  if (!first?.failure) return;
  const { error } = first.failure;
  const columns = isObject(first.source) ? Object.keys(first.source).slice(0, SHOWN_COLUMNS) : [];
  const found = issueAt("", tellRecord("map_reads_none", { error: nameOf(error), at: positionOf(error), columns }));
  throw new OpleadError("source_failed", `${caller}: ${sourceFile}: ${found.message}. Nothing was sent.`, {
    retryable: false,
    cause: asError(error),
    issues: [{ ...found, path: sourceFile }],
  });
}

/** Maximum number of columns that a message names. */
const SHOWN_COLUMNS = 20;

/** Makes a plan: five steps, each of which adds what it found to the plan in the making. */
export async function preparePlan<SourceRecord>(
  oplead: Oplead,
  given: SyncOptions<SourceRecord>,
  caller: string,
): Promise<PreparedPlan> {
  const { clock, settings } = internalsOf(oplead).transport;
  const begunAt = clock.now();
  const options = planOptions(given, settings.maxConcurrency);
  const work = { caller, signal: options.signal };
  const planning: Planning = { oplead, options, work, warnings: [] };

  const read = await readLedger(planning);
  const compared = await compareSource(read, given);
  const judged = await judgeUsers(compared);
  const guarded = await guardPlan(judged);
  return { ...(await finish(guarded)), planningMs: clock.now() - begunAt };
}

/** The last step: what a person reads of the plan, and what its run needs. Nothing else of it stays in memory. */
async function finish(guarded: Guarded): Promise<Omit<PreparedPlan, "planningMs">> {
  const { oplead, options, changes, guard, old, work } = guarded;
  // Without policies no run asks for what they judge by, and it holds all users.
  const policies = options.policies.length > 0 ? guarded.policies : undefined;
  const hashes = await changeHashes(changes, work);
  const facts = planFacts(guarded, hashes);
  return { oplead, options, facts, changes, hashes, guard, policies, old, notes: notesOf(guarded) };
}

function notesOf({ options, info, plannedAt, snapshot, reading, users, judgement, leavers }: Guarded): LedgerNotes {
  const { present, waiting, twins, invalid } = judgement;
  const isSourceRead = options.sourceFile === undefined;
  return {
    present: isSourceRead ? present : [],
    areLeftOut: waiting.length > 0 || twins.length > 0 || invalid.length > 0,
    isSourceRead,
    missing: leavers.toNote,
    unidentified: reading.isFull ? users.unidentified : undefined,
    reading,
    entries: snapshot.size,
    problems: info?.problems,
    plannedAt,
  };
}
