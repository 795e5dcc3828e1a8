import * as z from "zod/mini";
import { at, type ValueProblem } from "../base/issues.ts";
import { codedBy } from "../base/texts/coded.ts";
import { COVERAGE_OPTIONS } from "../base/texts/en/coverage/options.ts";
import { OPTIONS } from "../base/texts/en/options.ts";
import { isObject, isRecord } from "../base/validation/is-object.ts";
import { clock, iterable } from "../base/validation/parts.ts";
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
  report,
  requireNoIssues,
  type Schema,
  says,
  signal,
  text,
  valueThat,
  wholeNumber,
} from "../base/validation/validate.ts";
import { ruleNames } from "../rules/rules.ts";
import { AXES } from "./rules/rules.ts";
import type { AssumptionName } from "./types.ts";

const wrong = /* @__PURE__ */ codedBy(COVERAGE_OPTIONS);
const notFacts = /* @__PURE__ */ codedBy(OPTIONS);

const assumptions = (): Readonly<Record<AssumptionName, Schema>> => ({
  enabledRules: namesAmong(ruleNames),
  absentRule: oneOf("admits_all", "admits_none", "uncertain"),
  emptyRule: oneOf("admits_none", "admits_all", "uncertain"),
  combination: oneOf("all", "area_or_radius"),
  distanceFrom: valueThat((value) => value === "address" || typeof value === "function", wrong("not_distance_from")),
  detourFactor: valueThat((value) => Number.isFinite(value) && Number(value) > 0, wrong("not_above_zero")),
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
  return listOfAll((name) => known.some((one) => one === name), wrong("not_rule_names", { known }));
}

function listOfAll(isFine: (item: unknown) => boolean, expected: ValueProblem): Schema {
  return valueThat((value) => Array.isArray(value) && value.every(isFine), expected);
}

export function codes(): Schema {
  return listOfAll((code) => typeof code === "string" && code !== "", wrong("not_codes"));
}

function countries(least: number): Schema {
  const counties = z.array(z.custom(), says(wrong("not_country_details")));
  const country = z.object({ counties }, says(wrong("not_country_details")));
  const expected = says(wrong("not_countries"));
  return z.array(country, expected).check(z.refine((list) => list.length >= least, expected));
}

function universe(): Schema {
  const lists = Object.fromEntries(AXES.map((axis) => [axis.codes, codes()]));
  return options(lists, { countries: countries(1) }, wrong("not_universe"));
}

/** Time and memory grow with the number of kinds of leads, and findings about so many help no reader. */
const MOST_KINDS = 20_000;

/** @throws {@link OpleadError} `invalid_options` with the issue `too_many_kinds`. */
export function checkKinds(kinds: number): void {
  const issues = kinds > MOST_KINDS ? [at("universe", wrong("too_many_kinds", { kinds, most: MOST_KINDS }))] : [];
  requireNoIssues("coverage: wrong options", issues);
}

/** @throws {@link OpleadError} `invalid_options`, with every problem; so do the others. */
export const checkCoverageOptions = optionsCheck<unknown>("coverage", () =>
  options({ overlapAbove: wholeNumber(1, Number.MAX_SAFE_INTEGER), ...shared() }, { universe: universe() }),
);

export const checkCalibrateOptions = optionsCheck<unknown>("calibrate", () =>
  options(
    {
      ...shared(),
      candidates: z
        .array(options(assumptions()), says(wrong("not_candidates")))
        .check(z.minLength(1, says(wrong("not_candidates")))),
      noise: number(0, 1),
      now: clock(),
    },
    { universe: universe() },
  ),
);

export const checkExplainOptions = optionsCheck<unknown>("explainLead", () =>
  options({ countries: countries(0), ...shared() }),
);

/** Something that a function of this package returned, by a list that it has. */
function madeBy(list: string, expected: ValueProblem): Schema {
  return valueThat((given) => isRecord(given) && Array.isArray(given[list]), expected);
}

const labels = (): Schema =>
  valueThat(
    (given) => isRecord(given) && Object.values(given).every((label) => typeof label === "string"),
    wrong("not_labels"),
  );

export const checkReportOptions = optionsCheck<unknown>("coverageReport", () =>
  options({
    ...{ language: oneOf("en", "fr"), labels: labels(), names: boolean(), title: text(), signal: signal() },
    ...{ user: text(), load: madeBy("users", wrong("not_load")), observed: madeBy("fits", wrong("not_calibration")) },
    suggestions: iterable(),
    ...{ company: text(), date: valueThat((given) => /^\d{4}-\d\d-\d\d$/.test(String(given)), wrong("not_day")) },
  }),
);

export const checkCompareOptions = optionsCheck<unknown>("compareCoverage", () => options({ signal: signal() }));

export const checkReplayOptions = optionsCheck<unknown>("replay", () => options({ signal: signal() }));

const demand = (): Fields => ({
  signal: signal(),
  leads: iterable(),
  perInhabitant: number(0, Number.MAX_VALUE),
  share: valueThat(
    (given) =>
      isRecord(given) && Object.values(given).every((weight) => Number.isFinite(weight) && Number(weight) >= 0),
    wrong("not_shares"),
  ),
});
const loadLimits = (): Fields => ({ maxLoad: number(0, Number.MAX_VALUE), minLoad: number(0, Number.MAX_VALUE) });

export const checkLoadOptions = optionsCheck<unknown>("expectedLoad", () =>
  options({ ...demand(), ...loadLimits() }).check((payload) => {
    const { leads, perInhabitant } = Object(payload.value) as Readonly<Record<string, unknown>>;
    if ((leads === undefined) === (perInhabitant === undefined)) report(payload, wrong("needs_leads_or_rate"));
  }),
);

export const checkSuggestOptions = optionsCheck<unknown>("suggest", () =>
  options({
    ...demand(),
    goals: options({ gaps: boolean(), ...loadLimits() }),
    limits: options({
      changes: wholeNumber(1, 1_000),
      maxDistance: number(0, Number.MAX_VALUE),
      only: texts(),
      rules: namesAmong(ruleNames),
    }),
  }).check((payload) => {
    const { leads, perInhabitant, goals } = Object(payload.value) as Readonly<Record<string, unknown>>;
    const { maxLoad, minLoad } = Object(goals) as Readonly<Record<string, unknown>>;
    if (maxLoad === undefined && minLoad === undefined) return;
    if ((leads === undefined) === (perInhabitant === undefined)) report(payload, wrong("goal_needs_leads_or_rate"));
  }),
);

export const checkTextOptions = optionsCheck<unknown>("explanationText", () =>
  options({ nearMisses: wholeNumber(0, Number.MAX_SAFE_INTEGER), language: oneOf("en", "fr") }),
);

const texts = (): Schema => z.array(text(), says(wrong("not_list_of_text")));
const users = (): Fields => ({ users: iterable() });

/** @throws {@link OpleadError} `invalid_input`, with every problem; so do the others. */
export const checkCoverageArguments = argumentsCheck("coverage", users);

export const checkExplainArguments = argumentsCheck("explainLead", users);

export const checkAssumptionArguments = argumentsCheck("assumptionText", () => ({
  name: oneOf(...Object.keys(assumptions())),
  assumptions: options({ ...assumptions(), known: knownNames() }, {}, wrong("not_assumptions")),
}));

export const checkFactArguments = argumentsCheck("assumptionsOf", () => ({
  facts: valueThat((given) => isObject(given) && given.version === 1 && isObject(given.facts), notFacts("not_facts")),
}));

export const checkCalibrateArguments = argumentsCheck("calibrate", () => ({ observed: iterable(), ...users() }));

export const checkLabelArguments = argumentsCheck("labelFindings", () => ({ findings: iterable(), labels: labels() }));

export const checkReplayArguments = argumentsCheck("replay", () => ({ leads: iterable() }));

export const checkExplanation = argumentsCheck("explanationText", () => ({
  explanation: z.object(
    { lead: record(), users: z.array(z.object({ accountNumber: text(), rules: record() })), assumptions: texts() },
    says(wrong("not_explanation")),
  ),
}));
