import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { OlderCopy } from "../../ledger/notes.ts";
import type { ParametersOf } from "../../locales/coded.ts";
import { type GUARD, tellGuard, tellWarning } from "../../locales/en/sync.ts";
import { isComparable } from "../../reconcile/compare.ts";
import type { KeptOf } from "../../reconcile/presence.ts";
import { GUARD_DEFAULTS } from "../read-options.ts";
import { who } from "../show.ts";
import type { Finding } from "../types/findings.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";
import type { GuardOptions } from "../types/options.ts";
import type { GuardLimit, PlannedMove } from "../types/records.ts";
import type { LostEntries } from "./approval.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { SourceRows } from "./source-users.ts";

interface ChangeCounts {
  // The counts leave out users of an approved first run and held users that are tried again with the same content.
  readonly new: number;
  readonly changed: number;
  readonly moved: number;
}

export function withCounts<Figures extends ChangeCounts>(figures: Figures, changes: readonly Change[]): Figures {
  const { new: added, changed, moved } = countChanges(changes);
  return { ...figures, new: added, changed, moved };
}

interface UserFigures extends ChangeCounts {
  // Accepted users, without those that were missing before.
  readonly population: number;
  // The population without users whose ids were imported without their content.
  readonly comparable: number;
  // Users in the source, also those that cannot be sent.
  readonly inSource: number;
  readonly missing: number;
  readonly invalid: number;
}

interface SegmentFigures extends UserFigures {
  readonly segment: string;
}

type SegmentsInSource = ReadonlyMap<string, string>;

export interface OldSource {
  // Times, ISO 8601.
  readonly file: { readonly changed: string; readonly before: string } | undefined;
  readonly values: { readonly users: number; readonly day: string } | undefined;
}

export interface GuardFigures extends UserFigures {
  readonly segments: readonly SegmentFigures[];
  readonly twins: readonly Finding<"twin">[];
  readonly invalidFields: readonly string[];
  readonly goneFields: readonly { readonly field: string; readonly users: number }[];
  readonly oldSource?: OldSource | undefined;
  readonly moves: readonly PlannedMove[];
  readonly movesInSource: readonly PlannedMove[];
  readonly incremental: boolean;
  // Users of an approved first run. The other figures leave them out.
  readonly approved: { readonly at: string; readonly users: number } | undefined;
  readonly lossApproved?: LostEntries | undefined;
  // Accepted users, also missing ones. 0: the ledger counts as empty.
  readonly accepted: number;
  readonly entries: number;
  readonly entriesBefore: number | undefined;
  readonly runs: number | undefined;
  readonly runsBefore: number;
  readonly olderCopy: OlderCopy | undefined;
}

export interface GuardBasis {
  readonly options: GuardOptions | false;
  readonly figures: GuardFigures;
  readonly findings: readonly GuardFinding[];
  readonly missing: readonly Finding<"leaver">[];
  readonly invalid: readonly string[];
  readonly segments: SegmentsInSource | undefined;
}

// Among fewer users it is usual that most change in one night.
const WORTH_A_WARNING = 10;

// Users below which a share says nothing: in a segment of 38 users two people who change their manager are 5 %.
const FEWEST = 5;

const MAX_LOST = 0.05;

// With more twins than both limits, the same people probably got other account numbers by accident.
const MANY_TWINS = 50;
const MAX_TWINS = 0.05;

