import { isObject } from "../base/validation/is-object.ts";
import { countryCodeProblem } from "../base/validation/value-problems.ts";
import {
  type Origin,
  type Problem,
  readClearingList,
  readList,
  readOrThrow,
  readText,
  refuseUnknownFields,
  sorted,
  textProblem,
} from "./reading.ts";
import type { ClearableRuleFactory, Rule } from "./rule.ts";

/** Which countries, counties and zip codes a user covers, as it is sent (guide, geographical criteria). */
export interface GeographicalRule {
  /** Empty: the rule is cleared (assumed). */
  readonly handledCountries: readonly HandledCountry[];
}

/** A country of a {@link GeographicalRule}. */
export interface HandledCountry {
  /** Two capital letters. See {@link Oplead.listCountries}. */
  readonly handledCountry: { readonly code: string };
  /** Left out: the whole country (assumed). */
  readonly handledCounties?: readonly HandledCounty[] | undefined;
}

/** A county of a {@link HandledCountry}. */
export interface HandledCounty {
  /** Text, because some begin with a zero and some hold a letter: `01`, `2A`, `971`. */
  readonly handledCounty: { readonly number: string };
  /** Text, because some begin with a zero. Left out: the whole county (assumed). */
  readonly handledPostCodeZips?: readonly string[] | undefined;
}

/**
 * Builds a geographical rule. Immutable: each method returns another builder. Neither order nor repetition matters; a
 * whole county takes in its zip codes, a whole country its counties.
 */
export interface GeographicalBuilder extends Rule<"geographical", GeographicalRule> {
  /** Adds a whole country, by its code: two capital letters. */
  country(country: string): GeographicalBuilder;
  /** Adds a whole county, by its number, which is text: `"01"`, `"2A"`. */
  county(country: string, county: string): GeographicalBuilder;
  /**
   * Adds zip codes of a county. Which county they lie in is for the platform's reference data to say, not for their
   * first digits: {@link geographicalFromZips} looks it up.
   */
  zips(country: string, county: string, zips: readonly string[]): GeographicalBuilder;
  /**
   * The rule as it is sent. While nothing has been added it is an object without `handledCountries`, which every call and
   * `parse` refuse: an empty list would clear the rule. So `JSON.stringify` never throws here.
   */
  toJSON(): GeographicalRule;
}

/** What `rules.geographical` takes: a builder, or the wire form. */
export type GeographicalInput = GeographicalBuilder | GeographicalRule;

/** {@link geographical}: the function, and what hangs on it. */
export interface GeographicalFactory extends ClearableRuleFactory<GeographicalBuilder> {
  (): GeographicalBuilder;
}

/**
 * The countries, counties and zip codes a user covers (guide, geographical criteria).
 *
 * Everything wrong is an {@link OpleadError} `invalid_input` at once: a county number that is not text, an empty list of
 * zip codes. A call refuses a builder to which nothing was added.
 *
 * @example
 * ```ts
 * geographical().country("BE").county("FR", "92").zips("FR", "75", ["75001", "75002"])
 * ```
 */
export const geographical: GeographicalFactory = /* @__PURE__ */ Object.assign(() => new Builder(NOTHING), {
  none: () => new Builder(NOTHING, true),
  parse: (wire: unknown) =>
    readOrThrow("geographical.parse", (problem) => {
      const coverage = readCoverage(wire, problem, "wire");
      return new Builder(coverage, coverage.size === 0);
    }),
});

/** Checks a plain rule, and gives it as it is sent. */
export function readGeographical(value: unknown, problem: Problem, origin: Origin): GeographicalRule {
  return toWire(readCoverage(value, problem, origin));
}

const WHOLE = "whole";
type Zips = typeof WHOLE | ReadonlySet<string>;
type Counties = typeof WHOLE | ReadonlyMap<string, Zips>;
type Coverage = ReadonlyMap<string, Counties>;
const NOTHING: Coverage = /* @__PURE__ */ new Map();
/** What a builder to which nothing was added is in JSON. Not an empty list, which would clear the rule. */
const NOTHING_ADDED = {} as GeographicalRule;

class Builder implements GeographicalBuilder {
  readonly rule = "geographical";
  // Not #private: they are all there is to compare and to print.
  private readonly coverage: Coverage;
  private readonly none: boolean;

  constructor(coverage: Coverage, none = false) {
    this.coverage = coverage;
    this.none = none;
  }

