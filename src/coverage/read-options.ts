import * as z from "zod/mini";
import { issueAt, type ValueProblem } from "../base/issues.ts";
import { isRecord } from "../base/validation/is-object.ts";
import {
  func,
  type OptionalKinds,
  oneOf,
  options,
  requireNoIssues,
  type Schema,
  says,
  signal,
  valueThat,
} from "../base/validation/validate.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import { ruleNames } from "../rules/rules.ts";
import { AXES } from "./rules/rules.ts";
import type { AssumptionName, Assumptions, Dimensions, EvaluationOptions, Universe } from "./types.ts";

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

/** The options that everything has that asks who is eligible. */
export const evaluation = (): OptionalKinds<EvaluationOptions> => ({
  signal: signal(),
  assumptions: options<Partial<Assumptions>>({ ...assumptions(), known: knownNames() }),
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

/** The codes of each kind by which leads are told apart. */
export const listsOfCodes = (): OptionalKinds<Dimensions> =>
  Object.fromEntries(AXES.map((axis) => [axis.codes, codes()])) as OptionalKinds<Dimensions>;

export function countries(least: number): Schema {
  const counties = z.array(z.custom(), says(tellCoverageOption("not_country_details")));
  const country = z.object({ counties }, says(tellCoverageOption("not_country_details")));
  const expected = says(tellCoverageOption("not_countries"));
  return z.array(country, expected).check(z.refine((list) => list.length >= least, expected));
}

export function universe(): Schema {
  return options<Universe>(listsOfCodes(), { countries: countries(1) }, tellCoverageOption("not_universe"));
}

/** Time and memory grow with the number of kinds of leads, and findings about so many help no reader. */
const MOST_KINDS = 20_000;

/** @throws {@link OpleadError} `invalid_options` with the issue `too_many_kinds`. */
export function checkKinds(kinds: number): void {
  const issues =
    kinds > MOST_KINDS ? [issueAt("universe", tellCoverageOption("too_many_kinds", { kinds, most: MOST_KINDS }))] : [];
  requireNoIssues("coverage: wrong options", issues);
}

export const labels = (): Schema =>
  valueThat(
    (given) => isRecord(given) && Object.values(given).every((label) => typeof label === "string"),
    tellCoverageOption("not_labels"),
  );
