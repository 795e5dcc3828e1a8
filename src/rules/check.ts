import { isObject } from "../base/validation/is-object.ts";
import { argumentsCheck, record } from "../base/validation/validate.ts";
import { valueAt } from "../base/validation/value-at.ts";
import type { Country, CountryDetails } from "../reference-types.ts";
import { isCode } from "./codes.ts";
import { type CountryIndex, indexOf } from "./country-index.ts";
import { type RuleName, tryRules, type UserRules } from "./read.ts";
import { isBuilt } from "./rule.ts";

/** What {@link checkRules} compares rules with. What is left out is not compared. */
export interface RuleReference {
  /**
   * All countries of the platform: as `getCountry` gives them, with their counties and zip codes, or as `listCountries`
   * does, by code alone. Both together will do: `[...(await oplead.listCountries()), await oplead.getCountry("FR")]`.
   */
  readonly countries?: readonly (Country | CountryDetails)[] | undefined;
  /** The codes of all ranges. */
  readonly ranges?: readonly string[] | undefined;
  /** The codes of all request types. Empty: the platform has ranges only. */
  readonly requestTypes?: readonly string[] | undefined;
  /** The codes of all contact profiles. */
  readonly contactProfiles?: readonly string[] | undefined;
}

/** Something that {@link checkRules} found. */
export interface RuleFinding {
  /** `"error"`: Oplead can be expected to refuse it, or to find no lead by it. `"warning"`: it may be meant. */
  readonly severity: "error" | "warning";
  /** The rule it is in; undefined for a name that is not a rule's. */
  readonly rule: RuleName | undefined;
  /** Where it is in the rules as given; in those made by a builder, where it is in the wire form. */
  readonly path: string;
  /** What is wrong, in a sentence. Quotes codes, county numbers and zip codes. */
  readonly message: string;
}

/**
 * Compares rules with what the platform has, and gives all it finds: what {@link UserRules} does not allow; countries,
 * counties, zip codes and codes that do not exist; zip codes under a county in which they do not lie. Sends nothing, and
 * throws nothing for rules that are wrong.
 */
export function checkRules(rules: UserRules, reference: RuleReference): RuleFinding[] {
  checkReference({ reference });
  const findings: RuleFinding[] = [];
  tryRules(rules, (rule, path, message) => {
    findings.push({ severity: "error", rule, path, message });
  });
  const invalid = new Set(findings.map(({ path }) => path));
  for (const [name, check] of CHECKS) {
    const rule = wireForm(rules, name);
    check(rule, reference, (severity, path, message) => {
      if (!invalid.has(name + path)) findings.push({ severity, rule: name, path: name + path, message });
    });
  }
  return findings;
}

const checkReference = /* @__PURE__ */ argumentsCheck("checkRules", () => ({ reference: record() }));

type Find = (severity: RuleFinding["severity"], path: string, message: string) => void;
type Check = (rule: unknown, reference: RuleReference, find: Find) => void;

const CHECKS: readonly (readonly [RuleName, Check])[] = [
  ["geographical", checkGeographical],
  ["maxDistance", checkMaxDistance],
  ["competences", checkCompetences],
  ["contactProfiles", checkContactProfiles],
];

function checkGeographical(rule: unknown, { countries }: RuleReference, find: Find): void {
  if (!countries) return;
  for (const [i, entry] of items(valueAt(rule, "handledCountries"))) {
    const path = `.handledCountries[${i}]`;
    const code = valueAt(entry, "handledCountry.code");
    if (typeof code !== "string") continue;
    const known = countries.filter((country) => country.code === code);
    if (known.length === 0)
      find("error", `${path}.handledCountry.code`, `${show(code)} is not a country of the platform`);
    const index = known.map(indexOf).find((found) => found !== undefined);
    if (!index) continue;
    for (const [j, item] of items(valueAt(entry, "handledCounties"))) {
      checkCounty(item, code, index, (severity, inside, message) =>
        find(severity, `${path}.handledCounties[${j}]${inside}`, message),
      );
    }
  }
}

