import type { OpleadIssue } from "../../base/issues.ts";
import type { TimeSlice } from "../../base/time/time-slice.ts";
import type { Oplead } from "../../client/api.ts";
import { olderCopy } from "../../ledger/restored.ts";
import { isoTime, type SyncWarning } from "../types/records.ts";
import { addSuspected, checkData } from "./checks/check-data.ts";
import { countChanges } from "./guard/count-changes.ts";
import { type GuardBasis, type GuardFacts, guardFindings, isPresent } from "./guard/guard.ts";
import { countSegments, segmentsInSource, segmentToKeep, withChanges } from "./guard/segments.ts";
import { type JudgeInput, judge } from "./judge.ts";
import { findLeavers } from "./leavers.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { readOldValues, withRuleChanges } from "./old-values.ts";
import { policiesOnPlan } from "./policies/judge-policies.ts";
import type { Given, Memory, UsersRead } from "./read-inputs.ts";
import { readProfiles } from "./read-profiles.ts";
import { select } from "./select.ts";
import { findTwins } from "./twins.ts";

/** A source that gives only what changed lacks no user. */
const EVERYBODY = { has: () => true };

/** The profiles of the platform, and the data that looks wrong, by account number. Asks Oplead only if there are users to send. */
export async function checkUsers(
  oplead: Oplead,
  { coverage }: Pick<Given, "coverage">,
  { users, shared, read }: UsersRead,
  slice: TimeSlice,
) {
  const warnings: SyncWarning[] = [];
  const profiles = users.hasOpenSteps ? await readProfiles(oplead, slice.signal, warnings) : undefined;
  const countries = coverage?.universe.countries ?? [];
  const found: Map<string, readonly OpleadIssue[]> = shared
    ? await checkData(
        oplead,
        { users: users.usersToSend(), areas: users.areasToSend(), shared, countries },
        slice,
        warnings,
      )
    : new Map();
  if (shared) await addSuspected(found, read.source, users.rows, slice);
  return { profiles, found, warnings };
}

export type Checked = Awaited<ReturnType<typeof checkUsers>>;

/** Decides on every user of the source and on every leaver, and reads the old values of those that change. */
export async function decide(
  { ledger, checks, guard, resend, newUsers, leavers: leaverOptions }: Given,
  { plannedAt, snapshot, moves }: Memory,
  { users: { rows, unidentified }, reading, retry }: UsersRead,
  { profiles, found }: Checked,
  slice: TimeSlice,
) {
  const dataIssues = checks === "error" ? found : new Map<string, never>();
  const hasSegments = guard !== false && guard.segments !== undefined;
  const keptOf: JudgeInput["keptOf"] = hasSegments ? ({ segment }) => segmentToKeep(segment) : undefined;
  const twins = await findTwins(rows, snapshot, newUsers, reading.isFull, slice);
  const judgement = await judge({ rows, ledger: snapshot, profiles, dataIssues, resend, keptOf, twins }, slice);
  const basis = { ...leaverOptions, now: plannedAt, unidentified, ledger: snapshot, retry, resend };
  const perhapsMoved = new Set(judgement.twins.map(({ of }) => of));
  const leavers = await findLeavers({ ...basis, rows: reading.isFull ? rows : EVERYBODY, perhapsMoved }, slice);
  const sent = [...judgement.changes, ...leavers.changes];
  const old = await readOldValues(ledger, snapshot, sent, moves, slice);
  return { judgement, leavers, changes: sent.map((change) => withRuleChanges(change, old)), old };
}

export type Decided = Awaited<ReturnType<typeof decide>>;

/** Counts what the plan does, and lets the guard look at the figures. */
export async function guardPlan(
  { guard: options, ledgerMark, resend }: Given,
  { info, snapshot, moves, approval }: Memory,
  { users, reading }: UsersRead,
  { judgement, changes, leavers: { newlyMissing: missing } }: Decided,
  slice: TimeSlice,
): Promise<GuardBasis> {
  const { rows, size } = users;
  const invalid = invalidAmong(snapshot, users, judgement);
  const hasSegments = options !== false && options.segments !== undefined;
  const segments = hasSegments ? await segmentsInSource(rows, snapshot, slice) : undefined;
  const figures = segments ? await countSegments(segments, snapshot, { missing, invalid }, slice) : [];
  const facts: GuardFacts = {
    ...countChanges(changes),
    accepted: snapshot.accepted,
    population: snapshot.population,
    comparable: snapshot.comparable,
    inSource: size,
    missing: missing.length,
    invalid: invalid.length,
    segments: withChanges(figures, changes),
    twins: judgement.twins,
    moves,
    movesInSource: moves.filter(({ from, problem }) => !problem && rows.has(from)),
    incremental: !reading.isFull,
    approved: approval && { at: isoTime(approval.at), users: changes.filter((change) => change.approved).length },
    lossApproved: approval?.lost,
    entries: snapshot.size,
    entriesBefore: info?.entries,
    runs: info?.runs,
    runsBefore: ledgerMark?.runs ?? 0,
    olderCopy: resend ? undefined : olderCopy(info, ledgerMark, snapshot.accepted, approval?.mark),
  };
  return { options, facts, findings: guardFindings(options, facts), missing, invalid, segments, ledgerMark };
}

/** The users that Oplead has and the source does not miss, of which no record can be sent. */
function invalidAmong(ledger: LedgerSnapshot, users: UsersRead["users"], judgement: Decided["judgement"]): string[] {
  const records = [...users.invalid(), ...judgement.invalid, ...users.duplicates()];
  const found = new Set(records.map(({ accountNumber }) => accountNumber));
  return [...found].filter((name): name is string => name !== undefined && isPresent(ledger.get(name)));
}

/** Asks the policies about the changes. Nothing without a coverage. `judged`: what a run needs to ask them again. */
export async function askAboutPlan(
  { coverage, policies, defaults }: Given,
  ledger: Memory["snapshot"],
  { rows }: UsersRead["users"],
  { changes, leavers }: Decided,
  { signal }: TimeSlice,
) {
  if (!coverage) return undefined;
  const basis = { coverage, rows, ledger, leavers: leavers.all, signal };
  const verdict = await policiesOnPlan(policies, basis, select(changes, defaults), true);
  return { ...verdict, judged: policies.length > 0 ? { policies, basis, refusals: verdict.refusals } : undefined };
}

export type Answers = Awaited<ReturnType<typeof askAboutPlan>>;
