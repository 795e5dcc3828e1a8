import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { OlderCopy } from "../../ledger/notes.ts";
import type { ParametersOf } from "../../locales/coded.ts";
import { type GUARD, tellGuard, tellWarning } from "../../locales/en/sync.ts";
import { isComparable } from "../../reconcile/compare.ts";
import type { KeptOf } from "../../reconcile/presence.ts";
import { GUARD_DEFAULTS } from "../read-options.ts";
import { who } from "../show.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";
import type { GuardOptions } from "../types/options.ts";
import type { GuardLimit, Leaver, PlannedMove, TwinUser } from "../types/records.ts";
import type { LostEntries } from "./approval.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { SourceRow } from "./source-users.ts";

interface ChangeCounts {
  /**
   * Users without an id in the ledger. `new`, `changed` and `moved` leave out users of an approved first run that goes
   * on. They also leave out held users that are tried again with the same content, because a long time has passed, the
   * change of another user may help, or a person asked for it (`heldRetryAfterMs: 0`).
   */
  readonly new: number;
  /** Users whose content differs from the content that Oplead accepted. */
  readonly changed: number;
  /** How many of the changed users get another profile or another parent. */
  readonly moved: number;
}

/** Returns the figures with the counts of these changes. */
export function withCounts<Figures extends ChangeCounts>(figures: Figures, changes: readonly Change[]): Figures {
  const { new: added, changed, moved } = countChanges(changes);
  return { ...figures, new: added, changed, moved };
}

/** Figures of all users, or of the users of one segment. */
interface UserFigures extends ChangeCounts {
  /** Users that Oplead has according to the ledger, without users that were missing before. */
  readonly population: number;
  /**
   * How many users of the population the ledger can compare. It cannot compare users whose ids were imported without
   * their content.
   */
  readonly comparable: number;
  /** Users in the source, including users that cannot be sent. */
  readonly inSource: number;
  /** Users that are missing for the first time. */
  readonly missing: number;
  /**
   * Users of the {@link UserFigures.population} that are not sent, because their record is invalid or the source has
   * several different records of them.
   */
  readonly invalid: number;
}

interface SegmentFigures extends UserFigures {
  readonly segment: string;
}

/** The segments of the users of a source, by account number. */
type SegmentsInSource = ReadonlyMap<string, string>;

export interface GuardFigures extends UserFigures {
  /** The figures of each segment. Empty if {@link GuardOptions.segments} is not set. */
  readonly segments: readonly SegmentFigures[];
  readonly twins: readonly TwinUser[];
  /** Fields that are wrong in nearly all records of {@link UserFigures.invalid} users. */
  readonly invalidFields: readonly string[];
  /** Fields that every user had before and that no user has now. */
  readonly goneFields: readonly { readonly field: string; readonly users: number }[];
  readonly moves: readonly PlannedMove[];
  /** The moves of users for which the source still has a record under the old number. */
  readonly movesInSource: readonly PlannedMove[];
  readonly incremental: boolean;
  /**
   * The approval of a first night that was interrupted: when it was given, and how many users of this plan it covers.
   * These users are not counted in the other figures.
   */
  readonly approved: { readonly at: string; readonly users: number } | undefined;
  /** A loss of ledger entries that a person approved together with the plan of the first run. */
  readonly lossApproved?: LostEntries | undefined;
  /** Users that Oplead has according to the ledger, including missing users. If it is 0, the ledger counts as empty. */
  readonly accepted: number;
  /** How many entries the ledger has. */
  readonly entries: number;
  /** How many entries the ledger had after the last run: {@link LedgerInfo.entries}. */
  readonly entriesBefore: number | undefined;
  /** How many runs have ended with this ledger: {@link LedgerInfo.runs}. */
  readonly runs: number | undefined;
  /** How many runs had ended according to {@link SyncOptions.ledgerMark}, which is kept outside of the ledger. */
  readonly runsBefore: number;
  /** Why the ledger looks like an older copy; undefined if it does not. */
  readonly olderCopy: OlderCopy | undefined;
}

/** What the guard judges a plan by when the plan is made, and again when the plan is applied. */
export interface GuardBasis {
  readonly options: GuardOptions | false;
  readonly figures: GuardFigures;
  /** The findings when the plan was made. */
  readonly findings: readonly GuardFinding[];
  /** Users that are missing for the first time. */
  readonly missing: readonly Leaver[];
  /** The account numbers of the users that {@link UserFigures.invalid} counts. */
  readonly invalid: readonly string[];
  readonly segments: SegmentsInSource | undefined;
}