export function guardFindings(options: GuardOptions | false, figures: GuardFigures): GuardFinding[] {
  if (options === false) return [];
  const { population, comparable, inSource, incremental, segments } = figures;
  const { entries, entriesBefore = 0, runsBefore } = figures;
  const {
    maxChanged = GUARD_DEFAULTS.maxChanged,
    minUsers = GUARD_DEFAULTS.minUsers,
    minSegmentUsers = GUARD_DEFAULTS.minSegmentUsers,
  } = options;
  const { maxNew = maxChanged } = options;
  // Counts accepted users: entries of refused users say nothing about what Oplead has.
  const isEmpty = figures.accepted === 0;
  const findings: GuardFinding[] = [];
  const { lossApproved: seen } = figures;
  const isLossApproved = seen?.before === entriesBefore && entries >= seen.now;
  if (entriesBefore - entries > MAX_LOST * entriesBefore && !isLossApproved)
    findings.push(tellGuard("ledger_shrunk", { now: entries, before: entriesBefore }));
  else if (isEmpty && figures.new > minUsers) {
    findings.push(tellGuard("first_run", { added: figures.new, minUsers, runsBefore }));
  }
  const { length: count } = figures.twins;
  if (count > MANY_TWINS && count > MAX_TWINS * population) {
    const pairs = figures.twins.map(({ of, accountNumber }) => `${who(of)} → ${who(accountNumber)}`).sort();
    findings.push(tellGuard("mass_twins", { count, population, examples: pairs.slice(0, 5) }));
  }
  findings.push(...moveFindings(figures));
  if (figures.olderCopy) {
    const { host, known, ended } = figures.olderCopy;
    findings.push(
      host === undefined ? tellGuard("ledger_restored", { known, ended }) : tellGuard("ledger_copied", { host }),
    );
  }
  if (population > 0 && inSource === 0 && !incremental) findings.push(tellGuard("empty_source", { population }));
  // A person can read up to `minUsers` new users one by one. Above that the share decides, even in a small population.
  if (!isEmpty && figures.new > Math.max(minUsers, maxNew * population)) {
    findings.push(
      tellGuard("mass_new", {
        added: figures.new,
        population,
        limit: maxNew,
        minUsers,
        isTrial: figures.runs === undefined,
      }),
    );
  }
  findings.push(...invalidFindings(options, figures, minUsers, figures.invalidFields));
  findings.push(...figures.goneFields.map(({ field, users }) => tellGuard("field_gone", { field, users })));
  const { file, values } = figures.oldSource ?? {};
  if (file) findings.push(tellGuard("older_file", file));
  if (values) findings.push(tellGuard("older_values", values));
  if (comparable >= minUsers) findings.push(...shareFindings(options, figures));
  for (const ofSegment of segments) {
    const { segment, population: users, inSource: left, new: added } = ofSegment;
    if (left === 0 && users > 0 && !incremental) findings.push(tellGuard("segment_gone", { segment, users }));
    else if (ofSegment.comparable >= minSegmentUsers) findings.push(...shareFindings(options, ofSegment));
    findings.push(...invalidFindings(options, ofSegment, minSegmentUsers));
    if (users < minSegmentUsers || added <= Math.max(minSegmentUsers, maxNew * users)) continue;
    const newUsers = { added, population: users, limit: maxNew, minUsers: minSegmentUsers, isTrial: false };
    findings.push(tellGuard("mass_new", { ...newUsers, segment }));
  }
  return findings;
}

type Figures = Pick<GuardFigures, "population" | "comparable" | "changed" | "moved" | "missing" | "invalid"> &
  Partial<Pick<SegmentFigures, "segment">>;

function shareFindings(
  { maxChanged = GUARD_DEFAULTS.maxChanged, maxMoved = GUARD_DEFAULTS.maxMoved, maxMissing }: GuardOptions,
  { comparable, changed, moved, missing, segment }: Figures,
): GuardFinding[] {
  const findings: GuardFinding[] = [];
  if (exceeds(changed + missing, maxChanged, comparable)) {
    findings.push(tellGuard("mass_change", { changed, missing, comparable, limit: maxChanged, segment }));
  }
  if (exceeds(moved, maxMoved, comparable)) {
    findings.push(tellGuard("mass_move", { moved, comparable, limit: maxMoved, segment }));
  }
  if (maxMissing !== undefined && exceeds(missing, maxMissing, comparable)) {
    findings.push(tellGuard("mass_missing", { missing, comparable, limit: maxMissing, segment }));
  }
  return findings;
}

function exceeds(users: number, share: number, among: number): boolean {
  return users > mostOf(share, among);
}

// A share of 0 allows no user.
function mostOf(share: number, among: number): number {
  return share === 0 ? 0 : Math.max(FEWEST - 1, shareOf(share, among));
}

// Below `minUsers` the limit is at least a half: a renamed column makes every record invalid.
function invalidShare(
  { maxChanged = GUARD_DEFAULTS.maxChanged, maxInvalid = maxChanged }: GuardOptions,
  population: number,
  minUsers: number,
): number | undefined {
  if (population >= minUsers && population > 0) return maxInvalid;
  return population >= WORTH_A_WARNING ? Math.max(maxInvalid, 0.5) : undefined;
}

function invalidFindings(
  options: GuardOptions,
  { population, invalid, segment }: Figures,
  minUsers: number,
  fields: readonly string[] = [],
): GuardFinding[] {
  const limit = invalidShare(options, population, minUsers);
  if (limit === undefined || !exceeds(invalid, limit, population)) return [];
  return [tellGuard("mass_invalid", { invalid, population, limit, segment, fields })];
}

function moveFindings({ moves, movesInSource }: GuardFigures): GuardFinding[] {
  const of = (problem: PlannedMove["problem"]) => moves.filter((move) => move.problem === problem);
  const kinds = { move_unknown: of("unknown"), move_occupied: of("occupied"), move_in_source: movesInSource };
  return (["move_unknown", "move_occupied", "move_in_source"] as const).flatMap((code) => {
    const pairs = kinds[code].map(({ from, to }) => `${who(from)} → ${who(to)}`).sort();
    return pairs.length === 0 ? [] : [tellGuard(code, { count: pairs.length, examples: pairs.slice(0, 5) })];
  });
}

