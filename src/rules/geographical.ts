import { countryCodeProblem, type ValueProblem, valueAt } from "../core/issues.ts";
import { type FindIssues, issueFinder, type Schema, valueWithout } from "../core/validate.ts";
import { append, isObject } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellBuilder, tellRule } from "../locales/en/core.ts";
import { type CountryDetails, type CountryIndex, indexOf } from "./countries.ts";
import { build, CheckedRule, describeRule, NOTHING_ADDED, type Rule } from "./rule.ts";
import {
  checkedListOf,
  clearingListOf,
  listOf,
  type Origin,
  objectOf,
  requireValid,
  sorted,
  textProblem,
} from "./schemas.ts";
import type { RuleBodies } from "./types.ts";

type GeographicalRule = RuleBodies["geographical"];

type HandledCountry = GeographicalRule["handledCountries"][number];

/**
 * Builds a geographical rule. Immutable: each method returns a new builder. The order of calls does not matter, and
 * adding a place twice does no harm: a whole county includes its postcodes, a whole country its counties.
 * @experimental
 */
export interface GeographicalBuilder extends Rule<"geographical"> {
  /** Adds a whole country: two capital letters. */
  country(country: string): GeographicalBuilder;
  /** Adds a whole county. Its number is text: `"01"`, `"2A"`. */
  county(country: string, county: string): GeographicalBuilder;
  /**
   * Adds postcodes of a county. Their first digits do not always show the county: look it up in the platform's
   * reference data, as {@link geographicalFromZips} does.
   */
  zips(country: string, county: string, zips: readonly string[]): GeographicalBuilder;
  /**
   * Wire form. Never throws, so that `JSON.stringify` works: if nothing was added, it has no `handledCountries`, and
   * every call and `parse` refuse it. An empty list would clear the rule.
   */
  toJSON(): RuleBodies["geographical"];
}

export const geographicalRule = /* @__PURE__ */ describeRule({
  name: "geographical",
  path: "/v1/users/{id}/rule/geographical",
  schema: (origin) =>
    objectOf(
      origin,
      { handledCountries: clearingListOf(origin, countryOf(origin), "geographical.none()") },
      (value) => {
        if (!isObject(value)) return tellRule("not_geographical");
        return origin === "wire" && value.handledCountries === undefined ? tellRule("covers_nothing") : undefined;
      },
    ),
  toBody: (rule: GeographicalRule) => toWire(coverageOf(rule)),
});

const countryCode = () => valueWithout(countryCodeProblem);
const countyNumber = () => valueWithout((value) => textProblem(value, "county"));

function zipCodes(ifEmpty: ValueProblem = tellRule("no_zip_codes")): Schema {
  return checkedListOf((value, tell) => {
    const problem = textProblem(value, "zipCode");
    if (problem) tell(problem);
  }, ifEmpty);
}

function countryOf(origin: Origin): Schema {
  const county = objectOf(
    origin,
    { handledCounty: z.object({ number: countyNumber() }), handledPostCodeZips: z.optional(zipCodes()) },
    (item) => (isObject(valueAt(item, "handledCounty")) ? undefined : tellRule("not_handled_county")),
  );
  return objectOf(
    origin,
    {
      handledCountry: z.object({ code: countryCode() }),
      handledCounties: z.optional(listOf(county, tellRule("no_counties"))),
    },
    (entry) => (isObject(valueAt(entry, "handledCountry")) ? undefined : tellRule("not_handled_country")),
  );
}

/**
 * The countries, counties and postcodes a user covers (guide, geographical criteria).
 *
 * Throws an {@link OpleadError} `invalid_input` at once if anything is wrong: a county number is not
 * text, or a list of postcodes is empty. A call that sends rules refuses a builder to which nothing was added.
 *
 * @example
 * ```ts
 * geographical().country("BE").county("FR", "92").zips("FR", "75", ["75001", "75002"])
 * ```
 */
export const geographical: {
  (): GeographicalBuilder;
  /**
   * Makes a rule from its wire form. Unknown fields are ignored.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): GeographicalBuilder;
  /** An empty rule on purpose. Sending it clears the rule (assumed). */
  none(): GeographicalBuilder;
} = /* @__PURE__ */ Object.assign(() => new Builder(NOTHING), {
  none: () => new Builder(NOTHING, true),
  parse: (wire: unknown) => {
    const coverage = coverageOf(build(geographicalRule, wire, "wire").toJSON());
    return new Builder(coverage, coverage.size === 0);
  },
});

const WHOLE = "whole";
type Zips = typeof WHOLE | ReadonlySet<string>;
type Counties = typeof WHOLE | ReadonlyMap<string, Zips>;
type Coverage = ReadonlyMap<string, Counties>;
const NOTHING: Coverage = /* @__PURE__ */ new Map();

class Builder extends CheckedRule implements GeographicalBuilder {
  readonly rule = "geographical";
  // Not `#private`, so that comparing and printing a builder includes its countries.
  private readonly coverage: Coverage;
  private readonly none: boolean;

