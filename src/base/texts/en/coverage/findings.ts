import { counted, inWords, kilometres, listed, number, roughly } from "../../../wording/words.ts";

/** Why a rule answers as it does: a phrase. */
export const RULE_REASONS = {
  rule_disabled: () => "the platform has not enabled this rule",
  not_set: () => "not set",
  not_set_admits_all: () => "not set, so it restricts nothing",
  not_set_admits_none: () => "not set, and a rule that is not set admits nothing",
  list_empty: () => "empty",
  list_empty_admits_all: () => "empty, so it restricts nothing",
  list_empty_admits_none: () => "empty, so it admits nothing",
  rule_not_valid: ({ problem }: Invalid) => `not valid, so it is not sent (${problem.message})`,
  other_country: ({ country, covered }: { readonly country: string; readonly covered: readonly string[] }) =>
    `this user covers nothing in ${country}, only ${listed(covered)}`,
  whole_country: ({ country }: { readonly country: string }) => `this user covers the whole of ${country}`,
  no_lead_zip_code: () => "the postcode of the lead is not known",
  zip_code_covered: ({ zipCode }: ZipCode) => `${zipCode} is a postcode this user covers`,
  county_covered: ({ zipCode, county }: ZipCode & { readonly county: string }) =>
    `${zipCode} is in ${county}, which this user covers`,
  listed_elsewhere: ({
    zipCode,
    listedUnder,
    liesIn,
  }: ZipCode & LiesIn & { readonly listedUnder: readonly string[] }) =>
    `${zipCode} is listed under ${listed(listedUnder)}, and lies in ${listed(liesIn)}`,
  no_county_known: ({ zipCode }: Partial<ZipCode>) => `the county of ${zipCode} is not known`,
  county_in_part: ({ zipCode, liesIn }: ZipCode & LiesIn) =>
    `${zipCode} lies in ${listed(liesIn)}, and this user does not cover all of that`,
  county_not_covered: ({ zipCode, nearest }: ZipCode & Nearest) =>
    `${zipCode} is in no county this user covers${nearestText(nearest)}`,
  zip_code_not_covered: ({ zipCode, nearest }: ZipCode & Nearest) =>
    `${zipCode} is none of the postcodes this user covers${nearestText(nearest)}`,
  no_lead_place: () => "the place of the lead is not known",
  no_user_place: () => "the place of this user is not known",
  distance: ({ km, giveOrTakeKm, radiusKm }: Distance) =>
    `${kilometres(km)} km${giveOrTakeKm === undefined ? "" : ` give or take ${kilometres(giveOrTakeKm)}`}, the radius is ${kilometres(radiusKm)}`,
  no_lead_code: ({ field }: Field) => `the ${inWords(field)} of the lead is not known`,
  every_code: ({ field }: Field) => `this user gets every ${inWords(field)}`,
  code_taken: ({ code }: Code) => `this user gets ${code}`,
  code_not_taken: ({ code, taken }: Code & { readonly taken: readonly string[] }) =>
    `this user gets only ${listed(taken)}, not ${code}`,
  request_type_not_handled: ({ requestType }: { readonly requestType: string | undefined }) =>
    `this user handles no ${requestType}`,
  range_not_handled: ({ range, handled }: Range & { readonly handled: readonly string[] }) =>
    `this user does not handle ${range}, only ${listed(handled)}`,
  range_handled: ({ range }: Range) => `this user handles ${range}`,
  no_lead_request_type: ({ range, requestTypes }: Range & RequestTypes) =>
    `the request type of the lead is not known; this user handles ${range} with ${listed(requestTypes)}`,
  pair_handled: ({ range, requestType }: Range & RequestType) => `this user handles ${range} with ${requestType}`,
  pair_not_handled: ({ range, requestType, requestTypes }: Range & RequestType & RequestTypes) =>
    `this user handles ${range} only with ${listed(requestTypes)}, not with ${requestType}`,
};

/** Who is eligible for one lead, in lines. */
export const EXPLANATION = {
  lead: ({ lead }: { readonly lead: string }) => `Lead: ${lead}`,
  verdicts: ({ eligible, uncertain, others }: { readonly [Verdict in "eligible" | "uncertain" | "others"]: number }) =>
    `${eligible === 0 ? "No user is" : counted(eligible, "user is", "users are")} eligible, ${uncertain} uncertain, ${others} not eligible.`,
  eligible: () => "Eligible",
  uncertain: () => "Uncertain",
  not_eligible: () => "Not eligible, nearest first",
  more_users: ({ count }: { readonly count: number }) => `and ${counted(count, "more user")}`,
  no_rule: () => "has no rule, so nothing is restricted",
  rule: ({ name, answer }: { readonly name: string; readonly answer: string }) => `${name}: ${answer}`,
  to_be_eligible: ({ changes, isEnough }: { readonly changes: readonly string[]; readonly isEnough: boolean }) =>
    `To be eligible${isEnough ? "" : ", at least"}: ${changes.join("; and ")}`,
  assumptions: ({ names }: { readonly names: readonly string[] }) => `Assumptions: ${names.join(", ")}`,
};

