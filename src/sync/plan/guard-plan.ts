import { internalsOf } from "../../client/client-state.ts";
import { valueAt } from "../../core/issues.ts";
import { isObject } from "../../core/values.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { olderCopy } from "../../ledger/notes.ts";
import { fingerprintsIn, innermost, UserFingerprints } from "../../reconcile/compare.ts";
import { returnsSince } from "../../reconcile/entry-writer.ts";
import type { UserInput } from "../../user/user.ts";
import type { GuardFinding } from "../types/messages.ts";
import { isoTime } from "../types/records.ts";
import {
  countChanges,
  countSegments,
  type GuardBasis,
  type GuardFigures,
  guardFindings,
  guardWarnings,
  isPresent,
  type OldSource,
  segmentsInSource,
  withChanges,
  withCounts,
} from "./guard.ts";
import type { Change } from "./judge.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { moveIn } from "./moves.ts";
import { tooSoonWarning } from "./plan-warnings.ts";
import type { Guarded, Judged, JudgedPolicies } from "./planning.ts";
import { type Selection, select } from "./selection.ts";

export async function guardPlan(judged: Judged): Promise<Guarded> {
  const { oplead, options, info, plannedAt, changes, warnings } = judged;
  const guard = basisOf(judged);
  // The guard judges only what the run will send.
  const selection = select({ changes, refreshes: [] }, options);
  const ofGuard = await findingsNow(guard, selection, undefined);
  const policies = await askPolicies(judged, selection);
  warnings.push(...guardWarnings(options.guard, guard.figures, ofGuard), ...(policies?.warnings ?? []));
  const { rate } = internalsOf(oplead).transport.limiter;
  if (changes.length > 0) warnings.push(...tooSoonWarning(info?.lastRunAt, plannedAt, rate));
  return { ...judged, guard, policies, refusals: [...ofGuard, ...(policies?.refusals ?? [])] };
}

function basisOf(judged: Judged): GuardBasis {
  const { options, info, snapshot, moves, approval, reading, users, judgement, leavers, changes } = judged;
  const { guard, ledgerMark } = options;
  const { newlyMissing: missing } = leavers;
  const invalid = invalidAmong(judged);
  const hasSegments = guard !== false && guard.segments !== undefined;
  const segments = hasSegments ? segmentsInSource(users.rows, snapshot) : undefined;
  const ofSegments = segments ? countSegments(segments, snapshot, { missing, invalid }) : [];
  const figures: GuardFigures = {
    ...countChanges(changes),
    accepted: snapshot.accepted,
    population: snapshot.population,
    comparable: snapshot.comparable,
    inSource: users.size,
    missing: missing.length,
    invalid: invalid.length,
    invalidFields: fieldsOfInvalid(judged),
    goneFields: findGoneFields(judged),
    oldSource: findOldSource(judged),
    segments: withChanges(ofSegments, changes),
    twins: judgement.twins,
    moves,
    movesInSource: moves.filter(({ from, problem }) => !problem && users.rows.has(from)),
    incremental: !reading.isFull,
    approved: approval && { at: isoTime(approval.at), users: changes.filter((change) => change.approved).length },
    lossApproved: approval?.lost,
    entries: snapshot.size,
    entriesBefore: info?.entries,
    runs: info?.runs,
    runsBefore: ledgerMark?.runs ?? 0,
    olderCopy: options.resend ? undefined : olderCopy(info, ledgerMark, snapshot.accepted, approval?.mark),
  };
  return { options: guard, figures, findings: guardFindings(guard, figures), missing, invalid, segments };
}

function invalidAmong({ snapshot, users, judgement }: Judged): string[] {
  const records = [...users.invalid(), ...judgement.invalid, ...users.duplicates()];
  const found = new Set(records.map(({ accountNumber }) => accountNumber));
  return [...found].filter((name): name is string => name !== undefined && isPresent(snapshot.get(name)));
}

async function askPolicies(judged: Judged, selection: Selection): Promise<JudgedPolicies | undefined> {
  const { options, snapshot, users, leavers, work } = judged;
  const { coverage, policies } = options;
  if (!coverage) return undefined;
  const basis = { coverage, rows: users.rows, ledger: snapshot, leavers: leavers.all, signal: work.signal };
  const { policiesOnPlan } = await import("./policies.ts");
  return { ...(await policiesOnPlan(policies, basis, selection, true)), basis };
}

// Reads `ledger` again. Undefined: the plan has just read it.
export async function findingsNow(
  basis: GuardBasis,
  { changes, isPartial }: Pick<Selection, "changes" | "isPartial">,
  ledger: Ledger | undefined,
): Promise<readonly GuardFinding[]> {
  if (basis.options === false) return [];
  if (!ledger && !isPartial) return basis.findings;
  const current = ledger ? await figuresNow(basis, changes, ledger) : basis.figures;
  return guardFindings(basis.options, isPartial ? figuresOfSome(current, changes) : current);
}

