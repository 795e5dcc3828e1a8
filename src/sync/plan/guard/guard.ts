import type { LedgerEntry } from "../../../ledger/ledger.ts";
import type { OlderCopy } from "../../../ledger/restored.ts";
import type { ParametersOf } from "../../../locales/coded.ts";
import { type GUARD, tellGuard, tellWarning } from "../../../locales/en/sync.ts";
import { who } from "../../text.ts";
import type { GuardOptions } from "../../types/options.ts";
import type { GuardFinding, Leaver, PlannedMove, SyncWarning, TwinUser } from "../../types/records.ts";
import type { LostEntries } from "../approval.ts";
import type { SegmentFigures, SegmentsInSource, UserFigures } from "./segments.ts";

export interface GuardFigures extends UserFigures {
  /** The same figures of each segment. Empty without {@link GuardOptions.segments}. */
  readonly segments: readonly SegmentFigures[];
  readonly twins: readonly TwinUser[];
  /** Fields that are wrong in nearly all of the {@link UserFigures.invalid}. */
  readonly invalidFields: readonly string[];
  /** Fields that every user had before, and none has now. */
  readonly goneFields: readonly { readonly field: string; readonly users: number }[];
  readonly moves: readonly PlannedMove[];
  /** Those of them of users that the source still has under the old number. */
  readonly movesInSource: readonly PlannedMove[];
  readonly incremental: boolean;
  /** The approval of a first night that was interrupted: when it was given, and for how many users of the plan. They are not counted. */
  readonly approved: { readonly at: string; readonly users: number } | undefined;
  /** The entries of which a person approved the loss with that night. */
  readonly lossApproved?: LostEntries | undefined;
  /** Users that Oplead has according to the ledger, also those that are missing. Without any it is as good as empty. */
  readonly accepted: number;
  /** How many entries the ledger has. */
  readonly entries: number;
  /** {@link LedgerInfo.entries}: how many it had after the last run. */
  readonly entriesBefore: number | undefined;
  /** {@link LedgerInfo.runs}. */
  readonly runs: number | undefined;
  /** How many runs have ended with a ledger here, according to its mark. */
  readonly runsBefore: number;
  /** How the ledger shows that it is an older copy. */
  readonly olderCopy: OlderCopy | undefined;
}

/** The basis on which a plan is judged when it is made, and again when it is applied. */
export interface GuardBasis {
  readonly options: GuardOptions | false;
  readonly figures: GuardFigures;
  /** The findings when the plan was made. */
  readonly findings: readonly GuardFinding[];
  /** Users that are missing for the first time. */
  readonly missing: readonly Leaver[];
  /** Account numbers of the users that {@link UserFigures.invalid} counts. */
  readonly invalid: readonly string[];
  readonly segments: SegmentsInSource | undefined;
}

/** Whether a user is one of the {@link UserFigures.population}. */
export function isPresent(entry: LedgerEntry | undefined): boolean {
  return entry?.id !== undefined && entry.missingSince === undefined;
}

/** Among fewer users than this, most of them may well change in one night. */
const WORTH_A_WARNING = 10;

/** The share of its entries that a ledger may have lost since the last run. */
const MAX_LOST = 0.05;

/** More twins than this, and than this share of the users, are an accident: everybody got another account number. */
const MANY_TWINS = 50;
const MAX_TWINS = 0.05;

/**
 * When a figure of a finding still is one that a person has approved:
 * - `fewer`, `more`: it is no higher, or no lower, than what was approved
 * - `same`: it has not changed
 * - `any`: always, because it is no reason by itself: what a share is of, and examples
 */
export type FigureKind = "fewer" | "more" | "same" | "any";

/** The kinds of the figures of every finding of the guard. One that is missing does not compile. */
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

/** Every sign of an accident. With nothing to compare with, many users are one: the ledger may be lost. */
export function guardFindings(options: GuardOptions | false, figures: GuardFigures): GuardFinding[] {
  if (options === false) return [];
  const { population, comparable, inSource, incremental, segments } = figures;
  const { entries, entriesBefore = 0, runsBefore } = figures;
  const { maxChanged = 0.2, minUsers = 100, minSegmentUsers = 20, allowEmptySource = false } = options;
  const { maxNew = maxChanged } = options;
  // What it holds without an accepted user says nothing of Oplead: a user that was refused, for example.
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
  // This few new users can be read one by one. More of them are compared with the population, however small it is.
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

/** The figures of all users, or of those of one segment. */
type Figures = Pick<GuardFigures, "population" | "comparable" | "changed" | "moved" | "missing" | "invalid"> &
  Partial<Pick<SegmentFigures, "segment">>;

function shareFindings(
  { maxChanged = 0.2, maxMoved = 0.05, maxMissing }: GuardOptions,
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
 * The share of users whose records may be invalid; undefined if the users are too few to judge. Where they are too few for a share, more than half
 * of at least ten are an accident as well: a column that was renamed makes every record invalid.
 */
export function invalidShare(
  { maxChanged = 0.2, maxInvalid = maxChanged }: GuardOptions,
  population: number,
  minUsers: number,
): number | undefined {
  if (population >= minUsers && population > 0) return maxInvalid;
  return population >= WORTH_A_WARNING ? Math.max(maxInvalid, 0.5) : undefined;
}

/** Users that Oplead has and whose records cannot be sent. */
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

/** Every move that cannot be made, or that is probably wrong. */
function moveFindings({ moves, movesInSource }: GuardFigures): GuardFinding[] {
  const of = (problem: PlannedMove["problem"]) => moves.filter((move) => move.problem === problem);
  const kinds = { move_unknown: of("unknown"), move_occupied: of("occupied"), move_in_source: movesInSource };
  return (["move_unknown", "move_occupied", "move_in_source"] as const).flatMap((code) => {
    const pairs = kinds[code].map(({ from, to }) => `${who(from)} → ${who(to)}`).sort();
    return pairs.length === 0 ? [] : [tellGuard(code, { count: pairs.length, examples: pairs.slice(0, 5) })];
  });
}

/** Reasons why the guard may miss an accident. */
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
  const minUsers = options === false ? 0 : (options.minUsers ?? 100);
  if (comparable >= WORTH_A_WARNING && comparable < minUsers && affected > comparable / 2) {
    warnings.push(tellWarning("too_few_to_judge", { affected, comparable, minUsers }));
  }
  if (options !== false && !isTold && !figures.approved && comparable === 0 && figures.new + figures.inSource > 0) {
    warnings.push(tellWarning("nothing_to_compare", { entries: population }));
  }
  return warnings;
}