  country(country: string): Builder {
    return readOrThrow("geographical().country", (problem) => {
      return new Builder(cover(this.coverage, readCode(country, "country", problem)));
    });
  }

  county(country: string, county: string): Builder {
    return readOrThrow("geographical().county", (problem) => {
      const code = readCode(country, "country", problem);
      return new Builder(cover(this.coverage, code, readNumber(county, "county", problem)));
    });
  }

  zips(country: string, county: string, zips: readonly string[]): Builder {
    return readOrThrow("geographical().zips", (problem) => {
      const code = readCode(country, "country", problem);
      const number = readNumber(county, "county", problem);
      return new Builder(cover(this.coverage, code, number, readZips(zips, "zips", problem)));
    });
  }

  toJSON(): GeographicalRule {
    return this.coverage.size > 0 || this.none ? toWire(this.coverage) : NOTHING_ADDED;
  }
}

/** The coverage with more in it: a country, a county of it, or zip codes of that. Changes nothing that it was given. */
function cover(coverage: Coverage, country: string, county?: string, zips?: readonly string[]): Coverage {
  const counties = coverage.get(country);
  if (counties === WHOLE) return coverage;
  if (county === undefined) return new Map(coverage).set(country, WHOLE);
  const known = counties?.get(county);
  if (known === WHOLE) return coverage;
  const now = zips ? new Set([...(known ?? []), ...zips]) : WHOLE;
  return new Map(coverage).set(country, new Map(counties).set(county, now));
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

function readCoverage(value: unknown, problem: Problem, origin: Origin): Coverage {
  let coverage = NOTHING;
  if (!isObject(value)) {
    problem("", "must be geographical()… or { handledCountries: [{ handledCountry: { code }, handledCounties? }] }");
    return coverage;
  }
  refuseUnknownFields(value, ["handledCountries"], "", problem, origin);
  const path = ".handledCountries";
  if (origin === "wire" && value.handledCountries === undefined) {
    problem("", "covers nothing, which would clear the rule: if that is meant, write geographical.none()");
    return coverage;
  }
  const countries = readClearingList(value.handledCountries, path, problem, origin, "geographical.none()");
  for (const [index, country] of countries.entries()) {
    coverage = readCountry(country, `${path}[${index}]`, coverage, problem, origin);
  }
  return coverage;
}

function readCountry(entry: unknown, at: string, before: Coverage, problem: Problem, origin: Origin): Coverage {
  if (!isObject(entry) || !isObject(entry.handledCountry)) {
    problem(at, "must be { handledCountry: { code }, handledCounties? }");
    return before;
  }
  refuseUnknownFields(entry, ["handledCountry", "handledCounties"], at, problem, origin);
  const { handledCountry, handledCounties } = entry;
  const country = readCode(handledCountry.code, `${at}.handledCountry.code`, problem);
  if (handledCounties === undefined) return cover(before, country);

  const listed = readList(handledCounties, `${at}.handledCounties`, problem, "Leave it out for the whole country");
  let coverage = before;
  for (const [index, item] of listed.entries()) {
    const path = `${at}.handledCounties[${index}]`;
    if (!isObject(item) || !isObject(item.handledCounty)) {
      problem(path, "must be { handledCounty: { number }, handledPostCodeZips? }");
      continue;
    }
    refuseUnknownFields(item, ["handledCounty", "handledPostCodeZips"], path, problem, origin);
    const { handledCounty, handledPostCodeZips: zips } = item;
    const number = readNumber(handledCounty.number, `${path}.handledCounty.number`, problem);
    const list = zips === undefined ? undefined : readZips(zips, `${path}.handledPostCodeZips`, problem);
    coverage = cover(coverage, country, number, list);
  }
  return coverage;
}

function readCode(value: unknown, path: string, problem: Problem): string {
  return readText(value, path, problem, countryCodeProblem(value)?.message);
}

function readNumber(value: unknown, path: string, problem: Problem): string {
  return readText(value, path, problem, textProblem(value, "county numbers"));
}

function readZips(value: unknown, path: string, problem: Problem): readonly string[] {
  const zips = readList(value, path, problem, "Leave it out for the whole county");
  // Not zips.map, which passes over holes.
  return Array.from(zips, (zip, index) => readText(zip, `${path}[${index}]`, problem, zipProblem(zip)));
}

/** What is wrong with a zip code, or undefined. How one looks differs by country; in some it holds a space. */
export function zipProblem(zip: unknown): string | undefined {
  return textProblem(zip, "zip codes", true);
}
