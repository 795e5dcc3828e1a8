import { counted, kilometres, listed, number, percent, roughly } from "../../../wording/words.ts";

/** The load of users: a sentence each. */
export const LOAD_FINDINGS = {
  above_ceiling: ({ user, leads, limit }: LoadTold) =>
    `${user} gets at least ${amount(leads)} leads a month, whoever gets the shared ones; the ceiling is ${amount(limit)}`,
  above_ceiling_if_shared: ({ user, leads, limit }: LoadTold) =>
    `${user} gets ${amount(leads)} leads a month if users share as expected; the ceiling is ${amount(limit)}`,
  below_floor: ({ user, leads, limit }: LoadTold) =>
    `${user} gets at most ${amount(leads)} leads a month, even with all shared ones; the floor is ${amount(limit)}`,
  below_floor_if_shared: ({ user, leads, limit }: LoadTold) =>
    `${user} gets ${amount(leads)} leads a month if users share as expected; the floor is ${amount(limit)}`,
};

/** How evenly leads are spread over users, with its meaning. */
export const FAIRNESS = {
  spread: ({ gini, ratio }: Spread & { readonly ratio: number }) =>
    `${giniText(gini)} The user at the 90th percentile gets ${amount(ratio)} times as many leads as the one at the 10th.`,
  spread_with_idle_users: ({ gini }: Spread) => `${giniText(gini)} The user at the 10th percentile gets no leads.`,
  no_leads: () => "No user gets leads.",
};

/** Changes of one user's rules, and their effect: a sentence each. */
export const SUGGESTIONS = {
  raise_radius: ({ user, fromKm, toKm, ...effect }: RadiusChange & GapEffect) =>
    `raise ${user}'s radius from ${kilometres(fromKm)} to ${kilometres(toKm)} km: ${gapText(effect)}`,
  add_county: ({ user, county, ...effect }: AreaChange & GapEffect) =>
    `add ${county} to ${user}'s area: ${gapText(effect)}`,
  add_zip_codes: ({ user, county, zipCodes, zipCodeCount, ...effect }: ZipCodesChange & GapEffect) =>
    `add ${counted(zipCodeCount, "postcode")} of ${county} to ${user}'s area (${listed(zipCodes, "and", zipCodeCount)}): ${gapText(effect)}`,
  add_range: ({ user, range, ...effect }: RangeChange & GapEffect) =>
    `add ${range} to ${user}'s competences: ${gapText(effect)}`,
};

function gapText({ inhabitants, isForSome, limit, load }: GapEffect): string {
  if (load) {
    const { before, after, other } = load;
    // Where it is seen after rounding.
    const falls =
      other && amount(other.before) !== amount(other.after)
        ? `; ${other.user} falls from ${amount(other.before)} to ${amount(other.after)}`
        : "";
    return `${amount(before)} to ${amount(after)} leads a month${falls}`;
  }
  const gain = counted(roughly(inhabitants), "inhabitant gets a first user", "inhabitants get a first user");
  return `${gain}${isForSome ? " for some leads" : ""}${limit === undefined ? "" : `, no overlap above ${limit}`}`;
}

function giniText(gini: number): string {
  const told = Math.round(gini * 100) / 100;
  return `Gini ${told}: the leads of two users picked at random differ by ${percent(2 * gini)} of the mean, on average.`;
}

/** Whole leads, or one decimal below ten. */
function amount(leads: number): string {
  return leads < 9.95 ? String(Math.round(leads * 10) / 10) : number(leads);
}

export interface LoadTold {
  readonly user: string;
  /** Leads per month; so is `limit`. */
  readonly leads: number;
  readonly limit: number;
}
export interface Spread {
  readonly gini: number;
}
export interface RadiusChange {
  readonly user: string;
  readonly fromKm: number;
  readonly toKm: number;
}
export interface AreaChange {
  readonly user: string;
  /** With its number: `Finistère (29)`. */
  readonly county: string;
}
export interface ZipCodesChange extends AreaChange {
  /** The first of them. */
  readonly zipCodes: readonly string[];
  readonly zipCodeCount: number;
}
export interface RangeChange {
  readonly user: string;
  readonly range: string;
}
export interface GapEffect {
  /** Who get their first certainly eligible user. */
  readonly inhabitants: number;
  /** Whether some of the leads there still have none, or had one before. */
  readonly isForSome: boolean;
  /** `overlapAbove` of the coverage: no change makes an overlap. */
  readonly limit: number | undefined;
  /** Of a change that evens out load. */
  readonly load?: LoadEffect | undefined;
}
/** Leads per month, if users share as expected. */
export interface LoadEffect {
  readonly before: number;
  readonly after: number;
  /** The user whose load falls most. */
  readonly other: { readonly user: string; readonly before: number; readonly after: number } | undefined;
}
