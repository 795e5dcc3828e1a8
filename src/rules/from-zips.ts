import * as z from "zod/mini";
import { issueFinder, valueWithout } from "../core/validate.ts";
import { tellBuilder } from "../locales/en/core.ts";
import type { CountryDetails } from "./countries.ts";
import { type CountryIndex, indexOf } from "./countries.ts";
import { type GeographicalBuilder, geographical, zipCodes } from "./geographical.ts";
import { requireValid } from "./schemas.ts";

/** The result of {@link geographicalFromZips}. */
export interface ZipsByCounty {
  /** Covers every postcode that is known. Where none is, it covers nothing, and is refused when it is used. */
  readonly rule: GeographicalBuilder;
  /** The postcodes that the reference data does not have: mistyped, of another country, a CEDEX. Sorted, each once. */
  readonly unknown: readonly string[];
}

/**
 * A geographical rule from postcodes alone. Each is put under every county in which it lies, for some lie in two.
 * Which those are comes from the country's reference data, never from the first digits: 20xxx is 2A or 2B, 94390 lies
 * in 91.
 *
 * When all postcodes of a county are given they are still listed: the whole county would also cover those to come.
 *
 * @param country What `oplead.getCountry` returned.
 * @throws {@link OpleadError} `invalid_input` when no postcodes are given or one is not text, and when the country's
 * reference data has none.
 *
 * @example
 * ```ts
 * const { rule, unknown } = geographicalFromZips(await oplead.getCountry("FR"), ["01410", "75001"]);
 * // rule: 01410 under 01 and under 39, 75001 under 75
 * ```
 */
export function geographicalFromZips(country: CountryDetails, zips: readonly string[]): ZipsByCounty {
  requireValid("geographicalFromZips", findIssues({ zips, country }));
  // Without one there was an issue.
  const index = indexOf(country) as CountryIndex;
  const byCounty = new Map<string, string[]>();
  const unknown = new Set<string>();
  for (const zip of zips) {
    const counties = index.zips.get(zip);
    if (!counties) unknown.add(zip);
    for (const county of counties ?? []) {
      const listed = byCounty.get(county);
      if (listed) listed.push(zip);
      else byCounty.set(county, [zip]);
    }
  }
  let rule = geographical();
  for (const [county, listed] of byCounty) rule = rule.zips(country.code, county, listed);
  return { rule, unknown: [...unknown].sort() };
}

const findIssues = /* @__PURE__ */ issueFinder(() =>
  z.object({
    zips: zipCodes(tellBuilder("nothing_to_find")),
    country: valueWithout((country) => {
      const index = indexOf(country);
      if (!index) return tellBuilder("not_reference");
      return index.zips.size === 0 ? tellBuilder("no_reference_zips") : undefined;
    }),
  }),
);
