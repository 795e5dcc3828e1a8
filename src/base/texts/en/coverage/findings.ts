import { counted, inWords, kilometres, listed, number, roughly } from "../../../wording/words.ts";
import type { Invalid } from "./reasons.ts";

/** The findings about the rules of all users, a sentence each. */
export const COVERAGE_FINDINGS = {
  no_user: (places: Places) => whereText(places, "no eligible user"),
  no_certain_user: (places: Places & Users) => {
    const { users, userCount } = places;
    const who = Number(userCount) > 3 ? counted(userCount, "user") : listed(users);
    return whereText(places, "no certainly eligible user", Number(userCount) > 0 ? `; ${who} may be eligible` : "");
  },
  one_user: (places: Places & Users) => whereText(places, "only one eligible user", namesText(places)),
  one_certain_user: (places: Places & Users) =>
    whereText(places, "only one certainly eligible user", namesText(places)),
  many_users: (places: Places & Users & { readonly limit: number | undefined }) =>
    whereText(places, `more than ${places.limit} eligible users`, namesText(places)),
  same_leads: ({ users, userCount }: Users) =>
    `${users.slice(0, 3).join(", ")}${Number(userCount) > 3 ? ` and ${userCount - 3} more` : ""} get exactly the same leads`,
  leads_of_another: ({ user, other }: { readonly user: string; readonly other: string }) =>
    `all leads of ${user} also reach ${other}`,
  nothing_near_in_area: ({ user }: User) => `${user} can get no lead: nothing in its area is within its radius`,
  no_zip_code_in_area: ({ user }: User) => `${user} can get no lead: no postcode is in its area`,
  no_zip_code_in_radius: ({ user }: User) => `${user} can get no lead: no postcode is within its radius`,
  list_of_rule_empty: ({ user, rule }: User & { readonly rule: string }) =>
    `${user} can get no lead: its ${rule === "geographical" ? "area is" : `${inWords(rule)} are`} empty`,
  no_code_in_use: ({ user }: User) => `${user} can get no lead: none of the codes in its rules is in use`,
  dead_invalid: (dead: Dead & Invalid) => `${deadText(dead)}: is not valid, so it is not sent: ${dead.problem.message}`,
  dead_unknown: (dead: Dead & Invalid) => `${deadText(dead)}: ${dead.problem.message}`,
  dead_radius: (dead: Dead & { readonly radiusKm: number; readonly nearestKm: number }) =>
    `${deadText(dead)}: the radius of ${kilometres(dead.radiusKm)} km reaches nothing in the area; the nearest postcode is ` +
    `${kilometres(dead.nearestKm)} km away`,
};

/** The effects on places when users or rules change. */
export const COVERAGE_CHANGES = {
  gap_opened: (change: Change) =>
    changeText(
      change,
      change.userCount === 1
        ? ["loses its only user", "lose their only user"]
        : ["loses all its users", "lose all their users"],
    ),
  gap_closed: (change: Change) => changeText(change, ["gets its first user", "get their first user"]),
  thinned: (change: Change) => changeText(change, ["is left with one user", "are left with one user"]),
  thickened: (change: Change) => changeText(change, ["gets a second user", "get a second user"]),
  overlap_opened: (change: Change) => {
    const limit = number(change.limit);
    return changeText(change, [`has more than ${limit} users now`, `have more than ${limit} users now`]);
  },
  overlap_closed: (change: Change) => {
    const limit = number(change.limit);
    return changeText(change, [`has no more than ${limit} users now`, `have no more than ${limit} users now`]);
  },
};