/** If fewer users than this are compared, it is usual that most of them change in one night. */
const WORTH_A_WARNING = 10;

/** The share of its entries that a ledger may lose between two runs without a finding. */
const MAX_LOST = 0.05;

/**
 * If there are more twins than `MANY_TWINS`, and if the twins are a larger share of the users than `MAX_TWINS`, the
 * guard refuses the plan: probably the same people got other account numbers by accident.
 */
const MANY_TWINS = 50;
const MAX_TWINS = 0.05;

/**
 * Returns a finding for every sign of an accident. If the ledger has no users to compare with, many new users are such
 * a sign, because the ledger may be lost.
 */
export function guardFindings(options: GuardOptions | false, figures: GuardFigures): GuardFinding[] {
  if (options === false) return [];
  const { population, comparable, inSource, incremental, segments } = figures;
  const { entries, entriesBefore = 0, runsBefore } = figures;
  const {
    maxChanged = GUARD_DEFAULTS.maxChanged,
    minUsers = GUARD_DEFAULTS.minUsers,
    minSegmentUsers = GUARD_DEFAULTS.minSegmentUsers,
    allowEmptySource = GUARD_DEFAULTS.allowEmptySource,
  } = options;
  const { maxNew = maxChanged } = options;
  // The ledger counts as empty if Oplead accepted no user in it. Its other entries, for example of refused users, tell
  // nothing about what Oplead has.
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
  if (population > 0 && inSource === 0 && !incremental && !allowEmptySource)
    findings.push(tellGuard("empty_source", { population }));
  // Up to `minUsers` new users never count as an accident, because a person can read so few one by one. If there are
  // more, their share of the population decides, even if the population is small.
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

/** The figures of all users, or of the users of one segment. */
type Figures = Pick<GuardFigures, "population" | "comparable" | "changed" | "moved" | "missing" | "invalid"> &
  Partial<Pick<SegmentFigures, "segment">>;

function shareFindings(
  { maxChanged = GUARD_DEFAULTS.maxChanged, maxMoved = GUARD_DEFAULTS.maxMoved, maxMissing }: GuardOptions,
  { comparable, changed, moved, missing, segment }: Figures,
): GuardFinding[] {
  const findings: GuardFinding[] = [];
  if ((changed + missing) / comparable > maxChanged) {
    findings.push(tellGuard("mass_change", { changed, missing, comparable, limit: maxChanged, segment }));
  }
  if (moved / comparable > maxMoved) {
    findings.push(tellGuard("mass_move", { moved, comparable, limit: maxMoved, segment }));
  }
  if (maxMissing !== undefined && missing / comparable > maxMissing) {
    findings.push(tellGuard("mass_missing", { missing, comparable, limit: maxMissing, segment }));
  }
  return findings;
}

/**
 * The share of users that may have invalid records; undefined if there are too few users to judge. If there are fewer
 * than `minUsers` users but at least ten, the share is a half or more, because a renamed column makes every record
 * invalid.
 */
function invalidShare(
  { maxChanged = GUARD_DEFAULTS.maxChanged, maxInvalid = maxChanged }: GuardOptions,
  population: number,
  minUsers: number,
): number | undefined {
  if (population >= minUsers && population > 0) return maxInvalid;
  return population >= WORTH_A_WARNING ? Math.max(maxInvalid, 0.5) : undefined;
}

/** Returns a finding if too many of the users that Oplead has have records that cannot be sent. */
function invalidFindings(
  options: GuardOptions,
  { population, invalid, segment }: Figures,
  minUsers: number,
  fields: readonly string[] = [],
): GuardFinding[] {
  const limit = invalidShare(options, population, minUsers);
  if (limit === undefined || invalid / population <= limit) return [];
  return [tellGuard("mass_invalid", { invalid, population, limit, segment, fields })];
}

/** Returns findings for moves that cannot be made, and for moves that are probably wrong. */
function moveFindings({ moves, movesInSource }: GuardFigures): GuardFinding[] {
  const of = (problem: PlannedMove["problem"]) => moves.filter((move) => move.problem === problem);
  const kinds = { move_unknown: of("unknown"), move_occupied: of("occupied"), move_in_source: movesInSource };
  return (["move_unknown", "move_occupied", "move_in_source"] as const).flatMap((code) => {
    const pairs = kinds[code].map(({ from, to }) => `${who(from)} → ${who(to)}`).sort();
    return pairs.length === 0 ? [] : [tellGuard(code, { count: pairs.length, examples: pairs.slice(0, 5) })];
  });
}

/** Warnings that say why the guard may miss an accident. */
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
  return warnings;
}