  constructor(coverage: Coverage, none = false) {
    super();
    this.coverage = coverage;
    this.none = none;
  }

  country(country: string): Builder {
    requireValid("geographical().country", findInCountry({ country }));
    return new Builder(cover(this.coverage, { handledCountry: { code: country } }));
  }

  county(country: string, county: string): Builder {
    requireValid("geographical().county", findInCounty({ country, county }));
    return new Builder(cover(this.coverage, partOf(country, county)));
  }

  zips(country: string, county: string, zips: readonly string[]): Builder {
    requireValid("geographical().zips", findInZips({ country, county, zips }));
    return new Builder(cover(this.coverage, partOf(country, county, zips)));
  }

  toJSON(): GeographicalRule {
    return this.coverage.size > 0 || this.none ? toWire(this.coverage) : (NOTHING_ADDED as GeographicalRule);
  }
}

const ARGUMENTS = { country: countryCode, county: countyNumber, zips: zipCodes };
const findInCountry = /* @__PURE__ */ argumentFinder("country");
const findInCounty = /* @__PURE__ */ argumentFinder("country", "county");
const findInZips = /* @__PURE__ */ argumentFinder("country", "county", "zips");

function argumentFinder(...names: readonly (keyof typeof ARGUMENTS)[]): FindIssues {
  return issueFinder(() => z.object(Object.fromEntries(names.map((name) => [name, ARGUMENTS[name]()]))));
}

function coverageOf({ handledCountries }: GeographicalRule): Coverage {
  return handledCountries.reduce(cover, NOTHING);
}

function cover(coverage: Coverage, { handledCountry: { code }, handledCounties }: HandledCountry): Coverage {
  const known = coverage.get(code);
  if (known === WHOLE) return coverage;
  if (!handledCounties) return new Map(coverage).set(code, WHOLE);
  const counties = new Map(known);
  for (const { handledCounty, handledPostCodeZips: zips } of handledCounties) {
    const before = counties.get(handledCounty.number);
    if (before === WHOLE) continue;
    counties.set(handledCounty.number, zips ? new Set(before ? [...before, ...zips] : zips) : WHOLE);
  }
  return new Map(coverage).set(code, counties);
}

function partOf(code: string, number: string, zips?: readonly string[]): HandledCountry {
  return { handledCountry: { code }, handledCounties: [{ handledCounty: { number }, handledPostCodeZips: zips }] };
}

function toWire(coverage: Coverage): GeographicalRule {
  return {
    handledCountries: sorted(coverage).map(([code, counties]) => ({
      handledCountry: { code },
      ...(counties !== WHOLE && {
        handledCounties: sorted(counties).map(([number, zips]) => ({
          handledCounty: { number },
          ...(zips !== WHOLE && { handledPostCodeZips: [...zips].sort() }),
        })),
      }),
    })),
  };
}

/**
 * Geographical rule from a list of postcodes. Each postcode is listed under every county in which it lies,
 * because some lie in two. The counties are looked up in the country's reference data, because the first digits do not
 * show the county: 20xxx is 2A or 2B, and 94390 lies in 91.
 *
 * If all postcodes of a county are given, the rule still lists the postcodes: the whole county would also cover
 * postcodes that are added later.
 *
 * @param country The country as `oplead.getCountry` returned it.
 * @throws {@link OpleadError} `invalid_input` when no postcodes are given or one is not text, and when the country's
 * reference data has none.
 *
 * @example
 * ```ts
 * const { rule, unknown } = geographicalFromZips(await oplead.getCountry("FR"), ["01410", "75001"]);
 * // rule: 01410 under 01 and under 39, 75001 under 75
 * ```
 */
export function geographicalFromZips(
  country: CountryDetails,
  zips: readonly string[],
): {
  /** Covers every known postcode. If none is known, it covers nothing, and every call refuses it. */
  readonly rule: GeographicalBuilder;
  /** Postcodes that the reference data lacks: mistyped, of another country, or a CEDEX. Sorted, without duplicates. */
  readonly unknown: readonly string[];
} {
  requireValid("geographicalFromZips", findInReference({ zips, country }));
  // Safe: a country without an index was reported as an issue.
  const index = indexOf(country) as CountryIndex;
  const byCounty = new Map<string, string[]>();
  const unknown = new Set<string>();
  for (const zip of zips) {
    const counties = index.zips.get(zip);
    if (!counties) unknown.add(zip);
    for (const county of counties ?? []) append(byCounty, county, zip);
  }
  let rule = geographical();
  for (const [county, listed] of byCounty) rule = rule.zips(country.code, county, listed);
  return { rule, unknown: [...unknown].sort() };
}

const findInReference = /* @__PURE__ */ issueFinder(() =>
  z.object({
    zips: zipCodes(tellBuilder("nothing_to_find")),
    country: valueWithout((country) => {
      const index = indexOf(country);
      if (!index) return tellBuilder("not_reference");
      return index.zips.size === 0 ? tellBuilder("no_reference_zips") : undefined;
    }),
  }),
);
