import { type Lists, type Numbers, type Perhaps, type Strings, type Teller, tellerOf } from "../coded.ts";
import { counted, inWords, kilometres, listed, number, radius } from "./words.ts";

export const COVERAGE_OPTIONS = {
  not_rule_names: ({ known }: Lists<"known">) => `must be a list of rules: ${known.join(", ")}`,
  not_distance_from: 'must be "address" or a function',
  not_above_zero: "must be a number above 0",
  not_codes: "must be a list of codes",
  not_countries: "must be a list of what getCountry returned",
  not_country_details: "must be what getCountry returned, with its counties",
  not_located: "must return a place or undefined, and return it at once",
  not_universe: 'must be an object with the countries of the leads: { countries: [await oplead.getCountry("FR")] }',
  too_many_kinds: ({ kinds, most }: Numbers<"kinds" | "most">) =>
    `has ${number(kinds)} kinds of leads, the product of its lists of codes; at most ${number(most)}. Give the codes that are in use. With the assumption codesLeftOut: "not_distinguished" leads are not told apart by a list that is left out`,
  not_code_of_lead: "must be text, or left out",
  not_coordinates: "must be [latitude, longitude] in degrees, as numbers",
  names_user: "is required: results name users by it",
  not_receives: "is a user of whom `receives` says neither true nor false",
  not_labels: 'must be names by code: { RNG_CARS: "Cars" }',
  names_two_users: "is the account number of another user too",
  not_kept: "is not known: the ledger does not keep what Oplead accepted",
  not_policy_context: "takes what a policy is given",
  not_in_universe: "is not in the universe: no lead can have it",
  no_limit: "needs postcodes or inhabitants",
  not_area: 'must be an object with a country: { country: "FR", counties: ["29"] }',
  not_coverage_result: "takes what coverage returned, not a copy of it",
};

export const tellCoverageOption: Teller<typeof COVERAGE_OPTIONS> = /* @__PURE__ */ tellerOf(COVERAGE_OPTIONS);

// Each text is a phrase.
export const RULE_REASONS = {
  rule_disabled: "the platform has not enabled this rule",
  not_set_admits_all: "not set, so it restricts nothing",
  not_set_admits_none: "not set, and a rule that is not set admits nothing",
  list_empty_admits_all: "empty, so it restricts nothing",
  list_empty_admits_none: "empty, so it admits nothing",
  rule_not_valid: ({ problem }: Invalid) => `not valid, so it is not sent (${problem.message})`,
  other_country: ({ country, covered }: Strings<"country"> & Lists<"covered">) =>
    `this user covers nothing in ${country}, only ${listed(covered)}`,
  whole_country: ({ country }: Strings<"country">) => `this user covers the whole of ${country}`,
  part_covers_nothing: ({ part }: Strings<"part">) =>
    `${part} is named without its parts, which is assumed to cover nothing`,
  no_lead_zip_code: "the postcode of the lead is not known",
  zip_code_covered: ({ zipCode }: ZipCode) => `${zipCode} is a postcode this user covers`,
  county_covered: ({ zipCode, county }: ZipCode & Strings<"county">) =>
    `${zipCode} is in ${county}, which this user covers`,
  listed_elsewhere: ({ zipCode, listedUnder, liesIn }: ZipCode & LiesIn & Lists<"listedUnder">) =>
    `${zipCode} is listed under ${listed(listedUnder)}, and lies in ${listed(liesIn)}`,
  no_county_known: ({ zipCode }: Partial<ZipCode>) => `the county of ${zipCode} is not known`,
  county_in_part: ({ zipCode, liesIn }: ZipCode & LiesIn) =>
    `${zipCode} lies in ${listed(liesIn)}, and this user does not cover all of that`,
  county_not_covered: ({ zipCode, nearest }: ZipCode & Nearest) =>
    `${zipCode} is in no county this user covers${nearestText(nearest)}`,
  zip_code_not_covered: ({ zipCode, nearest }: ZipCode & Nearest) =>
    `${zipCode} is none of the postcodes this user covers${nearestText(nearest)}`,
  no_lead_place: "the place of the lead is not known",
  no_user_place: "the place of this user is not known, so it covers nothing by distance",
  distance: ({ km, giveOrTakeKm, radiusKm }: Distance) =>
    `${kilometres(km)} km${giveOrTakeKm === undefined ? "" : ` give or take ${kilometres(giveOrTakeKm)}`}, the radius is ${radius(radiusKm)}`,
  no_lead_code: ({ field }: Field) => `the ${inWords(field)} of the lead is not known`,
  no_such_codes: ({ field }: Field) => `the universe has no ${inWords(field)}`,
  every_code: ({ field }: Field) => `this user gets every ${inWords(field)}`,
  code_taken: ({ code }: Code) => `this user gets ${code}`,
  code_not_taken: ({ code, taken }: Code & Lists<"taken">) => `this user gets only ${listed(taken)}, not ${code}`,
  request_type_not_handled: ({ requestType }: Perhaps<"requestType">) => `this user handles no ${requestType}`,
  range_not_handled: ({ range, handled }: Range & Lists<"handled">) =>
    `this user does not handle ${range}, only ${listed(handled)}`,
  range_handled: ({ range }: Range) => `this user handles ${range}`,
  range_handled_alone: ({ range }: Range) =>
    `this user handles ${range} without a request type, which is assumed to admit none`,
  no_lead_request_type: ({ range, requestTypes }: Range & RequestTypes) =>
    `the request type of the lead is not known; this user handles ${range} with ${listed(requestTypes)}`,
  pair_handled: ({ range, requestType }: Range & RequestType) => `this user handles ${range} with ${requestType}`,
  pair_not_handled: ({ range, requestType, requestTypes }: Range & RequestType & RequestTypes) =>
    `this user handles ${range} only with ${listed(requestTypes)}, not with ${requestType}`,
};

