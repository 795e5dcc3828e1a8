import { endIfAborted, inTurns, type LongWork } from "../core/time.ts";
import { options, optionsCheck, signal } from "../core/validate.ts";
import type { Coded, ToldWith } from "../locales/coded.ts";
import { type COVERAGE_CHANGES, tellCoverageChange } from "../locales/en/findings.ts";
import type { CallOptions } from "../transport/options.ts";
import { placesOf, placesTold } from "./finding.ts";
import { type CoverageInternals, internalsOf } from "./internals.ts";
import { type Mask, union, without } from "./masks.ts";
import { type ClassStatus, Network } from "./network.ts";
import { patchesOf, type UsersConcerned, usersEligible } from "./places.ts";
import { checkKinds } from "./read-input.ts";
import { AXES } from "./rules/rules.ts";
import type { AssumptionName, CoverageResult, Dimensions } from "./types.ts";

/** A change that {@link compareCoverage} found. `message` says it in a sentence; its `code` is its `kind`. */
export type CoverageChange = ToldWith<
  typeof COVERAGE_CHANGES,
  {
    /**
     * `"gap_opened"`: leads lose their last eligible user; `"gap_closed"`: they get their first. `"thinned"`: one of
     * several is left; `"thickened"`: one becomes several.
     */
    readonly kind: "gap_opened" | "gap_closed" | "thinned" | "thickened";
    readonly country: string;
    readonly zipCodes: readonly string[];
    readonly inhabitants: number | undefined;
    /** Eligible users: of the first result for `gap_opened` and `thickened`, else of the second. */
    readonly accountNumbers: readonly string[];
    readonly dimensions: Dimensions;
  }
>;

/** The result of {@link compareCoverage}. Plain data. */
export interface CoverageComparison {
  /** Assumptions that one of the two results rests on. */
  readonly assumptions: readonly AssumptionName[];
  /** Sorted: opened gaps first, and within a kind those with the most inhabitants. */
  readonly changes: readonly CoverageChange[];
  /** One line for each kind of change: `38 postcodes with 210,000 inhabitants lose their only user`. */
  readonly summary: readonly Coded<CoverageChange["code"], CoverageChange["parameters"]>[];
}

const checkOptions = /* @__PURE__ */ optionsCheck<Pick<CallOptions, "signal">>("compareCoverage", () =>
  options({ signal: signal() }),
);

/**
 * The effect of a change of users and rules on the coverage, over the leads of both universes.
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
  options: Pick<CallOptions, "signal"> = {},
): Promise<CoverageComparison> {
  checkOptions(options);
  const work = { caller: "compareCoverage", signal: options.signal };
  endIfAborted(work);
  const given = [internalsOf(before), internalsOf(after)] as const;
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
  readonly cells: (was: ClassStatus, is: ClassStatus) => Mask;
  // The result whose users the change names.
  readonly users: "before" | "after";
}

const few = ({ gap, thin }: ClassStatus): Mask => union(gap, thin);

const KINDS: readonly Kind[] = [
  { kind: "gap_opened", cells: (was, is) => without(is.gap, was.gap), users: "before" },
  { kind: "gap_closed", cells: (was, is) => without(was.gap, is.gap), users: "after" },
  { kind: "thinned", cells: (was, is) => without(is.thin, few(was)), users: "after" },
  { kind: "thickened", cells: (was, is) => without(was.thin, few(is)), users: "before" },
];

interface Changes extends Pick<CoverageComparison, "summary"> {
  readonly changes: CoverageChange[];
}

function changesOf({ kind, cells, users }: Kind, before: Network, after: Network): Changes {
  const namesIn: UsersConcerned = usersEligible(users === "before" ? before : after);
  const maskOf = (spot: number) => cells(before.classAt(spot).status, after.classAt(spot).status);
  const patches = patchesOf(after, maskOf);
  const changes: CoverageChange[] = [];
  for (const patch of patches) {
    const { country, spots, dimensions } = patch;
    const accountNumbers = namesIn(patch);
    const places = placesTold(after, country, spots, dimensions, accountNumbers);
    const told = tellCoverageChange(kind, { ...places, isSummary: false, isForSome: false });
    const { zipCodes, inhabitants } = placesOf(after, spots);
    changes.push({ kind, country, zipCodes, inhabitants, accountNumbers, dimensions, ...told });
  }
  changes.sort((a, b) => (b.inhabitants ?? 0) - (a.inhabitants ?? 0));
  // A postcode counts once, even if several changes concern it.
  const spots = [...new Set(patches.flatMap((patch) => patch.spots))].filter((spot) => after.spots.at(spot).zipCode);
  if (spots.length === 0) return { changes, summary: changes };
  const concerned = [...new Set(changes.flatMap(({ accountNumbers }) => accountNumbers))];
  const places = placesTold(after, changes[0]?.country ?? "", spots, {}, concerned);
  const isForSome = changes.some(({ dimensions }) => Object.keys(dimensions).length > 0);
  return { changes, summary: [tellCoverageChange(kind, { ...places, isSummary: true, isForSome })] };
}

// Gives both results the same universe, so that a place or a kind of lead has the same number in both networks.
async function onOneUniverse(
  before: CoverageInternals,
  after: CoverageInternals,
  work: LongWork,
): Promise<readonly [Network, Network]> {
  const [old, now] = [before.network, after.network];
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
  const remade = ({ network: { members, assumptions }, locate }: CoverageInternals): Promise<Network> => {
    const read = members.map(({ user }) => user);
    const world = { users: read, universe, assumptions, locate, checkKinds, othersHaveRules };
    return Network.of(world, (items) => inTurns(items, work));
  };
  return [await remade(before), await remade(after)];
}

function shapeOf({ cells, spots }: Network): string {
  const places = spots.all.map(({ country, zipCode, counties }) => [country, zipCode, counties?.[0]]);
  return JSON.stringify([cells.codes, places]);
}
