import { patchesOf } from "./findings/by-place.ts";
import { countiesText, dimensionsText, inhabitantsOf, placesText, zipCodesOf } from "./findings/finding.ts";
import { UsersConcerned } from "./findings/users-concerned.ts";
import { type CoverageInternals, internalsOf } from "./internals.ts";
import type { Cells, Mask } from "./network/cells.ts";
import { type ClassStatus, Network } from "./network/network.ts";
import type { CoverageResult, Dimensions, Universe } from "./types.ts";
import { usersText } from "./users-text.ts";
import { count, counted, inhabitantsText } from "./words.ts";

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
  const changes = KINDS.flatMap((kind) => changesOf(kind, old, now)).sort(
    (a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (b.inhabitants ?? 0) - (a.inhabitants ?? 0),
  );
  return {
    assumptions: [...new Set([...before.assumptions, ...after.assumptions])],
    changes,
    summary: ORDER.flatMap((kind) => summaryOf(kind, changes, now)),
  };
}

interface Kind {
  readonly kind: ChangeKind;
  /** What must have held before, and what must hold now. */
  readonly from: (status: ClassStatus) => Mask;
  readonly to: (status: ClassStatus) => Mask;
}

const noneEligible = ({ gap, uncertainGap }: ClassStatus): Mask => either(gap, uncertainGap);
const oneEligible = ({ thin, uncertainThin }: ClassStatus): Mask => either(thin, uncertainThin);
const someEligible = (status: ClassStatus): Mask => noneEligible(status).map((word) => ~word);
const severalEligible = (status: ClassStatus): Mask =>
  either(noneEligible(status), oneEligible(status)).map((word) => ~word);
const overlapping = ({ overlap }: ClassStatus): Mask => overlap;
const notOverlapping = ({ overlap }: ClassStatus): Mask => overlap.map((word) => ~word);

const KINDS: readonly Kind[] = [
  { kind: "gap_opened", from: someEligible, to: noneEligible },
  { kind: "gap_closed", from: noneEligible, to: someEligible },
  { kind: "thinned", from: severalEligible, to: oneEligible },
  { kind: "thickened", from: oneEligible, to: severalEligible },
  { kind: "overlap_opened", from: notOverlapping, to: overlapping },
  { kind: "overlap_closed", from: overlapping, to: notOverlapping },
];
const ORDER: readonly ChangeKind[] = KINDS.map(({ kind }) => kind);

function changesOf({ kind, from, to }: Kind, before: Network, after: Network): CoverageChange[] {
  const all = after.cells.all();
  const maskOf = (spot: number): Mask => {
    const [was, is] = [from(statusOf(before, spot)), to(statusOf(after, spot))];
    return was.map((word, index) => word & (is[index] as number) & (all[index] as number));
  };
  const named = namedUsers(kind, before, after);
  return patchesOf(after.spots.all, after.cells, maskOf).map((patch) => {
    const accountNumbers = named?.in(patch) ?? [];
    const places = placesText(after, patch.spots);
    const what = VERBS[kind](accountNumbers.length, patch.spots.length === 1, after.overlapAbove ?? 0);
    const users = accountNumbers.length > 0 ? `: ${usersText(accountNumbers)}` : "";
    const where = countiesText(after, patch.country, patch.spots);
    return {
      kind,
      country: patch.country,
      zipCodes: zipCodesOf(after, patch.spots),
      inhabitants: inhabitantsOf(after, patch.spots),
      accountNumbers,
      dimensions: patch.dimensions,
      message: `${places} ${what}${dimensionsText(patch.dimensions)}${users} (${where})`,
    };
  });
}

function namedUsers(kind: ChangeKind, before: Network, after: Network): UsersConcerned | undefined {
  if (kind === "gap_opened" || kind === "thickened") return new UsersConcerned(before, "eligible");
  if (kind === "gap_closed" || kind === "thinned") return new UsersConcerned(after, "eligible");
  return undefined;
}

