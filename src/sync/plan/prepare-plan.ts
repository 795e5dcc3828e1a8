import type { OpleadIssue } from "../../base/issues.ts";
import { TimeSlice } from "../../base/time/time-slice.ts";
import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/internals.ts";
import { bindLedger, platformOf } from "../../ledger/bind.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { olderCopy } from "../../ledger/restored.ts";
import type { RateLimitOptions } from "../../options.ts";
import { mayHaveRules } from "../leavers/leaver.ts";
import { who } from "../text.ts";
import { recordIssue, warning } from "../told.ts";
import type { SyncOptions } from "../types/options.ts";
import type { PlanEstimate, PlanFacts, PlannedUndo } from "../types/plan.ts";
import { isoTime, type SuspiciousRecord, type SyncWarning } from "../types/records.ts";
import { addSuspected, addTo, checkData } from "./checks/check-data.ts";
import { SharedValues } from "./checks/shared-values.ts";
import { countChanges } from "./guard/count-changes.ts";
import { type GuardFacts, guardFindings, guardWarnings } from "./guard/guard.ts";
import { guardLimits } from "./guard/limits.ts";
import { countSegments, segmentsInSource, segmentToKeep, withChanges } from "./guard/segments.ts";
import { type Change, type JudgeInput, type Judgement, judge } from "./judge.ts";
import { findLeavers } from "./leavers.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { moveIn, movesOf } from "./moves.ts";
import { readOldValues } from "./old-values.ts";
import { planHash } from "./plan-hash.ts";
import {
  perhapsMovedWarning,
  suspiciousWarning,
  tooSoonWarning,
  unknownParentsWarning,
  usersWarning,
} from "./plan-warnings.ts";
import { acceptedToKeep } from "./policies/accepted.ts";
import { GivenRulesReader } from "./policies/given-rules.ts";
import { policiesOnPlan } from "./policies/judge-policies.ts";
import { possibleMoves } from "./possible-moves.ts";
import type { PreparedPlan } from "./prepared-plan.ts";
import { readProfiles } from "./read-profiles.ts";
import { HELD_RETRY_AFTER_MS } from "./retry-policy.ts";
import { select } from "./select.ts";
import { MapFailureLog } from "./source/map-record.ts";
import { readSource } from "./source/read-source.ts";
import { readingOf } from "./source/reading.ts";
import { SourceUsers } from "./source/source-users.ts";

/** A source that gives only what changed lacks no user. */
const EVERYBODY = { has: () => true };

