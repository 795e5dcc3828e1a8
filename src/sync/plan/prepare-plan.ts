import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/client-state.ts";
import { asError, OpleadError } from "../../core/errors.ts";
import type { OpleadIssue } from "../../core/issues.ts";
import { issueAt } from "../../core/issues.ts";
import { giveWay } from "../../core/time.ts";
import { isObject } from "../../core/values.ts";
import { bindLedger } from "../../ledger/bind.ts";
import { useLedger } from "../../ledger/ledger.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { bothKept, type KeptOf } from "../../reconcile/presence.ts";
import { mayHaveRules } from "../leavers.ts";
import { who } from "../show.ts";
import type { Finding } from "../types/findings.ts";
import type { SyncOptions } from "../types/options.ts";
import { KeptApproval } from "./approval.ts";
import {
  addTo,
  checkData,
  findKnown,
  forgetSuspicious,
  isUnsent,
  keepSuspicious,
  knownInPart,
  readProfiles,
  suspectedBySource,
  together,
} from "./check-data.ts";
import { segmentToKeep } from "./guard.ts";
import { guardPlan } from "./guard-plan.ts";
import { type Change, type JudgeInput, judge, ofKind } from "./judge.ts";
import { findLeavers } from "./leavers.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { MapFailureLog, type MappedRecord, nameOf, positionOf } from "./map-record.ts";
import { moveIn, movesOf } from "./moves.ts";
import { readOldValues, withRuleChanges } from "./old-values.ts";
import { changeHashes, planFacts } from "./plan-facts.ts";
import {
  againWarning,
  keyWarnings,
  perhapsMovedWarning,
  suspiciousWarning,
  unknownParentsWarning,
  usersWarning,
} from "./plan-warnings.ts";
import {
  type Compared,
  type Guarded,
  type Judged,
  type LedgerNotes,
  type LedgerRead,
  type Planning,
  type PreparedPlan,
  planOptions,
} from "./planning.ts";
import { readingOf, readSource } from "./read-source.ts";
import { dayOf, Refresh } from "./refresh.ts";
import { SharedValues } from "./shared-values.ts";
import { SourceUsers } from "./source-users.ts";
import { findTwins } from "./twins.ts";

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

async function compareSource<SourceRecord>(
  read: LedgerRead,
  { source, map, key, rowOf }: SyncOptions<SourceRecord>,
): Promise<Compared> {
  const { oplead, options, info, plannedAt, snapshot, moves, approval, work, warnings } = read;
  const { sourceFile, guard, resend, retryHeld } = options;
  const { settings } = internalsOf(oplead).transport;
  if (sourceFile !== undefined) warnings.push(tellWarning("source_file", { file: sourceFile }));
  // The record of a moved user may be unchanged: a source of changes would leave it out.
  const needsAll = resend || retryHeld || moves.length > 0;
  // A file does not tell which users left, nor how far the source was read.
  const incremental = sourceFile !== undefined || options.incremental;
  const reading = readingOf({ incremental, needsAll, info, entries: snapshot.size, now: plannedAt });

  const { refreshAfterDays: days } = options;
  const refresh = days === undefined ? undefined : new Refresh(snapshot, days, plannedAt);
  const isRefreshed = info?.refreshedAt !== undefined && dayOf(info.refreshedAt) === dayOf(plannedAt);
  const shared = options.checks === false ? undefined : new SharedValues();
  const retry = { retryHeld, now: plannedAt };
  const users = new SourceUsers(snapshot, {
    retry,
    resend,
    lateMs: settings.lateMs,
    shared,
    approval,
    users: settings,
    mayHaveLeaverRules: (entry) => mayHaveRules(options.leavers, entry, plannedAt),
    ignoresVersions: sourceFile !== undefined,
    // A source of changes gives too few users.
    refresh: reading.isFull && !resend && !isRefreshed ? refresh : undefined,
  });
  const log = new MapFailureLog(settings.logger);
  const failed: MappedRecord[] = [];
  const segments = guard === false ? undefined : guard.segments;
  const mapping = { source, map, key, rowOf, segments, receives: options.coverage?.receives };
  const found = await readSource(mapping, reading.request, options.concurrency, work, (record) => {
    log.add(record);
    if (record.failure && sourceFile !== undefined) failed.push(record);
    users.take(record);
  });
  log.end();
  if (sourceFile !== undefined && failed.length === found.records) refuseForeign(sourceFile, failed, work.caller);
  warnings.push(
    ...found.warnings,
    ...usersWarning("incomparable_versions", users.incomparable),
    ...usersWarning("leaver_rules_stay", users.backWithRules),
  );
  return { ...read, reading, read: found, users, retry, shared, refresh };
}

// Refuses a file if `map` fails for its first record: its columns or form are probably others.
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

const SHOWN_COLUMNS = 20;

