import { inWords } from "../../wording/words.ts";

/**
 * The name of an assignment rule: its field in {@link UserRules}. The one list of the names. It stands here because errors and texts
 * name rules and stand below them. The list of descriptors (rules/rules.ts) compiles only if it has each of them, and no other.
 */
export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";

/** A kind of text in a rule. */
export type RuleText = "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";

/** Problems of a rule by itself. */
export const RULES = {
  not_rules: ({ known }: Known) => `must be an object of rules: ${known.join(", ")}`,
  not_rule: ({ known }: Known) => `is not a rule; rules are ${known.join(", ")}`,
  null_rule: () => "is null: leave it out to keep the rule as it is",
  not_rule_field: ({ known }: Known) => `is not a field here; fields are ${known.join(", ")}`,
  empty_rule: ({ none }: { readonly none: string }) =>
    `is empty. An empty list would clear the rule: if that is meant, write ${none}`,
  number_for_text: ({ kind }: Which) =>
    `${plural(kind)} are text: a leading zero was probably lost. Read the column as text`,
  spaces: ({ kind }: Which) =>
    kind === "zipCode"
      ? "has white space around it, more than single spaces in it, or an invisible character"
      : `has white space or an invisible character in it, and ${plural(kind)} have none`,
  other_code: ({ kind, found, prefix }: Which & { readonly found: RuleText; readonly prefix: string }) =>
    `is the code of a ${inWords(found)}, where one of a ${inWords(kind)} ("${prefix}…") is expected`,
  not_code: ({ kind, prefix }: Which & { readonly prefix: string }) =>
    `is not the code of a ${inWords(kind)}, which looks like "${prefix}XXX" (codes, not labels: they are the same in every language). ` +
    'If the codes of your platform look different, write code("…")',
  not_geographical: () =>
    "must be geographical()… or { handledCountries: [{ handledCountry: { code }, handledCounties? }] }",
  not_handled_country: () => "must be { handledCountry: { code }, handledCounties? }",
  not_handled_county: () => "must be { handledCounty: { number }, handledPostCodeZips? }",
  covers_nothing: () => "covers nothing, which would clear the rule: if that is meant, write geographical.none()",
  no_counties: () => "is empty. Leave it out for the whole country",
  no_zip_codes: () => "is empty. Leave it out for the whole county",
  not_kilometres: () => "must be a number of kilometres",
  not_distance: () => "must be finite kilometres, more than 0",
  not_competence: () => "must be { range: { code }, requestType?: { code } }",
  not_request_type: () => "must be { code }, or left out where the platform has ranges only",
  not_pair: () => "must be [range, request type]",
  mixed_competences: () =>
    "mixes ranges alone with pairs of range and request type. A platform works in one of the two ways: " +
    "give every entry a request type, or none",
  empty_product: () => "is empty. The product would be empty: if that is meant, write competences.none()",
};

/** Problems of what `geographicalFromZips` is given. */
export const ZIP_CODES = {
  nothing_to_find: () => "is empty. No postcodes cover nothing",
  not_reference: () => "must be what getCountry returned",
  no_reference_zips: () => "has no postcodes in its reference data, so none can be found",
};

/** Problems of a rule on a certain platform. A value that may be personal is left out. */
export const RULE_FINDINGS = {
  unknown_country: ({ value }: Value) => `${quoted(value)} is not a country of the platform`,
  unknown_county: ({ value, country }: Value & InCountry) => `${quoted(value)} is not a county of ${country}`,
  county_lost_zero: ({ value, country, found }: Value & InCountry & { readonly found: string }) =>
    `${quoted(value)} is not a county of ${country}: "${found}" is one, so a leading zero was probably lost`,
  zip_code_elsewhere: ({ value, county, liesIn }: Value & Elsewhere) =>
    `${quoted(value)} lies in ${liesIn.join(" and ")}, not in ${quoted(county)}`,
  no_such_zip_code: ({ value, country }: Value & InCountry) => `${quoted(value)} is not a postcode of ${country}`,
  zip_code_without_zero: ({ value, found }: Value & { readonly found: string }) =>
    `${quoted(value)} is unknown: "${found}" is not, so a leading zero was probably lost`,
  metres: () => "is further than anything on earth is away: were these metres? The unit is kilometres",
  unknown_code: ({ value, kind }: Value & Which) => `${quoted(value)} is not a ${inWords(kind)} of the platform`,
  ranges_alone: () => "has ranges alone, and the platform has request types: it probably expects pairs",
};

export interface Known {
  readonly known: readonly string[];
}
export interface Which {
  readonly kind: RuleText;
}
interface Value {
  readonly value: string | undefined;
}
interface InCountry {
  readonly country: string;
}
interface Elsewhere {
  readonly county: string | undefined;
  readonly liesIn: readonly string[];
}

function plural(kind: RuleText): string {
  if (kind === "county") return "county numbers";
  return kind === "zipCode" ? "postcodes" : "codes";
}

function quoted(value: string | undefined): string {
  return value === undefined ? "this" : JSON.stringify(value);
}