/** Reads the ledger and the source, decides on every user, and lets the guard look at the result. */
export async function preparePlan<SourceRecord>(
  oplead: Oplead,
  options: SyncOptions<SourceRecord>,
  caller: string,
  undo?: PlannedUndo,
): Promise<PreparedPlan> {
  const { settings, limiter } = internalsOf(oplead).transport;
  const { source, map, key, rowOf, ledger, incremental = false, ...others } = options;
  const {
    leavers: leaverOptions = {},
    guard = {},
    checks = "warn",
    resend = false,
    full = false,
    retryHeld = false,
    adoptPlatform,
    ledgerMark,
    newUsers = [],
    moves: givenMoves,
    coverage,
    policies = [],
    ...rest
  } = others;
  const {
    heldRetryAfterMs = HELD_RETRY_AFTER_MS,
    concurrency = settings.maxConcurrency,
    now = Date.now,
    ...defaults
  } = rest;
  const slice = new TimeSlice(caller, options.signal);

  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: true });
  const info = await useLedger(async () => ledger.getInfo?.());
  const plannedAt = now();
  const given = await movesOf(givenMoves, caller);
  const snapshot = await LedgerSnapshot.read(ledger, slice, platformOf(oplead));
  const moves = await moveIn(snapshot, given, slice);

  const held = typeof retryHeld === "boolean" ? retryHeld : new Set(retryHeld);
  const retry = { retryHeld: held, heldRetryAfterMs, now: plannedAt };
  const shared = checks === false ? undefined : new SharedValues();
  const users = new SourceUsers(snapshot, {
    ...{ retry, resend, shared, users: settings, givenRules: coverage && new GivenRulesReader() },
    mayHaveLeaverRules: (entry) => mayHaveRules(leaverOptions, entry, plannedAt),
  });
  const ofUser = guard === false ? undefined : guard.segments;
  const log = new MapFailureLog(settings.logger);
  // People who moved are in the source, though perhaps not among the changes.
  const needsAll = full || resend || retryHeld !== false || moves.length > 0;
  const reading = readingOf({ incremental, needsAll, info, entries: snapshot.size, now: plannedAt });
  const read = await readSource(
    { source, map, key, rowOf, segments: ofUser },
    reading.request,
    concurrency,
    slice,
    (record) => {
      log.add(record);
      users.take(record);
    },
  );
  log.end();

  const warnings: SyncWarning[] = [];
  const profiles = users.hasOpenSteps ? await readProfiles(oplead, slice.signal, warnings) : undefined;
  const found: Map<string, readonly OpleadIssue[]> = shared
    ? await checkData(oplead, { users: users.usersToSend(), areas: users.areasToSend(), shared }, slice, warnings)
    : new Map();
  if (shared) await addSuspected(found, read.source, users.rows, slice);
  const dataIssues = checks === "error" ? found : new Map<string, never>();
  const keptOf = keptBy(ofUser !== undefined);
  const judgement = await judge({ rows: users.rows, ledger: snapshot, profiles, dataIssues, resend, keptOf }, slice);
  const { unidentified } = users;
  const leaverBasis = { ...leaverOptions, now: plannedAt, unidentified, ledger: snapshot, retry, resend };
  const leavers = await findLeavers({ ...leaverBasis, rows: reading.isFull ? users.rows : EVERYBODY }, slice);
  const { all: missing, newlyMissing } = leavers;
  const { present } = judgement;
  const changes = [...judgement.changes, ...leavers.changes];
  const segments = ofUser && (await segmentsInSource(users.rows, snapshot, slice));
  const figures = segments ? await countSegments(segments, snapshot, newlyMissing, slice) : [];
  const old = await readOldValues(ledger, snapshot, changes, moves, slice);
  // The rest goes through all changes several times, and is quick each time.
  await slice.next();
  const guardFacts: GuardFacts = {
    ...countChanges(changes),
    population: snapshot.population,
    comparable: snapshot.comparable,
    inSource: users.size,
    missing: newlyMissing.length,
    segments: withChanges(figures, changes),
    possibleMoves: await possibleMoves(changes, snapshot, users.rows, newUsers, slice),
    moves,
    movesInSource: moves.filter(({ from, problem }) => !problem && users.rows.has(from)),
    incremental: !reading.isFull,
    firstRun: info?.firstRun,
    entries: snapshot.size,
    entriesBefore: info?.entries,
    runsBefore: ledgerMark?.runs ?? 0,
    olderCopy: resend ? undefined : olderCopy(info, ledgerMark),
  };
  const findings = guardFindings(guard, guardFacts);
  const basis = coverage && { coverage, rows: users.rows, ledger: snapshot, leavers: missing, signal: options.signal };
  const judged = basis && policies.length > 0 && { policies, basis };
  const verdict = basis && (await policiesOnPlan(policies, basis, select(changes, defaults), true));
  // With checks: "error" these records are invalid, so they are no changes.
  const suspiciousIn = (issues: ReadonlyMap<string, readonly OpleadIssue[]>) =>
    changes.flatMap(({ planned: { record, row, accountNumber } }): SuspiciousRecord[] => {
      const ofUser = issues.get(accountNumber);
      return ofUser ? [{ record, row, accountNumber, issues: ofUser }] : [];
    });
  const looksWrong = suspiciousIn(found);
  if (shared) for (const user of judgement.unknownParents) addTo(found, user.accountNumber, [unknownParent(user)]);
  const suspicious = suspiciousIn(found);
  warnings.push(
    ...(undo ? [warning("undo_returns")] : []),
    ...suspiciousWarning(looksWrong),
    ...usersWarning("damaged_entries", snapshot.damaged),
    ...usersWarning("unreadable_fingerprints", snapshot.unreadable),
    ...usersWarning("unreadable_seals", [...snapshot.sealed, ...old.unreadable]),
    ...perhapsMovedWarning(newlyMissing, guardFacts.new, snapshot),
    ...usersWarning("incomparable_versions", users.incomparable),
    ...unknownParentsWarning(judgement.unknownParents),
    ...(unidentified === 0 || missing.length === 0 ? [] : [warning("missing_unsure", { records: unidentified })]),
    ...usersWarning("leaver_rules_stay", users.backWithRules),
    ...guardWarnings(guard, guardFacts, findings),
    ...(verdict?.warnings ?? []),
    ...(changes.length === 0 ? [] : tooSoonWarning(info?.lastRunAt, plannedAt, limiter.rate)),
  );
  const target = { platform: platformOf(oplead), testMode: oplead.testMode };
  const invalid = [...users.invalid(), ...judgement.invalid, ...leavers.invalid].sort((a, b) => a.record - b.record);
  const duplicates = users.duplicates();
  const { stale, waiting } = judgement;
  const facts: PlanFacts = {
    hash: await planHash(changes, missing, moves, { ...target, undoes: undo?.runId }, slice),
    ...target,
    undo,
    selection: {
      resend,
      ...(full && { full }),
      only: defaults.only,
      limit: defaults.limit,
      newUsers: newUsers.length === 0 ? undefined : newUsers,
    },
    changedSince: reading.request.since && isoTime(reading.request.since.getTime()),
    counts: {
      records: read.records,
      new: guardFacts.new,
      changed: changes.length - guardFacts.new,
      unchanged: judgement.unchanged,
      held: judgement.heldUsers + leavers.heldUsers,
      invalid: invalid.length,
      duplicate: duplicates.length,
      waiting: waiting.length,
      stale: stale.length,
      ignored: users.ignored,
      missing: missing.length,
    },
    estimate: estimateOf(changes, limiter.rate),
    refusals: [...findings, ...(verdict?.refusals ?? [])],
    limits: guardLimits(guard, guardFacts),
    areas: verdict?.areas,
    warnings,
    changes: changes.map(({ planned }) => planned),
    held: [...judgement.held, ...leavers.held],
    invalid,
    duplicates,
    waiting,
    suspicious,
    stale,
    missing,
    moves,
    columns: read.columns,
  };
  return {
    facts,
    changes,
    guard: { options: guard, facts: guardFacts, findings, missing: newlyMissing, segments },
    old: old.byUser,
    policies: judged && verdict ? { ...judged, refusals: verdict.refusals } : undefined,
    target: { oplead, ledger, adoptPlatform, resend, concurrency, now, undoes: undo?.runId },
    notes: {
      present: undo ? [] : present,
      missing: leavers.toNote,
      unidentified: reading.isFull ? unidentified : undefined,
      reading,
      entries: snapshot.size,
      problems: info?.problems,
      plannedAt,
    },
    defaults,
  };
}

/** The facts to keep in the entries of users. */
function keptBy(hasSegments: boolean): JudgeInput["keptOf"] {
  return ({ segment, given }) => {
    const parts = [...(hasSegments ? [segmentToKeep(segment)] : []), ...(given ? [acceptedToKeep(given)] : [])];
    if (parts.length === 0) return undefined;
    return (entry) => {
      const kept = parts.map((part) => part(entry));
      return kept.some(Boolean) ? Object.assign({}, ...kept) : undefined;
    };
  };
}

function unknownParent({ parent }: Judgement["unknownParents"][number]): OpleadIssue {
  return recordIssue("parentUserIdentifier", "unknown_parent", { parent: who(parent) });
}

function estimateOf(changes: readonly Change[], rateLimit: RateLimitOptions | false): PlanEstimate {
  const requests = changes.reduce((sum, { planned, open }) => {
    return sum + (open.user ? (planned.kind === "new" ? 2 : 1) : 0) + open.rules.length;
  }, 0);
  return {
    requests,
    durationMs: rateLimit ? Math.ceil((requests * rateLimit.perMs) / rateLimit.requests) : undefined,
  };
}
