import { counted, number } from "../base/words.ts";
import { patchesOf } from "./findings/by-place.ts";
import { countiesText, dimensionsText, placesOf, placesText } from "./findings/finding.ts";
import { type UsersConcerned, usersEligible } from "./findings/users-concerned.ts";
import { type CoverageInternals, internalsOf } from "./internals.ts";
import type { LeadCodes } from "./network/cells.ts";
import { type Mask, union, without } from "./network/masks.ts";
import { type ClassStatus, Network } from "./network/network.ts";
import type { CoverageResult, Dimensions } from "./types.ts";
import { inhabitantsText, usersText } from "./words.ts";

/** What becomes of places between two results. */
export type ChangeKind = "gap_opened" | "gap_closed" | "thinned" | "thickened" | "overlap_opened" | "overlap_closed";

/** Something that {@link compareCoverage} found. */
export interface CoverageChange {
  /**
   * `"gap_opened"`: had an eligible user, and has none. `"gap_closed"`: the other way round. `"thinned"`: had several, and
   * has one. `"thickened"`: had one, and has several. `"overlap_…"`: more than `overlapAbove`, which is the second result's.
   */
  readonly kind: ChangeKind;
  readonly country: string;
  readonly zipCodes: readonly string[];
  readonly inhabitants: number | undefined;
  /** For `gap_opened` and `thickened` the users who were eligible, for `gap_closed` and `thinned` those who are. */
  readonly accountNumbers: readonly string[];
  readonly dimensions: Dimensions;
  /** The change as a sentence. */
  readonly message: string;
}

/** What {@link compareCoverage} returns. Plain data. */
export interface CoverageComparison {
  /** The names of the assumptions that either result depends on. */
  readonly assumptions: readonly string[];
  /** Opened gaps first, those with the most inhabitants first. */
  readonly changes: readonly CoverageChange[];
  /** One line for each kind of change: `38 postcodes with 210,000 inhabitants lose their only user`. Empty: no change. */
  readonly summary: readonly string[];
}

/**
 * What a change of users and rules does to the coverage. Only certain answers count as eligible. Where the two results were
 * made for different universes, what is in either is compared.
 *
 * @throws {@link OpleadError} `invalid_input` for something that `coverage` did not return.
 *
 * @example
 * ```ts
 * const { summary } = compareCoverage(coverage(today, options), coverage(tomorrow, options));
 * ```
 */
export function compareCoverage(before: CoverageResult, after: CoverageResult): CoverageComparison {
  const [old, now] = onOneUniverse(internalsOf(before, "compareCoverage"), internalsOf(after, "compareCoverage"));
  const found = KINDS.map((kind) => changesOf(kind, old, now));
  return {
    assumptions: [...new Set([...before.assumptions, ...after.assumptions])],
    changes: found.flatMap(({ changes }) => changes),
    summary: found.flatMap(({ summary }) => summary),
  };
}

interface Kind {
  readonly kind: ChangeKind;
  /** The cells of a place for which it holds. */
  readonly cells: (was: ClassStatus, is: ClassStatus) => Mask;
  /** Of which result the change names the users who are eligible; left out: it names none. */
  readonly users?: "before" | "after";
  /** What becomes of one place, and of several. */
  readonly says: (limit: string, users: number) => readonly [one: string, several: string];
}

const noneEligible = ({ gap, uncertainGap }: ClassStatus): Mask => union(gap, uncertainGap);
const oneEligible = ({ thin, uncertainThin }: ClassStatus): Mask => union(thin, uncertainThin);
const fewEligible = (status: ClassStatus): Mask => union(noneEligible(status), oneEligible(status));

