import { endIfAborted, inTurns, type LongWork } from "../core/time.ts";
import { options, optionsCheck, signal } from "../core/validate.ts";
import type { Coded, ToldBy } from "../locales/coded.ts";
import { type COVERAGE_CHANGES, tellCoverageChange } from "../locales/en/findings.ts";
import { type CoverageInternals, internalsOf } from "./coverage.ts";
import { placesOf, placesTold } from "./finding.ts";
import { type Mask, union, without } from "./masks.ts";
import { type ClassStatus, Network } from "./network.ts";
import { patchesOf, type UsersConcerned, usersEligible } from "./places.ts";
import { checkKinds } from "./read-input.ts";
import { AXES } from "./rules/rules.ts";
import type { AssumptionName, CoverageResult, Dimensions, SignalOptions } from "./types.ts";

/**
 * A change that {@link compareCoverage} found. `message` says it in a sentence. Its `code`, which types `parameters`,
 * is the same as its `kind`.
 */
export type CoverageChange = ToldBy<typeof COVERAGE_CHANGES> & {
  /**
   * `"gap_opened"`: leads have an eligible user in the first result and none in the second. `"gap_closed"`: none in the
   * first and at least one in the second. `"thinned"`: several in the first and one in the second. `"thickened"`: one
   * in the first and several in the second. `"overlap_opened"`: more eligible users than `overlapAbove` in the second
   * result, but not in the first. `"overlap_closed"`: more in the first, but not in the second. `overlapAbove` is the
   * option of the second result.
   */
  readonly kind: keyof typeof COVERAGE_CHANGES;
  readonly country: string;
  readonly zipCodes: readonly string[];
  readonly inhabitants: number | undefined;
  /**
   * For `gap_opened` and `thickened`, the users who are eligible in the first result. For `gap_closed` and `thinned`,
   * the users who are eligible in the second one.
   */
  readonly accountNumbers: readonly string[];
  readonly dimensions: Dimensions;
};

/** The result of {@link compareCoverage}. Plain data. */
export interface CoverageComparison {
  /** The names of the assumptions on which at least one of the two results depends. */
  readonly assumptions: readonly AssumptionName[];
  /** The changes, sorted: opened gaps come first, and within a kind the changes with the most inhabitants. */
  readonly changes: readonly CoverageChange[];
  /**
   * One line for each kind of change: `38 postcodes with 210,000 inhabitants lose their only user`. Empty: no change.
   */
  readonly summary: readonly Coded<CoverageChange["code"], CoverageChange["parameters"]>[];
}

const checkOptions = /* @__PURE__ */ optionsCheck<SignalOptions>("compareCoverage", () =>
  options({ signal: signal() }),
);

/**
 * The effect of a change of users and rules on the coverage. Only certain answers count as eligible. If the two results
 * were made for different universes, all leads that are in at least one of the universes are compared.
 *
 * @throws {@link OpleadError} `invalid_input` for something that `coverage` did not return; `invalid_options`;
 * `aborted`.
 *
 * @example
 * ```ts
 * const { summary } = await compareCoverage(await coverage(today, options), await coverage(tomorrow, options));
 * ```
 * @experimental
 */
export async function compareCoverage(
  before: CoverageResult,
  after: CoverageResult,
  options: SignalOptions = {},
): Promise<CoverageComparison> {
  checkOptions(options);
  const work = { caller: "compareCoverage", signal: options.signal };
  endIfAborted(work);
  const given = [internalsOf(before, "compareCoverage"), internalsOf(after, "compareCoverage")] as const;
  const [old, now] = await onOneUniverse(...given, work);
  const found = KINDS.map((kind) => changesOf(kind, old, now));
  return {
    assumptions: [...new Set([...before.assumptions, ...after.assumptions])],
    changes: found.flatMap(({ changes }) => changes),
    summary: found.flatMap(({ summary }) => summary),
  };
}

interface Kind {
  readonly kind: CoverageChange["kind"];
  /**
   * Returns the kinds of leads (cells) for which a place changed in the way that `kind` names. `was` and `is`: the
   * place's status in the earlier and in the later result.
   */
  readonly cells: (was: ClassStatus, is: ClassStatus) => Mask;
  /** Which of the two results has the eligible users that the change names. If left out, the change names no users. */
  readonly users?: "before" | "after";
}

const noneEligible = ({ gap, uncertainGap }: ClassStatus): Mask => union(gap, uncertainGap);
const oneEligible = ({ thin, uncertainThin }: ClassStatus): Mask => union(thin, uncertainThin);
const fewEligible = (status: ClassStatus): Mask => union(noneEligible(status), oneEligible(status));