const LIMITS = ["maxNew", "maxInvalid", "maxChanged", "maxMoved", "maxMissing"] as const;

/** How many segments are shown for each limit: the segments that come closest to the limit, or exceed it most. */
const SEGMENTS = 5;

/** The counts of the guard beside their limits. A limit that the guard does not judge is left out. */
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
  // Usually no user is invalid. Then this limit is left out, because the page would only show an empty bar for it.
  if (invalidLimit !== undefined && (invalid > 0 || maxInvalid !== undefined)) {
    limits.push({ option: "maxInvalid", users: invalid, most: shareOf(invalidLimit, population), among: population });
  }
  if (comparable < minUsers) return limits;
  const add = (option: GuardLimit["option"], users: number, share: number): void => {
    limits.push({ option, users, most: shareOf(share, comparable), among: comparable });
  };
  add("maxChanged", changed + missing, maxChanged);
  add("maxMoved", moved, maxMoved);
  if (maxMissing !== undefined) add("maxMissing", missing, maxMissing);
  return limits;
}

/**
 * A share of users as a whole number. The small addition corrects rounding: 0.29 of 100 users are 29, but the computed
 * product is a little less.
 */
function shareOf(share: number, users: number): number {
  return Math.floor(share * users + 1e-9);
}

/**
 * How a figure of a finding is compared with the figure that a person has approved. The approval covers it if:
 * - `fewer`, `more`: the figure is no higher, or no lower, than the approved figure
 * - `same`: the figure has not changed
 * - `any`: always, because the figure by itself is no reason against the plan. For example, the figure is the total
 *   number of users that another figure is compared with, or a list of examples
 */
export type FigureKind = "fewer" | "more" | "same" | "any";

/**
 * How each figure of a guard finding is compared with the figure that a person has approved. If the entry for a figure
 * is missing, this does not compile.
 */
export const GUARD_FIGURES: {
  readonly [Code in keyof typeof GUARD]: {
    readonly [Name in keyof ParametersOf<typeof GUARD, Code>]-?: FigureKind;
  };
} = {
  empty_source: { population: "any" },
  mass_new: { added: "fewer", population: "any", limit: "same", minUsers: "same", isTrial: "same", segment: "same" },
  mass_invalid: { invalid: "fewer", population: "any", limit: "same", segment: "same", fields: "any" },
  field_gone: { field: "same", users: "fewer" },
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

/** Whether a user counts in the {@link UserFigures.population}. */
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

export function segmentsInSource(rows: ReadonlyMap<string, SourceRow>, ledger: LedgerSnapshot): SegmentsInSource {
  const found = new Map<string, string>();
  for (const [accountNumber, { segment, state }] of rows) {
    // If a record could not be mapped, its segment is not known, so the segment in the ledger is used.
    const known = segment ?? (state === "invalid" ? ledger.get(accountNumber)?.segment : undefined);
    if (known !== undefined) found.set(accountNumber, known);
  }
  return found;
}

/** Makes the entry of a user keep the segment that the source gives. */
export function segmentToKeep(segment: string | undefined): KeptOf {
  return (entry) => (entry.segment === segment ? undefined : { segment });
}

/**
 * The figures of each segment, without the counts of changes. A user counts in the segment that its entry names, so
 * that a segment that was emptied is noticed. If the entry names no segment yet, the user counts in the segment that
 * the source gives.
 */
export function countSegments(
  source: SegmentsInSource,
  ledger: LedgerSnapshot,
  { missing, invalid }: { readonly missing: readonly Leaver[]; readonly invalid: readonly string[] },
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

/** Returns the figures of segments with the counts of these changes. */
export function withChanges(segments: readonly SegmentFigures[], changes: readonly Change[]): SegmentFigures[] {
  if (segments.length === 0) return [];
  const bySegment = new Map(segments.map(({ segment }) => [segment, [] as Change[]]));
  for (const change of changes) if (change.segment !== undefined) bySegment.get(change.segment)?.push(change);
  return segments.map((figures) => withCounts(figures, bySegment.get(figures.segment) ?? []));
}