/** The change that would make a user eligible. */
export const RULE_CHANGES = {
  set_rule: ({ rule }: { readonly rule: string }) => `set ${ruleText(rule)}`,
  cover_country: ({ country }: { readonly country: string }) => `cover ${country}`,
  cover_zip_code: ({ zipCode, counties }: ZipCode & { readonly counties: readonly string[] }) =>
    `cover postcode ${zipCode}${counties.length > 0 ? ` or county ${listed(counties, "or")}` : ""}`,
  other_radius: () => "another radius",
  larger_radius: ({ km, radiusKm }: { readonly km: number; readonly radiusKm: number }) =>
    `a radius of ${number(km)} km instead of ${kilometres(radiusKm)}`,
  handle: ({ codes }: { readonly codes: readonly string[] }) => `handle ${codes.join(" with ")}`,
  take_code: ({ code }: { readonly code: string | undefined }) => `take ${code}`,
  one_of_changes: ({ changes }: { readonly changes: readonly { readonly message: string }[] }) =>
    `either ${changes.map(({ message }) => message).join(", or ")}`,
};

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

/** A user whose leads contradict its own rules: a sentence. */
export const DRIFT = {
  leads_outside_area: (told: ContradictingLeads) => drifted(told, "outside its area"),
  leads_outside_radius: ({ radiusKm, ...told }: ContradictingLeads & { readonly radiusKm: number }) =>
    drifted(told, `outside its radius of ${kilometres(radiusKm)} km`),
  leads_outside_competences: (told: ContradictingLeads) =>
    drifted(told, "for ranges or request types that it does not handle"),
  leads_of_other_contact_profiles: (told: ContradictingLeads) =>
    drifted(told, "of contact profiles that it does not get"),
  leads_of_other_profile_type: (told: ContradictingLeads) => drifted(told, "of a profile type that it does not get"),
};

function drifted({ user, leads, of, since }: ContradictingLeads, which: string): string {
  return `${user} got ${number(leads)} of its ${counted(of, "lead")} ${which}, since ${since}: its rules were probably edited in Oplead`;
}

export interface ContradictingLeads {
  readonly user: string;
  readonly leads: number;
  readonly of: number;
  /** `2026-03-12`. */
  readonly since: string;
}

/** The results of a replay of leads. */
export const REPLAYED = {
  other_uncertain_users: ({ lead }: { readonly lead: string }) => `${lead}: other users are uncertain than before`,
  other_users: ({ lead, lost, gained, before, after }: OtherUsers) =>
    lead +
    (lost.length > 0 ? ` loses ${listed(lost)}` : "") +
    (lost.length > 0 && gained.length > 0 ? " and" : "") +
    (gained.length > 0 ? ` gains ${listed(gained)}` : "") +
    (after === 0 ? ", and has no certainly eligible user now" : "") +
    (before === 0 ? ", and had no certainly eligible user before" : ""),
  leads_replayed: ({
    leads,
    changed,
    before,
    after,
  }: { readonly leads: number; readonly changed: number } & Unreached) =>
    `${counted(leads, "lead")}: ${counted(changed, "reaches", "reach")} other users than before. ` +
    `${counted(after, "has", "have")} no certainly eligible user; before it was ${number(before)}.`,
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

export interface Invalid {
  /** The problem of the rule. */
  readonly problem: { readonly path: string; readonly message: string };
}
export interface ZipCode {
  readonly zipCode: string;
}
export interface LiesIn {
  readonly liesIn: readonly string[];
}
export interface Nearest {
  /** The covered postcode that is nearest; undefined where no distance is known. */
  readonly nearest: { readonly zipCode: string; readonly km: number } | undefined;
}
export interface Distance {
  readonly km: number;
  /** How far it can be wrong, where that matters. */
  readonly giveOrTakeKm: number | undefined;
  readonly radiusKm: number;
}
export interface Field {
  /** The field of a lead: `profileType`. */
  readonly field: string;
}
export interface Code {
  readonly code: string;
}
export interface Range {
  readonly range: string;
}
export interface RequestType {
  readonly requestType: string;
}
export interface RequestTypes {
  readonly requestTypes: readonly string[];
}
export interface User {
  readonly user: string;
}
export interface Unreached {
  readonly before: number;
  readonly after: number;
}
export interface OtherUsers extends Unreached {
  readonly lead: string;
  readonly lost: readonly string[];
  readonly gained: readonly string[];
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

/** `geographical` is set as an area. */
function ruleText(rule: string): string {
  if (rule === "geographical") return "an area";
  return rule === "maxDistance" ? "a radius" : inWords(rule);
}

function nearestText(nearest: Nearest["nearest"]): string {
  return nearest ? `; the nearest covered postcode is ${nearest.zipCode}, ${kilometres(nearest.km)} km away` : "";
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