const KINDS: readonly Kind[] = [
  { kind: "gap_opened", cells: (was, is) => without(noneEligible(is), noneEligible(was)), users: "before" },
  { kind: "gap_closed", cells: (was, is) => without(noneEligible(was), noneEligible(is)), users: "after" },
  { kind: "thinned", cells: (was, is) => without(oneEligible(is), fewEligible(was)), users: "after" },
  { kind: "thickened", cells: (was, is) => without(oneEligible(was), fewEligible(is)), users: "before" },
  { kind: "overlap_opened", cells: (was, is) => without(is.overlap, was.overlap) },
  { kind: "overlap_closed", cells: (was, is) => without(was.overlap, is.overlap) },
];

interface Changes extends Pick<CoverageComparison, "summary"> {
  readonly changes: CoverageChange[];
}

/**
 * The changes of one kind, such as gaps that opened, sorted by inhabitants, the most first, and one summary line about
 * all of them.
 */
function changesOf({ kind, cells, users }: Kind, before: Network, after: Network): Changes {
  const namesIn: UsersConcerned = users ? usersEligible(users === "before" ? before : after) : () => [];
  const limit = after.overlapAbove ?? 0;
  const maskOf = (spot: number) => cells(before.classAt(spot).status, after.classAt(spot).status);
  const patches = patchesOf(after, maskOf);
  const changes: CoverageChange[] = [];
  for (const patch of patches) {
    const { country, spots, dimensions } = patch;
    const accountNumbers = namesIn(patch);
    const places = placesTold(after, country, spots, dimensions, accountNumbers);
    const told = tellCoverageChange(kind, { ...places, limit, isSummary: false, isForSome: false });
    const { zipCodes, inhabitants } = placesOf(after, spots);
    changes.push({ kind, country, zipCodes, inhabitants, accountNumbers, dimensions, ...told });
  }
  changes.sort((a, b) => (b.inhabitants ?? 0) - (a.inhabitants ?? 0));
  // A postcode counts once, even if the change concerns several kinds of leads.
  const spots = [...new Set(patches.flatMap((patch) => patch.spots))].filter((spot) => after.spots.at(spot).zipCode);
  if (spots.length === 0) return { changes, summary: changes };
  const concerned = [...new Set(changes.flatMap(({ accountNumbers }) => accountNumbers))];
  const places = placesTold(after, changes[0]?.country ?? "", spots, {}, concerned);
  const isForSome = changes.some(({ dimensions }) => Object.keys(dimensions).length > 0);
  return { changes, summary: [tellCoverageChange(kind, { ...places, limit, isSummary: true, isForSome })] };
}

/**
 * Returns the networks of the two results that are compared. Both are built over the same places and the same kinds of
 * leads. So a place or a kind of lead has the same number in both networks.
 */
async function onOneUniverse(
  before: CoverageInternals,
  after: CoverageInternals,
  work: LongWork,
): Promise<readonly [Network, Network]> {
  const [old, now] = [before.network, after.network];
  // Users without rules count in neither result as soon as one of the two results has users with rules.
  const othersHaveRules = old.othersHaveRules || now.othersHaveRules;
  if (shapeOf(old) === shapeOf(now) && old.othersHaveRules === now.othersHaveRules) return [old, now];
  const codes = AXES.map(({ codes: name }) => [name, [...old.cells.codes[name], ...now.cells.codes[name]]]);
  const universe = {
    countries: [
      ...now.universe.countries,
      ...old.universe.countries.filter(({ code }) => !now.spots.byCountry.has(code)),
    ],
    ...Object.fromEntries(codes),
  };
  const { overlapAbove } = now;
  const remade = ({ network: { members, assumptions }, locate }: CoverageInternals): Promise<Network> => {
    const read = members.map(({ user }) => user);
    const world = { users: read, universe, assumptions, locate, overlapAbove, checkKinds, othersHaveRules };
    return Network.of(world, (items) => inTurns(items, work));
  };
  return [await remade(before), await remade(after)];
}

/** The input that two networks must share, so that a place or a kind of lead has the same number in both. */
function shapeOf({ cells, spots, overlapAbove }: Network): string {
  const places = spots.all.map(({ country, zipCode, counties }) => [country, zipCode, counties?.[0]]);
  return JSON.stringify([cells.codes, places, overlapAbove]);
}
