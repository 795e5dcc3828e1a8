import * as z from "zod/mini";
import { issueAt, type ValueProblem } from "../base/issues.ts";
import { isObject, isRecord } from "../base/validation/is-object.ts";
import { iterable } from "../base/validation/parts.ts";
import {
  argumentsCheck,
  boolean,
  type Fields,
  func,
  number,
  oneOf,
  options,
  optionsCheck,
  record,
  requireNoIssues,
  type Schema,
  says,
  signal,
  text,
  valueThat,
  wholeNumber,
} from "../base/validation/validate.ts";
import { tellOption } from "../locales/en/core.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import { ruleNames } from "../rules/rules.ts";
import { AXES } from "./rules/rules.ts";
import type { AssumptionName } from "./types.ts";

const assumptions = (): Readonly<Record<AssumptionName, Schema>> => ({
  enabledRules: namesAmong(ruleNames),
  absentRule: oneOf("admits_all", "admits_none", "uncertain"),
  emptyRule: oneOf("admits_none", "admits_all", "uncertain"),
  combination: oneOf("all", "area_or_radius"),
  distanceFrom: valueThat(
    (value) => value === "address" || typeof value === "function",
    tellCoverageOption("not_distance_from"),
  ),
  detourFactor: valueThat((value) => Number.isFinite(value) && Number(value) > 0, tellCoverageOption("not_above_zero")),
  partsLeftOut: oneOf("whole", "uncertain"),
  zipInTwoCounties: oneOf("any", "all", "uncertain"),
  rangeAlone: oneOf("all_request_types", "uncertain"),
  codesLeftOut: oneOf("those_in_rules", "not_distinguished"),
});

/** Of `explainLead` and `coverage`. */
const shared = (): Readonly<Record<string, Schema>> => ({
  signal: signal(),
  assumptions: options({ ...assumptions(), known: knownNames() }),
  locate: func(),
});

function knownNames(): Schema {
  return namesAmong(Object.keys(assumptions()));
}

function namesAmong(known: readonly string[]): Schema {
  return listOfAll((name) => known.some((one) => one === name), tellCoverageOption("not_rule_names", { known }));
}

function listOfAll(isFine: (item: unknown) => boolean, expected: ValueProblem): Schema {
  return valueThat((value) => Array.isArray(value) && value.every(isFine), expected);
}

export function codes(): Schema {
  return listOfAll((code) => typeof code === "string" && code !== "", tellCoverageOption("not_codes"));
}

function countries(least: number): Schema {
  const counties = z.array(z.custom(), says(tellCoverageOption("not_country_details")));
  const country = z.object({ counties }, says(tellCoverageOption("not_country_details")));
  const expected = says(tellCoverageOption("not_countries"));
  return z.array(country, expected).check(z.refine((list) => list.length >= least, expected));
}

function universe(): Schema {
  const lists = Object.fromEntries(AXES.map((axis) => [axis.codes, codes()]));
  return options(lists, { countries: countries(1) }, tellCoverageOption("not_universe"));
}

/** Time and memory grow with the number of kinds of leads, and findings about so many help no reader. */
const MOST_KINDS = 20_000;

/** @throws {@link OpleadError} `invalid_options` with the issue `too_many_kinds`. */
export function checkKinds(kinds: number): void {
  const issues =
    kinds > MOST_KINDS ? [issueAt("universe", tellCoverageOption("too_many_kinds", { kinds, most: MOST_KINDS }))] : [];
  requireNoIssues("coverage: wrong options", issues);
}

/** @throws {@link OpleadError} `invalid_options`, with every problem; so do the others. */
export const checkCoverageOptions = optionsCheck<unknown>("coverage", () =>
  options({ overlapAbove: wholeNumber(1, Number.MAX_SAFE_INTEGER), ...shared() }, { universe: universe() }),
);

export const checkExplainOptions = optionsCheck<unknown>("explainLead", () =>
  options({ countries: countries(0), ...shared() }),
);

export const checkCheckLeadsOptions = optionsCheck<unknown>("checkLeads", () =>
  options({ countries: countries(0), ...shared() }),
);

const labels = (): Schema =>
  valueThat(
    (given) => isRecord(given) && Object.values(given).every((label) => typeof label === "string"),
    tellCoverageOption("not_labels"),
  );

export const checkReportOptions = optionsCheck<unknown>("coverageReport", () =>
  options({
    ...{ language: oneOf("en", "fr"), labels: labels(), names: boolean(), title: text(), signal: signal() },
    suggestions: iterable(),
    ...{
      company: text(),
      date: valueThat((given) => /^\d{4}-\d\d-\d\d$/.test(String(given)), tellCoverageOption("not_day")),
    },
  }),
);

export const checkCompareOptions = optionsCheck<unknown>("compareCoverage", () => options({ signal: signal() }));

export const checkSuggestOptions = optionsCheck<unknown>("suggest", () =>
  options({
    signal: signal(),
    goals: options({ gaps: boolean() }),
    limits: options({ changes: wholeNumber(1, 1_000), maxDistance: number(0, Number.MAX_VALUE) }),
  }),
);

export const checkTextOptions = optionsCheck<unknown>("explanationText", () =>
  options({ nearMisses: wholeNumber(0, Number.MAX_SAFE_INTEGER), language: oneOf("en", "fr") }),
);

const texts = (): Schema => z.array(text(), says(tellCoverageOption("not_list_of_text")));
const users = (): Fields => ({ users: iterable() });

/** @throws {@link OpleadError} `invalid_input`, with every problem; so do the others. */
export const checkCoverageArguments = argumentsCheck("coverage", users);

export const checkExplainArguments = argumentsCheck("explainLead", users);

export const checkFactArguments = argumentsCheck("assumptionsOf", () => ({
  facts: valueThat((given) => isObject(given) && given.version === 2 && isObject(given.facts), tellOption("not_facts")),
}));

export const checkCheckLeadsArguments = argumentsCheck("checkLeads", () => ({ leads: iterable(), ...users() }));

export const checkLabelArguments = argumentsCheck("labelFindings", () => ({ findings: iterable(), labels: labels() }));

export const checkExplanation = argumentsCheck("explanationText", () => ({
  explanation: z.object(
    { lead: record(), users: z.array(z.object({ accountNumber: text(), rules: record() })), assumptions: texts() },
    says(tellCoverageOption("not_explanation")),
  ),
}));