export function guardWarnings(
  options: GuardOptions | false,
  figures: GuardFigures,
  findings: readonly GuardFinding[] = [],
): SyncWarning[] {
  const warnings: SyncWarning[] = [];
  const { comparable, population, entries: now, entriesBefore: before = 0 } = figures;
  const isTold = findings.some(({ code }) => code === "first_run" || code === "ledger_shrunk");
  if (now < before && !isTold) warnings.push(tellWarning("ledger_shrank", { now, before }));
  if (options !== false && figures.approved && figures.approved.users > 0)
    warnings.push(tellWarning("first_run_goes_on", figures.approved));
  const affected = figures.changed + figures.missing;
  const minUsers = options === false ? 0 : (options.minUsers ?? GUARD_DEFAULTS.minUsers);
  if (comparable >= WORTH_A_WARNING && comparable < minUsers && affected > comparable / 2) {
    warnings.push(tellWarning("too_few_to_judge", { affected, comparable, minUsers }));
  }
  if (options !== false && !isTold && !figures.approved && comparable === 0 && figures.new + figures.inSource > 0) {
    warnings.push(tellWarning("nothing_to_compare", { entries: population }));
  }
  if (options === false || findings.some(({ code }) => ABOUT_MISSING.has(code))) return warnings;
  for (const { missing: count, population, segment } of [{ ...figures, segment: undefined }, ...figures.segments]) {
    const areMany = count >= MANY_LEFT || (count >= FEWEST_LEFT && count > SHARE_LEFT * population);
    if (areMany) warnings.push(tellWarning("many_left", { count, population, segment }));
  }
  return warnings;
}

// Departures of one night that are told, but not refused.
const MANY_LEFT = 10;
const FEWEST_LEFT = 5;
const SHARE_LEFT = 0.1;
const ABOUT_MISSING: ReadonlySet<string> = new Set(["empty_source", "segment_gone", "mass_missing", "mass_change"]);

const LIMITS = ["maxNew", "maxInvalid", "maxChanged", "maxMoved", "maxMissing"] as const;

const SEGMENTS = 5;

export function guardLimits(options: GuardOptions | false, figures: GuardFigures): GuardLimit[] {
  const { population, segments } = figures;
  if (options === false || population === 0) return [];
  const { minUsers = GUARD_DEFAULTS.minUsers, minSegmentUsers = GUARD_DEFAULTS.minSegmentUsers } = options;
  const all = limitsOf(options, figures, minUsers, true);
  const ofSegments = segments
    .filter(({ inSource }) => inSource > 0)
    .flatMap((one) => {
      const limits = limitsOf(options, one, minSegmentUsers, one.population >= minSegmentUsers);
      return limits.map((limit) => ({ ...limit, segment: one.segment }));
    })
    .filter(({ users }) => users > 0)
    .sort((a, b) => b.users / b.most - a.users / a.most);
  return [...all, ...LIMITS.flatMap((name) => ofSegments.filter(({ option }) => option === name).slice(0, SEGMENTS))];
}

function limitsOf(
  options: GuardOptions,
  figures: Omit<SegmentFigures, "segment">,
  minUsers: number,
  judgesNew: boolean,
): GuardLimit[] {
  const {
    maxChanged = GUARD_DEFAULTS.maxChanged,
    maxNew = maxChanged,
    maxInvalid,
    maxMoved = GUARD_DEFAULTS.maxMoved,
    maxMissing,
  } = options;
  const { population, comparable, changed, missing, moved, invalid } = figures;
  const limits: GuardLimit[] = [];
  if (judgesNew) {
    const most = Math.max(minUsers, shareOf(maxNew, population));
    limits.push({ option: "maxNew", users: figures.new, most, among: population });
  }
  const invalidLimit = invalidShare(options, population, minUsers);
  // Without invalid users the bar would be empty, so it is shown only if `maxInvalid` is set.
  if (invalidLimit !== undefined && (invalid > 0 || maxInvalid !== undefined)) {
    limits.push({ option: "maxInvalid", users: invalid, most: mostOf(invalidLimit, population), among: population });
  }
  if (comparable < minUsers) return limits;
  const add = (option: GuardLimit["option"], users: number, share: number): void => {
    limits.push({ option, users, most: mostOf(share, comparable), among: comparable });
  };
  add("maxChanged", changed + missing, maxChanged);
  add("maxMoved", moved, maxMoved);
  if (maxMissing !== undefined) add("maxMissing", missing, maxMissing);
  return limits;
}

// Adds 1e-9, because 0.29 * 100 is a little less than 29.
function shareOf(share: number, users: number): number {
  return Math.floor(share * users + 1e-9);
}

// An approval covers a figure that is no higher (`fewer`), no lower (`more`) or the `same`. `any`: all values.
export type FigureKind = "fewer" | "more" | "same" | "any";

