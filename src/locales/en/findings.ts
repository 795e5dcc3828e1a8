import { type Lists, type Numbers, type Teller, tellerOf } from "../coded.ts";
import { joinParts } from "../grammar.ts";
import { namesText, type Users } from "./not-counted.ts";
import { PROFILE_TYPES } from "./rules.ts";
import { counted, listed, number, people, plural, radius } from "./words.ts";

export const COVERAGE_FINDINGS = {
  no_user: (places: Places) => whereText(places, "no eligible user"),
  one_user: (places: Places & Users) => whereText(places, "only one eligible user", namesText(places)),
};

export const tellFinding: Teller<typeof COVERAGE_FINDINGS> = /* @__PURE__ */ tellerOf(COVERAGE_FINDINGS);

export const COVERAGE_CHANGES = {
  gap_opened: (change: PlacesChanged) =>
    changeText(
      change,
      change.userCount === 1
        ? ["loses its only user", "lose their only user"]
        : ["loses all its users", "lose all their users"],
    ),
  gap_closed: (change: PlacesChanged) => changeText(change, ["gets its first user", "get their first user"]),
  thinned: (change: PlacesChanged) => changeText(change, ["is left with one user", "are left with one user"]),
  thickened: (change: PlacesChanged) => changeText(change, ["gets a second user", "get a second user"]),
};

export const tellCoverageChange: Teller<typeof COVERAGE_CHANGES> = /* @__PURE__ */ tellerOf(COVERAGE_CHANGES);

// Phrases, one for each value of an assumption.
export const ASSUMPTIONS = {
  all_rules_enabled: "all rules are enabled",
  enabled_rules: ({ rules }: Lists<"rules">) => `the enabled rules are ${rules.join(", ") || "none"}`,
  absent_rule_admits_all: "a rule that a user does not have restricts nothing",
  absent_rule_admits_none: "a user without one of the rules gets nothing",
  empty_rule_admits_none: "a rule with an empty list admits nothing",
  empty_rule_admits_all: "a rule with an empty list restricts nothing",
  combination_all: "all rules of a user must pass",
  combination_area_or_radius: "all rules of a user must pass, but of area and radius one is enough",
  distance_from_address: "the distance is measured from the user's address",
  distance_from_elsewhere: "the distance is measured from a place that the caller chose",
  detour_factor: ({ factor }: Numbers<"factor">) =>
    `distances are straight lines${factor === 1 ? "" : ` times ${factor}`}`,
  parts_left_out_whole: "a country without counties, or a county without postcodes, is covered as a whole",
  parts_left_out_nothing: "a country without counties, or a county without postcodes, covers nothing",
  zip_in_two_counties_any: "a postcode in two counties is covered by a user who covers one of them",
  zip_in_two_counties_all: "a postcode in two counties is covered by a user who covers both",
  range_alone_all_request_types: "a range without a request type admits all request types",
  range_alone_no_request_type: "a range without a request type admits no request type",
  codes_left_out_those_in_rules: "codes that the universe leaves out are those that the users' rules name",
  codes_left_out_not_distinguished: "leads are not told apart by codes that the universe leaves out",
};

export interface Places {
  readonly placeCount: number;
  readonly zipCodeCount: number;
  readonly inhabitants: number | undefined;
  /** Counties or countries whose postcodes are not known; empty if postcodes are. */
  readonly placeNames: readonly string[];
  /** Codes of each kind that restricts the leads; any code of every other kind. */
  readonly codes: readonly (readonly string[])[];
  readonly country: string;
  readonly isWholeCountry: boolean;
  /** The county, if all places lie in one. */
  readonly county: string | undefined;
  /** The first few postcodes. */
  readonly zipCodes: readonly string[];
  /** Counties with the most of these postcodes. */
  readonly counties: readonly (readonly [name: string, zipCodes: number])[];
  readonly countyCount: number;
}

export interface PlacesChanged extends Places, Users {
  /** In a summary over many places: whether the change concerns only some kinds of leads there. */
  readonly isForSome: boolean;
  /** Whether the message sums up all places with the same change. */
  readonly isSummary: boolean;
}

function placesText({ zipCodeCount, inhabitants, placeNames }: Places): string {
  if (zipCodeCount === 0) return listed(placeNames);
  const whom = inhabitants === undefined ? "" : ` with ${people(inhabitants)}`;
  return counted(zipCodeCount, "postcode") + whom;
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
  return `${placesText(places)} ${plural(places.placeCount, "has", "have")} ${has}${codesText(places)}${then} (${where})`;
}

function changeText(change: PlacesChanged, [one, several]: readonly [one: string, several: string]): string {
  const says = `${placesText(change)} ${change.placeCount === 1 ? one : several}`;
  if (change.isSummary) return `${says}${change.isForSome ? " for some leads" : ""}`;
  return `${says}${codesText(change)}${namesText(change)} (${countiesText(change)})`;
}

/** A change of the plan that causes a finding. */
export interface PolicyCause {
  readonly accountNumber: string;
  readonly effects: readonly (
    | { readonly kind: "left" | "new" | "moved" | "returned" | "leads_ended" | "leads_began" }
    | { readonly kind: "radius"; readonly from: number; readonly to: number }
    | { readonly kind: "rule"; readonly rule: string }
  )[];
  /** Postcodes of the finding that the change concerns. */
  readonly postcodes: number;
}