// Reads from Oplead only if there are users to send.
async function judgeUsers(compared: Compared): Promise<Judged> {
  const { oplead, options, plannedAt, snapshot, moves, reading, users, retry, shared, work, warnings } = compared;
  const isFirstNight = compared.info?.runs === undefined && !compared.approval;
  const { guard, resend } = options;
  const { rows, unidentified } = users;
  const profiles = users.hasOpenSteps ? await readProfiles(oplead, work.signal, warnings) : undefined;
  const { found, bySource, known, withKnown } = await findSuspicious(compared);
  const suspectedIn = (own: Suspicious["found"]) =>
    new Map([...own, ...bySource].map(([one]) => [one, together(own.get(one), bySource.get(one))]));
  const suspected = suspectedIn(withKnown);
  const toSegment = guard !== false && guard.segments ? segmentToKeep : undefined;
  const toReceives = options.coverage?.receives && receivesToKeep;
  const keptOf: JudgeInput["keptOf"] = (accountNumber, row, before) => {
    const { segment, receives, state } = row;
    const ofData =
      shared && typeof state === "object" && !isUnsent(row, before)
        ? keepSuspicious(state.content, withKnown.get(accountNumber), before, plannedAt)
        : shared && forgetSuspicious(before, known.get(accountNumber));
    return bothKept(bothKept(toSegment?.(segment), toReceives?.(receives)), ofData);
  };
  const refreshed = users.refreshes();
  const judgement = await judge(
    {
      rows,
      ledger: snapshot,
      profiles,
      dataIssues: options.checks === "error" ? suspectedIn(found) : new Map(),
      resend,
      refreshes: refreshed,
      keptOf: (toSegment || toReceives || shared) && keptOf,
      ...(await findTwins(rows, snapshot, options.newUsers, { isFull: reading.isFull, isFirstNight }, work)),
    },
    work,
  );
  await giveWay(work);
  const leavers = await findLeavers({
    ...options.leavers,
    now: plannedAt,
    unidentified,
    ledger: snapshot,
    users: internalsOf(oplead).transport.settings,
    retry,
    resend,
    isFull: reading.isFull,
    rows,
    perhapsMoved: new Set(judgement.twins.map(({ of }) => of)),
  });
  const sent = [...judgement.changes, ...leavers.changes];
  const old = await readOldValues(options.ledger, snapshot, sent, moves);
  const changes = sent.map((change) => withRuleChanges(change, old));

  warnings.push(
    ...suspiciousWarning(suspiciousAmong(changes, suspected)),
    ...againWarning(changes, snapshot),
    ...perhapsMovedWarning(leavers.newlyMissing, ofKind(changes, "new").length, snapshot),
    ...unknownParentsWarning(judgement.unknownParents),
    ...(unidentified > 0 && leavers.all.length > 0 ? [tellWarning("missing_unsure", { records: unidentified })] : []),
  );
  // Unknown parents are added after the warning about suspicious data, because they have their own.
  for (const { accountNumber, parent } of shared ? judgement.unknownParents : [])
    addTo(suspected, accountNumber, [
      issueAt("parentUserIdentifier", tellRecord("unknown_parent", { parent: who(parent) })),
    ]);
  const suspicious = [...suspiciousAmong(changes, suspected), ...known.values()].sort((a, b) => a.record - b.record);
  return { ...compared, judgement, refreshed, leavers, changes, suspicious, old };
}

function receivesToKeep(receives: boolean | undefined): KeptOf {
  return (entry) => (entry.receives === receives ? undefined : { receives });
}

interface Suspicious {
  readonly found: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly bySource: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly known: ReadonlyMap<string, Finding<"suspicious">>;
  readonly withKnown: ReadonlyMap<string, readonly OpleadIssue[]>;
}

const NOTHING = { found: new Map(), bySource: new Map(), known: new Map(), withKnown: new Map() } as const;

async function findSuspicious(compared: Compared): Promise<Suspicious> {
  const { oplead, options, read, reading, snapshot, users, shared, work, warnings } = compared;
  if (!shared) return NOTHING;
  const { universe } = options.coverage ?? {};
  const toCheck = { users: users.usersToSend(), rules: users.rulesToSend(), shared, universe };
  const found = await checkData(oplead, toCheck, work, warnings);
  const { rows } = users;
  const bySource = suspectedBySource(read, rows);
  const known = findKnown({ rows, ledger: snapshot, shared, isFull: reading.isFull, bySource });
  const withKnown = new Map(found);
  for (const [one, issues] of knownInPart({ rows, ledger: snapshot, shared })) addTo(withKnown, one, issues);
  return { found, bySource, known, withKnown };
}

function suspiciousAmong(
  changes: readonly Change[],
  suspected: ReadonlyMap<string, readonly OpleadIssue[]>,
): Finding<"suspicious">[] {
  return changes.flatMap(({ planned: { record, row, accountNumber } }) => {
    const issues = suspected.get(accountNumber);
    return issues ? [{ kind: "suspicious" as const, record, row, accountNumber, issues }] : [];
  });
}

// Returns only what a run needs, so that the rest can be freed.
async function finish(guarded: Guarded): Promise<Omit<PreparedPlan, "planningMs">> {
  const { oplead, options, changes, guard, old, work } = guarded;
  const policies = options.policies.length > 0 ? guarded.policies : undefined;
  const { refreshes } = guarded.judgement;
  const hashes = await changeHashes([...changes, ...refreshes], work);
  const facts = planFacts(guarded, hashes);
  return { oplead, options, facts, changes, refreshes, hashes, guard, policies, old, notes: notesOf(guarded) };
}

function notesOf({
  options,
  info,
  plannedAt,
  snapshot,
  reading,
  read,
  users,
  judgement,
  refreshed,
  leavers,
}: Guarded): LedgerNotes {
  const { present, waiting, twins, invalid } = judgement;
  const isSourceRead = options.sourceFile === undefined;
  return {
    present: isSourceRead ? present : [],
    areLeftOut: waiting.length > 0 || twins.length > 0 || invalid.length > 0,
    isSourceRead,
    missing: leavers.toNote,
    unidentified: reading.isFull ? users.unidentified : undefined,
    reading,
    sourceAt: isSourceRead && reading.isFull ? read.changedAt : undefined,
    entries: snapshot.size,
    unknown: snapshot.unknown,
    problems: info?.problems,
    confirmed: new Map(refreshed.map(({ accountNumber, confirmedAt }) => [accountNumber, confirmedAt])),
    plannedAt,
  };
}