const KINDS: readonly Kind[] = [
  {
    kind: "gap_opened",
    cells: (was, is) => without(noneEligible(is), noneEligible(was)),
    users: "before",
    says: (_, users) =>
      users === 1 ? ["loses its only user", "lose their only user"] : ["loses all its users", "lose all their users"],
  },
  {
    kind: "gap_closed",
    cells: (was, is) => without(noneEligible(was), noneEligible(is)),
    users: "after",
    says: () => ["gets its first user", "get their first user"],
  },
  {
    kind: "thinned",
    cells: (was, is) => without(oneEligible(is), fewEligible(was)),
    users: "after",
    says: () => ["is left with one user", "are left with one user"],
  },
  {
    kind: "thickened",
    cells: (was, is) => without(oneEligible(was), fewEligible(is)),
    users: "before",
    says: () => ["gets a second user", "get a second user"],
  },
  {
    kind: "overlap_opened",
    cells: (was, is) => without(is.overlap, was.overlap),
    says: (limit) => [`has more than ${limit} users now`, `have more than ${limit} users now`],
  },
  {
    kind: "overlap_closed",
    cells: (was, is) => without(was.overlap, is.overlap),
    says: (limit) => [`has no more than ${limit} users now`, `have no more than ${limit} users now`],
  },
];

/** The changes of a kind, those with the most inhabitants first, and one line over all of them. */
function changesOf(
  { kind, cells, users, says }: Kind,
  before: Network,
  after: Network,
): Pick<CoverageComparison, "changes" | "summary"> {
  const namesIn: UsersConcerned = users ? usersEligible(users === "before" ? before : after) : () => [];
  const verb = (places: number, concerned: number): string =>
    says(number(after.overlapAbove ?? 0), concerned)[places === 1 ? 0 : 1];
  const patches = patchesOf(after, (spot) => cells(before.classAt(spot).status, after.classAt(spot).status));
  const changes = patches.map((patch): CoverageChange => {
    const { country, spots, dimensions } = patch;
    const accountNumbers = namesIn(patch);
    const what = `${verb(spots.length, accountNumbers.length)}${dimensionsText(dimensions)}`;
    const names = accountNumbers.length > 0 ? `: ${usersText(accountNumbers)}` : "";
    return {
      kind,
      country,
      ...placesOf(after, spots),
      accountNumbers,
      dimensions,
      message: `${placesText(after, spots)} ${what}${names} (${countiesText(after, country, spots)})`,
    };
  });
  changes.sort((a, b) => (b.inhabitants ?? 0) - (a.inhabitants ?? 0));
  // Each postcode counts once, whatever the kinds of leads.
  const { zipCodes, inhabitants } = placesOf(after, [...new Set(patches.flatMap(({ spots }) => spots))]);
  if (zipCodes.length === 0) return { changes, summary: changes.map(({ message }) => message) };
  const concerned = new Set(changes.flatMap(({ accountNumbers }) => accountNumbers)).size;
  const some = changes.every(({ dimensions }) => Object.keys(dimensions).length === 0) ? "" : " for some leads";
  const places = `${counted(zipCodes.length, "postcode")}${inhabitantsText(inhabitants)}`;
  return { changes, summary: [`${places} ${verb(zipCodes.length, concerned)}${some}`] };
}

/** Both networks with the same places and the same kinds of leads, so that they can be compared number by number. */
function onOneUniverse(before: CoverageInternals, after: CoverageInternals): readonly [Network, Network] {
  const [old, now] = [before.network, after.network];
  if (shapeOf(old) === shapeOf(now)) return [old, now];
  const codes = (name: keyof LeadCodes): string[] => [...old.cells.codes[name], ...now.cells.codes[name]];
  const universe = {
    countries: [
      ...now.universe.countries,
      ...old.universe.countries.filter(({ code }) => !now.spots.byCountry.has(code)),
    ],
    ranges: codes("ranges"),
    requestTypes: codes("requestTypes"),
    contactProfiles: codes("contactProfiles"),
    profileTypes: codes("profileTypes"),
  };
  const remade = ({ network: { users, assumptions }, locate }: CoverageInternals): Network =>
    new Network(
      users.map(({ member }) => member.user),
      universe,
      assumptions,
      locate,
      now.overlapAbove,
    );
  return [remade(before), remade(after)];
}

/** What two networks must share to be compared so. */
function shapeOf({ cells, spots, overlapAbove }: Network): string {
  const places = spots.all.map(({ country, zipCode, counties }) => [country, zipCode, counties?.[0]]);
  return JSON.stringify([cells.codes, places, overlapAbove]);
}