const VERBS: { readonly [Each in ChangeKind]: (users: number, one: boolean, limit: number) => string } = {
  gap_opened: (users, one) =>
    users === 1
      ? one
        ? "loses its only user"
        : "lose their only user"
      : one
        ? "loses all its users"
        : "lose all their users",
  gap_closed: (_, one) => (one ? "gets its first user" : "get their first user"),
  thinned: (_, one) => (one ? "is left with one user" : "are left with one user"),
  thickened: (_, one) => (one ? "gets a second user" : "get a second user"),
  overlap_opened: (_, one, limit) => `${one ? "has" : "have"} more than ${count(limit)} users now`,
  overlap_closed: (_, one, limit) => `${one ? "has" : "have"} no more than ${count(limit)} users now`,
};

/** One line over all changes of a kind: each postcode counts once, whatever the kinds of leads. */
function summaryOf(
  kind: ChangeKind,
  changes: readonly CoverageChange[],
  { geography, overlapAbove }: Network,
): string[] {
  const ofKind = changes.filter((change) => change.kind === kind);
  if (ofKind.length === 0) return [];
  const zips = new Map(
    ofKind.flatMap(({ country, zipCodes }) => zipCodes.map((zip) => [`${country} ${zip}`, { country, zip }])),
  );
  const known = [...zips.values()].flatMap(({ country, zip }) => geography.place(zip, country)?.inhabitants ?? []);
  const inhabitants = known.length > 0 ? known.reduce((sum, some) => sum + some, 0) : undefined;
  const users = new Set(ofKind.flatMap(({ accountNumbers }) => accountNumbers)).size;
  const what = VERBS[kind](users, zips.size === 1, overlapAbove ?? 0);
  const some = ofKind.every(({ dimensions }) => Object.keys(dimensions).length === 0) ? "" : " for some leads";
  if (zips.size === 0) return ofKind.map(({ message }) => message);
  return [`${counted(zips.size, "postcode")}${inhabitantsText(inhabitants)} ${what}${some}`];
}

function statusOf(network: Network, spot: number): ClassStatus {
  return network.status[network.classOf[spot] as number] as ClassStatus;
}

function either(one: Mask, other: Mask): Mask {
  return one.map((word, index) => word | (other[index] as number));
}

/** Both networks with the same places and the same kinds of leads, so that they can be compared number by number. */
function onOneUniverse(before: CoverageInternals, after: CoverageInternals): [Network, Network] {
  const [old, now] = [before.network, after.network];
  if (sameAxes(old.cells, now.cells) && sameSpots(old, now) && old.overlapAbove === now.overlapAbove) return [old, now];
  const codes = (axis: 0 | 1 | 2 | 3): string[] =>
    [...new Set([...old.cells.axes[axis], ...now.cells.axes[axis]])].filter((code) => code !== undefined).sort();
  const countries = [
    ...now.universe.countries,
    ...old.universe.countries.filter(({ code }) => now.spots.ofCountry(code).length === 0),
  ];
  const universe: Universe = {
    countries,
    ranges: codes(0),
    requestTypes: codes(1),
    contactProfiles: codes(2),
    profileTypes: codes(3),
  };
  const remade = ({ network, locate }: CoverageInternals): Network =>
    new Network(network.users, universe, network.assumptions, locate, now.overlapAbove);
  return [remade(before), remade(after)];
}

function sameAxes(one: Cells, other: Cells): boolean {
  return one.axes.every((axis, index) => axis.join() === other.axes[index]?.join());
}

function sameSpots(one: Network, other: Network): boolean {
  const [ours, theirs] = [one.spots.all, other.spots.all];
  return (
    ours.length === theirs.length &&
    ours.every(({ country, zipCode, counties }, index) => {
      const their = theirs[index];
      return country === their?.country && zipCode === their.zipCode && counties?.[0] === their.counties?.[0];
    })
  );
}