/** What a policy found. Texts name the first items of each list. */
export interface PolicyFacts {
  readonly policy: string;
  /** `other`: the policy has words of its own, in {@link PolicyFacts.text}. */
  readonly problem: "uncovered" | "shared" | "lost" | "other";
  readonly text?: string | undefined;
  /** Whether the finding is about the present state, not about a plan's changes. */
  readonly isState: boolean;
  readonly zipCodes: readonly string[];
  /** Postcodes, or counties and countries whose postcodes are not known. */
  readonly places: number;
  readonly inhabitants: number | undefined;
  /** Country of all places; undefined if there are several. */
  readonly country?: string | undefined;
  /** Names of the counties, those with the most places first. */
  readonly counties: readonly string[];
  /** Kinds of leads by their names. Empty: all. */
  readonly kinds: readonly string[];
  /** Account numbers. */
  readonly users: readonly string[];
  /** Changes that concern the most places, at most 50. */
  readonly causes: readonly PolicyCause[];
  /** All changes that caused the finding. Default: as many as `causes` has. */
  readonly causeCount?: number | undefined;
  /** Users that the policy requires or allows. */
  readonly limit?: number | undefined;
  /** Groups of users that share leads. */
  readonly groups?: readonly string[] | undefined;
  /** Limits of the policy that are exceeded. */
  readonly most?: { readonly postcodes?: number; readonly inhabitants?: number } | undefined;
  /** The assumptions that the finding rests on. */
  readonly assumptions: readonly string[];
  /** Account numbers of users with a radius and no known place, who cover nothing by distance. */
  readonly withoutPlace: readonly string[];
}

const KINDS: Readonly<Record<string, string>> = PROFILE_TYPES;

// Causes that a text names.
export const CAUSES = 5;

export const POLICIES = {
  policy: (facts: PolicyFacts) =>
    `${sentence(facts)}${causesOf(facts)} (policy ${facts.policy}).${leaversOf(facts)}${placelessOf(facts)}`,
};

export const tellPolicy: Teller<typeof POLICIES> = /* @__PURE__ */ tellerOf(POLICIES);

function sentence(facts: PolicyFacts): string {
  const { problem, text, isState, limit = 0, groups = [], most = {} } = facts;
  const kinds = facts.kinds.length === 0 ? "" : ` for ${listed(facts.kinds.map((kind) => KINDS[kind] ?? kind))}`;
  const places = placesOf(facts);
  const fewer = `fewer than ${number(limit)} users`;
  switch (problem) {
    case "uncovered":
      return isState
        ? `${places} ${plural(facts.places, "has", "have")} ${limit === 1 ? "no user" : fewer}${kinds}`
        : `This plan leaves ${places} ${limit === 1 ? "without a user" : `with ${fewer}`}${kinds}`;
    case "lost": {
      const limits = joinParts([
        most.postcodes !== undefined && counted(most.postcodes, "postcode"),
        most.inhabitants !== undefined && counted(most.inhabitants, "inhabitant"),
      ]);
      return `This plan takes the last user from ${places}${kinds}; the limit is ${limits}`;
    }
    case "shared":
      return `${isState ? "Users" : "This plan lets users"} of several groups share ${places}${kinds}: ${listed(groups)}`;
    default:
      return text ?? places;
  }
}

// `29 postcodes of Finistère (84,000 inhabitants)`
function placesOf({ zipCodes, places, inhabitants, counties }: PolicyFacts): string {
  const what = zipCodes.length === 0 ? counted(places, "county", "counties") : counted(places, "postcode");
  const where = counties.length === 0 ? "" : ` of ${listed(counties)}`;
  return `${what}${where}${inhabitants === undefined ? "" : ` (${people(inhabitants)})`}`;
}

function causesOf({ causes, causeCount = causes.length }: PolicyFacts): string {
  if (causes.length === 0) return "";
  const shown = causes.slice(0, CAUSES).map(({ accountNumber, effects = [] }) => {
    return effects.map((effect) => effectText(accountNumber, effect)).join(", ");
  });
  const more = causeCount - shown.length;
  return `: ${shown.join("; ")}${more > 0 ? `; and ${counted(more, "other change")}` : ""}`;
}

function effectText(user: string, effect: PolicyCause["effects"][number]): string {
  switch (effect.kind) {
    case "left":
      return `${user} leaves`;
    case "new":
      return `${user} is new`;
    case "returned":
      return `${user} is back`;
    case "leads_ended":
      return `${user} gets no leads any more`;
    case "leads_began":
      return `${user} gets leads from now on`;
    case "moved":
      return `${user} moves to another postcode`;
    case "radius":
      return `${user}'s radius ${effect.to < effect.from ? "falls" : "rises"} from ${radius(effect.from)} to ${radius(effect.to)} km`;
    default:
      return `${user}'s rule ${effect.rule} changes`;
  }
}

function leaversOf({ causes }: PolicyFacts): string {
  const isAbout = causes.some(({ effects = [] }) => effects.some(({ kind }) => kind === "left"));
  return isAbout ? " Oplead still has the rules of users that left, but nobody answers their leads." : "";
}

function placelessOf({ withoutPlace }: PolicyFacts): string {
  const count = withoutPlace.length;
  if (count === 0) return "";
  return ` ${counted(count, "user")} without a known place ${plural(count, "covers", "cover")} nothing by distance: ${listed(withoutPlace.slice(0, CAUSES), "and", count)}.`;
}
