import {
  boolean,
  func,
  issueFinder,
  nested,
  oneOf,
  options,
  requireNoIssues,
  type Schema,
  valueWithout,
  wholeNumber,
} from "../validation/validate.ts";
import { defaultAssumptions } from "./assumptions.ts";

const rules: readonly unknown[] = defaultAssumptions.enabledRules;

const assumptions = (): Schema =>
  options({
    enabledRules: valueWithout((value) =>
      Array.isArray(value) && value.every((rule) => rules.includes(rule))
        ? undefined
        : `must be a list of rules: ${rules.join(", ")}`,
    ),
    absentRule: oneOf("admits_all", "admits_none", "uncertain"),
    emptyRule: oneOf("admits_none", "admits_all", "uncertain"),
    combination: oneOf("all", "area_or_radius"),
    distanceFrom: valueWithout((value) =>
      value === "address" || typeof value === "function" ? undefined : 'must be "address" or a function',
    ),
    detourFactor: valueWithout((value) =>
      typeof value === "number" && Number.isFinite(value) && value > 0 ? undefined : "must be a number above 0",
    ),
    partsLeftOut: oneOf("whole", "uncertain"),
    zipInTwoCounties: oneOf("any", "all", "uncertain"),
    rangeAlone: oneOf("all_request_types", "uncertain"),
    codesLeftOut: oneOf("those_in_rules", "not_distinguished"),
  });

const codes = (): Schema =>
  valueWithout((value) =>
    Array.isArray(value) && value.every((code) => typeof code === "string" && code !== "")
      ? undefined
      : "must be a list of codes",
  );

const countries = (least: number): Schema =>
  nested((value) => {
    if (!Array.isArray(value) || value.length < least) {
      return [{ path: "", message: "must be a list of what getCountry returned" }];
    }
    return value.flatMap((country: { readonly counties?: unknown } | undefined, index) =>
      Array.isArray(country?.counties)
        ? []
        : [{ path: String(index), message: "must be what getCountry returned, with its counties" }],
    );
  });

const universe = (): Schema =>
  options(
    { ranges: codes(), requestTypes: codes(), contactProfiles: codes(), profileTypes: codes() },
    { countries: countries(1) },
    'must be an object with the countries of the leads: { countries: [await oplead.getCountry("FR")] }',
  );

const findCoverageIssues = issueFinder(() =>
  options(
    { overlapAbove: wholeNumber(1, Number.MAX_SAFE_INTEGER), assumptions: assumptions(), locate: func() },
    { universe: universe() },
  ),
);

const findExplainIssues = issueFinder(() =>
  options({ countries: countries(0), assumptions: assumptions(), locate: func() }),
);

const findReportIssues = issueFinder(() =>
  options({
    names: boolean(),
    title: valueWithout((value) => (typeof value === "string" ? undefined : "must be text")),
  }),
);

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkCoverageOptions(given: unknown): void {
  requireNoIssues("coverage: wrong options", findCoverageIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkExplainOptions(given: unknown): void {
  requireNoIssues("explainLead: wrong options", findExplainIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkReportOptions(given: unknown): void {
  requireNoIssues("coverageReport: wrong options", findReportIssues(given));
}