/** The assumptions where Oplead's documentation is silent: a phrase for each value. */
export const ASSUMPTIONS = {
  all_rules_enabled: () => "all rules are enabled",
  enabled_rules: ({ rules }: { readonly rules: readonly string[] }) =>
    `the enabled rules are ${rules.join(", ") || "none"}`,
  absent_rule_admits_all: () => "a rule that a user does not have restricts nothing",
  absent_rule_admits_none: () => "a user without one of the rules gets nothing",
  absent_rule_uncertain: () => "what a user without one of the rules gets is open",
  empty_rule_admits_none: () => "a rule with an empty list admits nothing",
  empty_rule_admits_all: () => "a rule with an empty list restricts nothing",
  empty_rule_uncertain: () => "what a rule with an empty list admits is open",
  combination_all: () => "all rules of a user must pass",
  combination_area_or_radius: () => "all rules of a user must pass, but of area and radius one is enough",
  distance_from_address: () => "the distance is measured from the user's address",
  distance_from_elsewhere: () => "the distance is measured from a place that the caller chose",
  detour_factor: ({ factor }: { readonly factor: number }) =>
    `distances are straight lines${factor === 1 ? "" : ` times ${factor}`}`,
  parts_left_out_whole: () => "a country without counties, or a county without postcodes, is covered as a whole",
  parts_left_out_uncertain: () => "what a country without counties, or a county without postcodes, covers is open",
  zip_in_two_counties_any: () => "a postcode in two counties is covered by a user who covers one of them",
  zip_in_two_counties_all: () => "a postcode in two counties is covered by a user who covers both",
  zip_in_two_counties_uncertain: () => "whether a user who covers one of a postcode's two counties covers it is open",
  range_alone_all_request_types: () => "a range without a request type admits all request types",
  range_alone_uncertain: () => "which request types a range alone admits is open",
  codes_left_out_those_in_rules: () => "codes that the universe leaves out are those that the users' rules name",
  codes_left_out_not_distinguished: () => "leads are not told apart by codes that the universe leaves out",
};

export interface User {
  readonly user: string;
}

/** Users by account number. One that is an e-mail address is not shown. */
export interface Users {
  /** The first of them. */
  readonly users: readonly string[];
  readonly userCount: number;
}

export interface Dead extends Users {
  readonly rule: string;
}

/** Places in one country, and the codes of the leads that they concern. */
export interface Places {
  readonly placeCount: number;
  readonly zipCodeCount: number;
  /** As far as it is known. */
  readonly inhabitants: number | undefined;
  /** Counties or countries, where postcodes are not known. */
  readonly placeNames: readonly string[];
  /** Lists of codes; those that are left out mean all. */
  readonly codes: readonly (readonly string[])[];
  readonly country: string;
  readonly isWholeCountry: boolean;
  /** The county, where they lie in one. */
  readonly county: string | undefined;
  /** The first of the postcodes. */
  readonly zipCodes: readonly string[];
  /** The counties with the most of the postcodes, with how many. */
  readonly counties: readonly (readonly [name: string, zipCodes: number])[];
  readonly countyCount: number;
}

export interface Change extends Places, Users {
  readonly limit: number;
  /** Whether some leads are not concerned, in a summary over many places. */
  readonly isForSome: boolean;
  /** Whether it is about all places to which the same happens. */
  readonly isSummary: boolean;
}

function placesText({ zipCodeCount, inhabitants, placeNames }: Places): string {
  if (zipCodeCount === 0) return listed(placeNames);
  const people = inhabitants === undefined ? "" : ` with ${counted(roughly(inhabitants), "inhabitant")}`;
  return counted(zipCodeCount, "postcode") + people;
}

function codesText({ codes }: Places): string {
  return codes.length === 0 ? "" : ` for ${codes.map((list) => listed(list)).join(" / ")}`;
}

function countiesText({ country, county, zipCodes, zipCodeCount, counties, countyCount }: Places): string {
  if (counties.length === 0) return country;
  if (county !== undefined) return `${county}: ${listed(zipCodes, "and", zipCodeCount)}`;
  if (zipCodeCount <= zipCodes.length) return listed(zipCodes);
  return listed(
    counties.map(([name, count]) => `${name}: ${number(count)}`),
    "and",
    countyCount,
  );
}

function whereText(places: Places, has: string, then = ""): string {
  const where = places.isWholeCountry ? `the whole of ${places.country}` : countiesText(places);
  return `${placesText(places)} ${places.placeCount === 1 ? "has" : "have"} ${has}${codesText(places)}${then} (${where})`;
}

function namesText({ users, userCount }: Users): string {
  return users.length > 0 ? `: ${listed(users, "and", userCount)}` : "";
}

function deadText({ rule, users, userCount }: Dead): string {
  return `${rule} of ${Number(userCount) > 3 ? counted(userCount, "user") : listed(users)}`;
}

function changeText(change: Change, [one, several]: readonly [one: string, several: string]): string {
  const says = `${placesText(change)} ${change.placeCount === 1 ? one : several}`;
  if (change.isSummary) return `${says}${change.isForSome ? " for some leads" : ""}`;
  return `${says}${codesText(change)}${namesText(change)} (${countiesText(change)})`;
}
