import { type OpleadIssue, type ValueProblem, valueAt } from "../core/issues.ts";
import { argumentsCheck, record } from "../core/validate.ts";
import { getOrMake, isObject } from "../core/values.ts";
import { tellRuleFinding } from "../locales/en/core.ts";
import { type CodeKind, isCode } from "./codes.ts";
import { codeIn } from "./contact-profiles.ts";
import { type Country, type CountryDetails, type CountryIndex, indexOf } from "./countries.ts";
import { isBuilt } from "./rule.ts";
import { type RuleName, ruleNames, tryRules, type UserRules } from "./rules.ts";

export type RuleReference = Parameters<typeof checkRules>[1];

export type RuleFinding = ReturnType<typeof checkRules>[number];

/**
 * Compares rules with the data of the platform: input that {@link UserRules} does not allow; countries, counties,
 * postcodes and codes that do not exist; postcodes under the wrong county. `reference`: data of the platform; rules are
 * not compared with a list that is left out. Sends nothing, and does not throw if rules
 * are wrong. Messages quote codes, county numbers and postcodes. Paths are those of the given rules; for a rule made by a
 * builder, of its wire form.
 */
export function checkRules(
  rules: UserRules,
  reference: {
    /**
     * All countries of the platform: of `getCountry`, with counties and postcodes, or of `listCountries`, with codes
     * only. Both together: `[...(await oplead.listCountries()), await oplead.getCountry("FR")]`.
     */
    readonly countries?: readonly (Country | CountryDetails)[] | undefined;
    /** Codes of all ranges. */
    readonly ranges?: readonly string[] | undefined;
    /** Codes of all request types. Empty: the platform has ranges only. */
    readonly requestTypes?: readonly string[] | undefined;
    /** Codes of all contact profiles. */
    readonly contactProfiles?: readonly string[] | undefined;
  },
): (OpleadIssue & {
  /**
   * `"error"`: Oplead will probably refuse the rule, or give the user no lead because of it. `"warning"`: it looks
   * wrong but may be intended.
   */
  readonly severity: "error" | "warning";
  /** Undefined if no rule has the given name. */
  readonly rule: RuleName | undefined;
})[] {
  checkReference({ reference });
  const findings: RuleFinding[] = [];
  tryRules(rules, (rule, issue) => findings.push({ severity: "error", rule, ...issue }));
  const invalid = new Set(findings.map(({ path }) => path));
  const plain = Object.fromEntries(ruleNames.map((name) => [name, plainForm(rules, name)]));
  return [...findings, ...compareRules(plain, reference).filter(({ path }) => !invalid.has(path))];
}

export function compareRules(
  rules: { readonly [Name in RuleName]?: unknown },
  reference: RuleReference,
): (RuleFinding & { readonly rule: RuleName })[] {
  const findings: (RuleFinding & { readonly rule: RuleName })[] = [];
  for (const rule of ruleNames) {
    if (rules[rule] === undefined) continue;
    CHECKS[rule]?.(rules[rule], reference, (severity, inside, problem) => {
      findings.push({ severity, rule, path: rule + inside, ...problem });
    });
  }
  return findings;
}

const checkReference = /* @__PURE__ */ argumentsCheck("checkRules", () => ({ reference: record() }));

// Reports a problem. The path is relative to the rule.
type Find = (severity: RuleFinding["severity"], path: string, problem: ValueProblem) => void;
type Check = (rule: unknown, reference: RuleReference, find: Find) => void;

// The checks stand outside of the descriptors, so an application that only sends rules does not bundle them.
const CHECKS: Readonly<Partial<Record<RuleName, Check>>> = {
  geographical: checkGeographical,
  maxDistance: checkMaxDistance,
  competences: checkCompetences,
  contactProfiles: checkContactProfiles,
};

function checkGeographical(rule: unknown, { countries }: RuleReference, find: Find): void {
  if (!countries) return;
  for (const [i, entry] of items(valueAt(rule, "handledCountries"))) {
    const path = `.handledCountries[${i}]`;
    const code = valueAt(entry, "handledCountry.code");
    if (typeof code !== "string") continue;
    const known = countries.filter((country) => country.code === code);
    if (known.length === 0) {
      find("error", `${path}.handledCountry.code`, tellRuleFinding("unknown_country", { value: shown(code) }));
    }
    const index = known.map(indexOf).find((found) => found !== undefined);
    if (!index) continue;
    for (const [j, item] of items(valueAt(entry, "handledCounties"))) {
      checkCounty(item, code, index, (severity, inside, problem) =>
        find(severity, `${path}.handledCounties[${j}]${inside}`, problem),
      );
    }
  }
}