export const GUARD_FIGURES: {
  readonly [Code in keyof typeof GUARD]: {
    readonly [Name in keyof ParametersOf<typeof GUARD, Code>]-?: FigureKind;
  };
} = {
  empty_source: { population: "any" },
  mass_new: { added: "fewer", population: "any", limit: "same", minUsers: "same", isTrial: "same", segment: "same" },
  mass_invalid: { invalid: "fewer", population: "any", limit: "same", segment: "same", fields: "any" },
  field_gone: { field: "same", users: "fewer" },
  older_file: { changed: "same", before: "same" },
  older_values: { users: "fewer", day: "any" },
  mass_twins: { count: "fewer", population: "any", examples: "any" },
  move_unknown: { count: "fewer", examples: "any" },
  move_occupied: { count: "fewer", examples: "any" },
  move_in_source: { count: "fewer", examples: "any" },
  mass_change: { changed: "fewer", missing: "fewer", comparable: "any", limit: "same", segment: "same" },
  mass_move: { moved: "fewer", comparable: "any", limit: "same", segment: "same" },
  mass_missing: { missing: "fewer", comparable: "any", limit: "same", segment: "same" },
  segment_gone: { segment: "same", users: "fewer" },
  first_run: { added: "fewer", minUsers: "same", runsBefore: "same" },
  ledger_shrunk: { now: "more", before: "same" },
  ledger_copied: { host: "same" },
  ledger_restored: { known: "same", ended: "same" },
  other_plan: {},
  other_platform: { saved: "same", current: "same" },
  other_test_mode: { saved: "same" },
};

export function isPresent(entry: LedgerEntry | undefined): boolean {
  return entry?.id !== undefined && entry.missingSince === undefined;
}

export function countChanges(changes: readonly Change[]): ChangeCounts {
  const counted = changes.filter(({ approved, isRefusedBefore, planned }) => {
    return !approved && !isRefusedBefore && planned.kind !== "retried";
  });
  const created = counted.filter(({ planned }) => planned.kind === "new").length;
  const changed = counted.filter(({ planned, differs }) => planned.kind !== "new" && differs);
  const moved = changed.filter(({ planned: { fields } }) => {
    return fields.includes("profile") || fields.includes("parentUserIdentifier");
  });
  return { new: created, changed: changed.length, moved: moved.length };
}

export function segmentsInSource(rows: SourceRows, ledger: LedgerSnapshot): SegmentsInSource {
  const found = new Map<string, string>();
  for (const { accountNumber, segment, state } of rows) {
    const known = segment ?? (state === "invalid" ? ledger.get(accountNumber)?.segment : undefined);
    if (known !== undefined) found.set(accountNumber, known);
  }
  return found;
}

export function segmentToKeep(segment: string | undefined): KeptOf {
  return (entry) => (entry.segment === segment ? undefined : { segment });
}

// A user counts in its entry's segment rather than the source's, so that an emptied segment is noticed.
export function countSegments(
  source: SegmentsInSource,
  ledger: LedgerSnapshot,
  { missing, invalid }: { readonly missing: readonly Finding<"leaver">[]; readonly invalid: readonly string[] },
): SegmentFigures[] {
  const none = { population: 0, comparable: 0, inSource: 0, missing: 0, invalid: 0, new: 0, changed: 0, moved: 0 };
  const found = new Map<string, { -readonly [Name in keyof SegmentFigures]: SegmentFigures[Name] }>();
  const count = (segment: string | undefined, ...names: readonly (keyof typeof none)[]): void => {
    if (segment === undefined) return;
    const known = found.get(segment) ?? { segment, ...none };
    found.set(segment, known);
    for (const name of names) known[name] += 1;
  };
  const segmentOf = (accountNumber: string) => ledger.get(accountNumber)?.segment ?? source.get(accountNumber);
  for (const [accountNumber, entry] of ledger) {
    if (entry.id === undefined || entry.missingSince !== undefined) continue;
    count(segmentOf(accountNumber), "population", ...(isComparable(entry) ? (["comparable"] as const) : []));
  }
  for (const segment of source.values()) {
    count(segment, "inSource");
  }
  for (const { accountNumber } of missing) count(segmentOf(accountNumber), "missing");
  for (const accountNumber of invalid) count(segmentOf(accountNumber), "invalid");
  return [...found.values()];
}

export function withChanges(segments: readonly SegmentFigures[], changes: readonly Change[]): SegmentFigures[] {
  if (segments.length === 0) return [];
  const bySegment = new Map(segments.map(({ segment }) => [segment, [] as Change[]]));
  for (const change of changes) if (change.segment !== undefined) bySegment.get(change.segment)?.push(change);
  return segments.map((figures) => withCounts(figures, bySegment.get(figures.segment) ?? []));
}
