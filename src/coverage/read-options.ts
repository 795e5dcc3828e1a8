import { isObject } from "../base/validation/is-object.ts";
import {
  boolean,
  func,
  nested,
  oneOf,
  options,
  optionsCheck,
  type Schema,
  text,
  valueThat,
  wholeNumber,
} from "../base/validation/validate.ts";
import { RULES } from "./assumptions.ts";

/** Of `explainLead` and `coverage`. */
const shared = (): Readonly<Record<string, Schema>> => ({
  assumptions: options({
    enabledRules: listOfAll(
      (rule) => RULES.some((name) => name === rule),
      `must be a list of rules: ${RULES.join(", ")}`,
    ),
    absentRule: oneOf("admits_all", "admits_none", "uncertain"),
    emptyRule: oneOf("admits_none", "admits_all", "uncertain"),
    combination: oneOf("all", "area_or_radius"),
    distanceFrom: valueThat(
      (value) => value === "address" || typeof value === "function",
      'must be "address" or a function',
    ),
    detourFactor: valueThat((value) => Number.isFinite(value) && Number(value) > 0, "must be a number above 0"),
    partsLeftOut: oneOf("whole", "uncertain"),
    zipInTwoCounties: oneOf("any", "all", "uncertain"),
    rangeAlone: oneOf("all_request_types", "uncertain"),
    codesLeftOut: oneOf("those_in_rules", "not_distinguished"),
  }),
  locate: func(),
});

function listOfAll(isFine: (item: unknown) => boolean, expected: string): Schema {
  return valueThat((value) => Array.isArray(value) && value.every(isFine), expected);
}

function codes(): Schema {
  return listOfAll((code) => typeof code === "string" && code !== "", "must be a list of codes");
}

function countries(least: number): Schema {
  return nested((value) => {
    if (!Array.isArray(value) || value.length < least) {
      return [{ path: "", message: "must be a list of what getCountry returned" }];
    }
    return value.flatMap((country: unknown, index) =>
      isObject(country) && Array.isArray(country.counties)
        ? []
        : [{ path: String(index), message: "must be what getCountry returned, with its counties" }],
    );
  });
}

/** @throws {@link OpleadError} `invalid_options`, with every problem; so do the others. */
export const checkCoverageOptions = optionsCheck<unknown>("coverage", () =>
  options(
    { overlapAbove: wholeNumber(1, Number.MAX_SAFE_INTEGER), ...shared() },
    {
      universe: options(
        { ranges: codes(), requestTypes: codes(), contactProfiles: codes(), profileTypes: codes() },
        { countries: countries(1) },
        'must be an object with the countries of the leads: { countries: [await oplead.getCountry("FR")] }',
      ),
    },
  ),
);

export const checkExplainOptions = optionsCheck<unknown>("explainLead", () =>
  options({ countries: countries(0), ...shared() }),
);

export const checkReportOptions = optionsCheck<unknown>("coverageReport", () =>
  options({ names: boolean(), title: text() }),
);