function checkCounty(item: unknown, country: string, { counties, zips }: CountryIndex, find: Find): void {
  const county = valueAt(item, "handledCounty.number");
  if (typeof county !== "string") return;
  if (!counties.has(county)) {
    const [value, found] = [shown(county), `0${county}`];
    const problem = counties.has(found)
      ? tellRuleFinding("county_lost_zero", { value, country, found })
      : tellRuleFinding("unknown_county", { value, country });
    find("error", ".handledCounty.number", problem);
  }
  // If the reference has no postcodes of this county, it is not known whether a postcode lies in it.
  if (zips.size === 0 || counties.get(county) === false) return;
  for (const [index, zip] of items(valueAt(item, "handledPostCodeZips"))) {
    if (typeof zip !== "string") continue;
    const liesIn = zips.get(zip);
    if (!liesIn?.includes(county)) find("error", `.handledPostCodeZips[${index}]`, zipProblem(zip));
  }

  function zipProblem(zip: string): ValueProblem {
    const [value, liesIn, found] = [shown(zip), zips.get(zip), `0${zip}`];
    if (liesIn) return tellRuleFinding("zip_code_elsewhere", { value, county: shown(String(county)), liesIn });
    if (zips.has(found)) return tellRuleFinding("zip_code_without_zero", { value, found });
    return tellRuleFinding("no_such_zip_code", { value, country });
  }
}

// Half of the earth's circumference: no lead is further away.
const FARTHEST_KM = 20_038;

function checkMaxDistance(rule: unknown, _reference: RuleReference, find: Find): void {
  const [kilometres, path] = isObject(rule) ? [rule.maxDistance, ".maxDistance"] : [rule, ""];
  if (typeof kilometres === "number" && kilometres > FARTHEST_KM) find("warning", path, tellRuleFinding("metres"));
}

function checkCompetences(rule: unknown, { ranges, requestTypes }: RuleReference, find: Find): void {
  const checkRange = codeCheck(find, "range", ranges);
  const checkRequestType = codeCheck(find, "requestType", requestTypes);
  let rangesAlone = false;
  for (const [index, entry] of items(rule)) {
    const [range, requestType] = [valueAt(entry, "range.code"), valueAt(entry, "requestType.code")];
    checkRange(range, `[${index}].range.code`);
    checkRequestType(requestType, `[${index}].requestType.code`);
    rangesAlone ||= range !== undefined && requestType === undefined;
  }
  if (rangesAlone && requestTypes && requestTypes.length > 0) find("warning", "", tellRuleFinding("ranges_alone"));
}

function checkContactProfiles(rule: unknown, { contactProfiles }: RuleReference, find: Find): void {
  const checkCode = codeCheck(find, "contactProfile", contactProfiles);
  for (const [index, entry] of items(rule)) {
    const [code, [field]] = codeIn(entry);
    checkCode(code, `[${index}]${field === undefined ? "" : `.${field}`}`);
  }
}

// Values that are not text are left to the check of the rule's form.
function codeCheck(find: Find, kind: CodeKind, codes: readonly string[] | undefined) {
  const known = codes && setOf(codes);
  return (code: unknown, path: string): void => {
    const value = isCode(code) ? code.code : code;
    if (typeof value !== "string" || !known || known.has(value)) return;
    find("error", path, tellRuleFinding("unknown_code", { value: shown(value), kind }));
  };
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

// The set is kept, because a run checks many users against the same list.
function setOf(codes: readonly string[]): ReadonlySet<string> {
  return getOrMake(sets, codes, () => new Set(codes));
}

function plainForm(rules: unknown, name: RuleName): unknown {
  const rule = valueAt(rules, name);
  if (!isBuilt(rule, name)) return rule;
  try {
    return rule.toJSON();
  } catch {
    return undefined;
  }
}

function items(value: unknown): Iterable<[number, unknown]> {
  return Array.isArray(value) ? value.entries() : [];
}

// Returns undefined for a text that may be personal data from a wrong column.
function shown(text: string): string | undefined {
  return text.includes("@") || text.length > 40 ? undefined : text;
}