export const tellReason: Teller<typeof RULE_REASONS> = /* @__PURE__ */ tellerOf(RULE_REASONS);

export const EXPLANATION = {
  lead: ({ lead }: Strings<"lead">) => `Lead: ${lead}`,
  verdicts: ({ eligible, others }: Numbers<"eligible" | "others">) =>
    `${eligible === 0 ? "No user is" : counted(eligible, "user is", "users are")} eligible, ${number(others)} not eligible.`,
  eligible: "Eligible",
  not_eligible: "Not eligible, nearest first",
  more_users: ({ count }: Numbers<"count">) => `and ${counted(count, "more user")}`,
  no_rule: "has no rule, so nothing is restricted",
  rule: ({ name, answer }: Strings<"name" | "answer">) => `${name}: ${answer}`,
  to_be_eligible: ({ changes }: Lists<"changes">) => `To be eligible: ${changes.join("; and ")}`,
  otherwise: ({ names }: Lists<"names">) => `Another value would change this: ${names.join(", ")}`,
  assumptions: ({ names }: Lists<"names">) => `Assumptions: ${names.join(", ")}`,
};

export const RULE_CHANGES = {
  set_rule: ({ rule }: Strings<"rule">) => `set ${ruleText(rule)}`,
  cover_country: ({ country }: Strings<"country">) => `cover ${country}`,
  cover_zip_code: ({ zipCode, counties }: ZipCode & Lists<"counties">) =>
    `cover postcode ${zipCode}${counties.length > 0 ? ` or county ${listed(counties, "or")}` : ""}`,
  known_place: "a postcode whose place is known",
  larger_radius: ({ km, radiusKm }: Numbers<"km" | "radiusKm">) =>
    `a radius of ${number(km)} km instead of ${radius(radiusKm)}`,
  handle: ({ codes }: Lists<"codes">) => `handle ${codes.join(" with ")}`,
  take_code: ({ code }: Perhaps<"code">) => `take ${code}`,
  to_have_rules: "a rule, or leads by `receives`",
  to_receive: "leads at all (`receives` says that this user gets none)",
  one_of_changes: ({ changes }: { readonly changes: readonly { readonly message: string }[] }) =>
    `either ${changes.map(({ message }) => message).join(", or ")}`,
};

export const tellRuleChange: Teller<typeof RULE_CHANGES> = /* @__PURE__ */ tellerOf(RULE_CHANGES);

interface Invalid {
  /** Why the rule is not valid, and where in it. */
  readonly problem: { readonly path: string; readonly message: string };
}
export interface ZipCode {
  readonly zipCode: string;
}
export interface LiesIn {
  readonly liesIn: readonly string[];
}
export interface Nearest {
  /** Nearest covered postcode; undefined if no distance is known. */
  readonly nearest: { readonly zipCode: string; readonly km: number } | undefined;
}
export interface Distance {
  readonly km: number;
  /** By how many kilometres the distance can be wrong, if that matters. */
  readonly giveOrTakeKm: number | undefined;
  readonly radiusKm: number;
}
export interface Field {
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

function ruleText(rule: string): string {
  if (rule === "geographical") return "an area";
  return rule === "maxDistance" ? "a radius" : inWords(rule);
}

function nearestText(nearest: Nearest["nearest"]): string {
  return nearest ? `; the nearest covered postcode is ${nearest.zipCode}, ${kilometres(nearest.km)} km away` : "";
}