// A run of some users changes nothing about users that the source lacks.
function figuresOfSome(all: GuardFigures, changes: readonly Change[]): GuardFigures {
  return {
    ...withCounts(all, changes),
    segments: withChanges(all.segments, changes).map((figures) => ({ ...figures, missing: 0, invalid: 0 })),
    twins: [],
    goneFields: [],
    oldSource: undefined,
    missing: 0,
    invalid: 0,
    incremental: true,
  };
}

// Leaves out what another process has sent since the plan.
async function figuresNow(basis: GuardBasis, changes: readonly Change[], ledger: Ledger): Promise<GuardFigures> {
  const now = await LedgerSnapshot.read(ledger, { caller: "apply", signal: undefined });
  const moves = moveIn(
    now,
    basis.figures.moves.map(({ from, to }) => [from, to]),
  );
  const { accepted, population, comparable, size: entries } = now;
  const left = changes.filter(({ planned, revision }) => {
    const entry = now.get(planned.accountNumber);
    return entry === undefined || (entry.revision ?? 0) === revision;
  });
  const missing = basis.missing.filter(({ accountNumber }) => now.get(accountNumber)?.missingSince === undefined);
  const invalid = basis.invalid.filter((accountNumber) => isPresent(now.get(accountNumber)));
  const segments = basis.segments && countSegments(basis.segments, now, { missing, invalid });
  return {
    ...withCounts(basis.figures, left),
    moves,
    accepted,
    population,
    comparable,
    entries,
    missing: missing.length,
    invalid: invalid.length,
    segments: segments ? withChanges(segments, left) : [],
  };
}

// Users that lost a field: with fewer, it may be a coincidence.
const WORTH_A_FINDING = 10;

interface GoneField {
  readonly field: string;
  readonly users: number;
}

// Fields that every changed user lost. On most nights some users are unchanged, and the search ends at once.
function findGoneFields(judged: Judged): readonly GoneField[] {
  const { judgement, changes, reading, snapshot } = judged;
  if (!reading.isFull || judgement.unchanged > 0 || changes.length < WORTH_A_FINDING) return [];
  let candidates: readonly string[] | undefined;
  let users = 0;
  // Users whose earlier fields are not known: a field is gone only if none of them has it.
  const others: UserInput[] = [];
  for (const { planned, paths, content } of changes) {
    if (planned.kind === "leaver") continue;
    const before = snapshot.get(planned.accountNumber);
    if (!isPresent(before) || before?.fields === undefined) {
      others.push(content.user);
      continue;
    }
    users += 1;
    const fields = fingerprintsIn(before.fields);
    const gone = (candidates ?? paths ?? []).filter((path) => {
      return fields[path] !== undefined && paths?.includes(path) && isEmpty(valueAt(content.user, path));
    });
    if (gone.length === 0) return [];
    candidates = gone;
  }
  if (users < WORTH_A_FINDING || !candidates) return [];
  const fields = candidates.filter((path) => others.every((user) => isEmpty(valueAt(user, path))));
  return fields.map((field) => ({ field, users }));
}

// Fewer users may go back by chance, for example a team after the holidays of its manager.
const MANY_RETURN = 10;

function findOldSource({ options, info, plannedAt, snapshot, read, reading, changes }: Judged): OldSource | undefined {
  if (options.sourceFile !== undefined || options.resend || changes.length === 0) return undefined;
  const known = changes.filter(({ planned, differs }) => planned.kind === "changed" && differs);
  const since = known.flatMap((change) => returnOf(change, snapshot, plannedAt) ?? []);
  const areMany = since.length >= MANY_RETURN && since.length > known.length / 2;
  const { changedAt } = read;
  const before = info?.sourceAt;
  const isOlder = reading.isFull && changedAt !== undefined && before !== undefined && changedAt < before;
  return {
    file: isOlder ? { changed: isoTime(changedAt), before: isoTime(before) } : undefined,
    values: areMany ? { users: since.length, day: isoTime(Math.min(...since)).slice(0, 10) } : undefined,
  };
}

function returnOf({ planned, paths, open, content }: Change, snapshot: LedgerSnapshot, now: number) {
  const entry = snapshot.get(planned.accountNumber);
  if (entry?.was === undefined || paths === undefined) return undefined;
  const made = new UserFingerprints(content.user).like(entry, snapshot.fingerprints);
  const fields = open.user ? innermost(paths).map((path) => [path, made?.[path]] as const) : [];
  const rules = open.rules.map(({ name, hash }) => [`rules.${name}`, hash] as const);
  return returnsSince(entry, Object.fromEntries([...fields, ...rules]), now);
}

function isEmpty(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

// Fields with issues in nearly all invalid records of known users: usually a column was emptied or renamed.
function fieldsOfInvalid({ users, judgement, snapshot }: Judged): string[] {
  const counts = new Map<string, number>();
  let records = 0;
  for (const { accountNumber, issues } of [...users.invalid(), ...judgement.invalid]) {
    if (accountNumber === undefined || !isPresent(snapshot.get(accountNumber))) continue;
    records += 1;
    for (const path of new Set(issues.map((issue) => issue.path))) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts].flatMap(([path, count]) => (path !== "" && count >= 0.9 * records ? [path] : [])).slice(0, 5);
}