function checkCounty(item: unknown, country: string, { counties, zips }: CountryIndex, find: Find): void {
  const county = valueAt(item, "handledCounty.number");
  if (typeof county !== "string") return;
  if (!counties.has(county)) {
    const hint = counties.has(`0${county}`) ? `: "0${county}" is one, so a leading zero was probably lost` : "";
    find("error", ".handledCounty.number", `${show(county)} is not a county of ${country}${hint}`);
  }
  // Reference data that lists no zip codes for this county says nothing about which lie in it.
  if (zips.size === 0 || counties.get(county) === false) return;
  for (const [index, zip] of items(valueAt(item, "handledPostCodeZips"))) {
    if (typeof zip !== "string") continue;
    const liesIn = zips.get(zip);
    if (liesIn?.includes(county)) continue;
    const path = `.handledPostCodeZips[${index}]`;
    if (liesIn) find("error", path, `${show(zip)} lies in ${liesIn.join(" and ")}, not in ${show(county)}`);
    else if (zips.has(`0${zip}`)) {
      find("error", path, `${show(zip)} is unknown: "0${zip}" is not, so a leading zero was probably lost`);
    } else find("error", path, `${show(zip)} is not a zip code of ${country}`);
  }
}

/** Half way round the earth: no lead is further away. */
const FARTHEST_KM = 20_038;

function checkMaxDistance(rule: unknown, _reference: RuleReference, find: Find): void {
  const [kilometres, path] = isObject(rule) ? [rule.maxDistance, ".maxDistance"] : [rule, ""];
  if (typeof kilometres === "number" && kilometres > FARTHEST_KM) {
    find("warning", path, "is further than anything on earth is away: were these metres? The unit is kilometres");
  }
}

function checkCompetences(rule: unknown, { ranges, requestTypes }: RuleReference, find: Find): void {
  const isRange = isOneOf(ranges);
  const isRequestType = isOneOf(requestTypes);
  let rangesAlone = 0;
  for (const [index, entry] of items(rule)) {
    const range = codeText(valueAt(entry, "range.code"));
    if (!isRange(range)) find("error", `[${index}].range.code`, `${show(range)} is not a range of the platform`);
    const requestType = codeText(valueAt(entry, "requestType.code"));
    if (!isRequestType(requestType)) {
      find("error", `[${index}].requestType.code`, `${show(requestType)} is not a request type of the platform`);
    }
    if (range !== undefined && requestType === undefined) rangesAlone += 1;
  }
  if (rangesAlone > 0 && requestTypes && requestTypes.length > 0) {
    find("warning", "", "has ranges alone, and the platform has request types: it probably expects pairs");
  }
}

function checkContactProfiles(rule: unknown, { contactProfiles }: RuleReference, find: Find): void {
  const isContactProfile = isOneOf(contactProfiles);
  for (const [index, entry] of items(rule)) {
    const inside = isObject(entry) && !isCode(entry);
    const code = codeText(inside ? entry.code : entry);
    if (!isContactProfile(code)) {
      find("error", `[${index}]${inside ? ".code" : ""}`, `${show(code)} is not a contact profile of the platform`);
    }
  }
}

/** A rule as plain data. What is wrong with it has been reported by now. */
function wireForm(rules: unknown, name: RuleName): unknown {
  const rule = valueAt(rules, name);
  if (!isBuilt(rule, name)) return rule;
  try {
    return rule.toJSON();
  } catch {
    return undefined;
  }
}

/** What is not text is the business of another check. */
function isOneOf(codes: readonly string[] | undefined): (text: string | undefined) => boolean {
  const known = codes && new Set(codes);
  return (text) => !known || text === undefined || known.has(text);
}

function codeText(value: unknown): string | undefined {
  if (isCode(value)) return value.code;
  return typeof value === "string" ? value : undefined;
}

function items(value: unknown): Iterable<[number, unknown]> {
  return Array.isArray(value) ? value.entries() : [];
}

/** In quotation marks, unless it may be something else that slipped into the column. */
function show(text: string | undefined): string {
  return text === undefined || text.includes("@") || text.length > 40 ? "this" : JSON.stringify(text);
}
