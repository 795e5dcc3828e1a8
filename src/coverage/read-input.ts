import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue, type ValueProblem, valueAt } from "../core/issues.ts";
import {
  func,
  type OptionalKinds,
  oneOf,
  options,
  requireNoIssues,
  type Schema,
  says,
  valueThat,
} from "../core/validate.ts";
import { isRecord } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellValue } from "../locales/en/core.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import { type RuleBody, type RuleName, ruleNames, tryRules } from "../rules/rules.ts";
import { answerOf, canBeReceives } from "./receives.ts";
import { AXES } from "./rules/rules.ts";
import type {
  AssumptionName,
  Assumptions,
  Coordinates,
  CoverageUser,
  Dimensions,
  EvaluationOptions,
  Locate,
  Universe,
} from "./types.ts";

// A user without names of people, because the page of the report contains it.
export interface ReadUser {
  readonly accountNumber: string;
  // The place that distances are measured from.
  readonly home: {
    readonly country?: string | undefined;
    readonly zipCode?: string | undefined;
    readonly coordinates?: Coordinates | undefined;
  };
  // The rules in their wire form.
  readonly rules: { readonly [Name in RuleName]?: RuleBody<Name> | undefined };
  // Rules that were not sent, because they are not valid (first problem) or their content is not known: Oplead keeps an
  // older rule.
  readonly invalid: { readonly [Name in RuleName]?: OpleadIssue };
  readonly receives: boolean | undefined;
  readonly row?: CoverageUser["row"];
  readonly notCounted?: CoverageUser["notCounted"];
}

export function readUsers(
  users: Iterable<CoverageUser>,
  assumptions: Assumptions,
  caller: string,
  receives?: EvaluationOptions["receives"],
): ReadUser[] {
  const issues: OpleadIssue[] = [];
  const read: ReadUser[] = [];
  const seen = new Set<string>();
  const known: RulesRead = new Map();
  for (const [index, user] of [...users].entries()) {
    const accountNumber = user?.user?.accountNumber;
    const path = `users[${index}].user.accountNumber`;
    if (typeof accountNumber !== "string" || accountNumber === "") {
      issues.push(issueAt(path, tellCoverageOption("names_user")));
    } else if (seen.has(accountNumber)) {
      issues.push(issueAt(path, tellCoverageOption("names_two_users")));
    } else {
      seen.add(accountNumber);
      const said: unknown = user.notCounted ? undefined : answerOf(receives, user);
      if (said !== undefined && typeof said !== "boolean")
        issues.push(issueAt(`users[${index}]`, tellCoverageOption("not_receives")));
      const answer = said === undefined ? undefined : said === true;
      const one = readUser(accountNumber, user, assumptions, { receives: answer, known });
      if (!areCoordinates(one.home.coordinates))
        issues.push(issueAt(`users[${index}].coordinates`, tellCoverageOption("not_coordinates")));
      read.push(one);
    }
  }
  if (issues.length > 0) throw invalid("invalid_input", `${caller}: the users are not valid`, issues);
  return read;
}

// Bodies by the object that the caller gave. Users of a plan share rules, and each rule is checked once.
export type RulesRead = Map<unknown, { readonly name: string; readonly body: unknown }>;

export function readUser(
  accountNumber: string,
  user: CoverageUser,
  { distanceFrom }: Assumptions,
  { receives, known }: { readonly receives: boolean | undefined; readonly known?: RulesRead },
): ReadUser {
  const {
    row,
    notCounted,
    user: { address },
  } = user;
  const isAtAddress = distanceFrom === "address" || notCounted === "invalid";
  const rules: { [name: string]: unknown } = {};
  const invalid: { [Name in RuleName]?: OpleadIssue } = {};
  const given: { [name: string]: unknown } = {};
  for (const [name, rule] of Object.entries(user.rules ?? {})) {
    const before = known?.get(rule);
    if (before?.name === name) rules[name] = before.body;
    else given[name] = isEmptyList(rule) ? none(name, rule) : rule;
  }
  const read = tryRules(given, (name, found) => {
    if (name !== undefined) invalid[name] ??= found;
  });
  for (const { name, body } of read) {
    rules[name] = body;
    known?.set(user.rules?.[name], { name, body });
  }
  for (const name of user.unknown ?? []) {
    delete rules[name];
    invalid[name] = issueAt(name, tellCoverageOption("not_kept"));
  }
  return {
    accountNumber,
    home: {
      country: address?.country?.code,
      zipCode: address?.zipCode,
      coordinates: isAtAddress ? user.coordinates : distanceFrom(user),
    },
    rules,
    invalid,
    receives,
    row,
    notCounted,
  };
}

function isEmptyList(rule: unknown): boolean {
  const list = valueAt(rule, "handledCountries") ?? rule;
  return Array.isArray(list) && list.length === 0;
}

// Makes a plain empty list look like a builder's `none()`, the only empty rule that may be sent; coverage takes both.
function none(rule: string, body: unknown): unknown {
  return { rule, toJSON: () => body };
}

export function areCoordinates(coordinates: unknown): boolean {
  const isWithin = (degrees: unknown, limit: number) => typeof degrees === "number" && Math.abs(degrees) <= limit;
  if (!Array.isArray(coordinates)) return coordinates === undefined;
  return coordinates.length === 2 && isWithin(coordinates[0], 90) && isWithin(coordinates[1], 180);
}

const assumptions = (): Readonly<Record<AssumptionName, Schema>> => ({
  enabledRules: namesAmong(ruleNames),
  absentRule: oneOf("admits_all", "admits_none"),
  emptyRule: oneOf("admits_none", "admits_all"),
  combination: oneOf("all", "area_or_radius"),
  distanceFrom: valueThat(
    (value) => value === "address" || typeof value === "function",
    tellCoverageOption("not_distance_from"),
  ),
  detourFactor: valueThat((value) => Number.isFinite(value) && Number(value) > 0, tellCoverageOption("not_above_zero")),
  partsLeftOut: oneOf("whole", "nothing"),
  zipInTwoCounties: oneOf("any", "all"),
  rangeAlone: oneOf("all_request_types", "no_request_type"),
  codesLeftOut: oneOf("those_in_rules", "not_distinguished"),
});

export const evaluation = (): OptionalKinds<EvaluationOptions> => ({
  assumptions: options<Partial<Assumptions>>({ ...assumptions(), known: knownNames() }),
  locate: func(),
  receives: valueThat(canBeReceives, tellValue("not_profiles")),
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

export const listsOfCodes = (): OptionalKinds<Dimensions> =>
  Object.fromEntries(AXES.map((axis) => [axis.codes, codes()])) as OptionalKinds<Dimensions>;

export function countries(least: number): Schema {
  const counties = z.array(z.custom(), says(tellCoverageOption("not_country_details")));
  const country = z.object({ counties }, says(tellCoverageOption("not_country_details")));
  const expected = says(tellCoverageOption("not_countries"));
  return z.checked(
    z.array(country, expected),
    z.refine<readonly unknown[]>((list) => list.length >= least, expected),
  );
}

export function universe(): Schema {
  return options<Universe>(listsOfCodes(), { countries: countries(1) }, tellCoverageOption("not_universe"));
}

// The limit for kinds of leads, because time and memory grow with their number.
const MOST_KINDS = 20_000;

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

// Refuses the promise of an async function, which would look like a place without coordinates.
export function checkedLocate(locate: Locate | undefined): Locate | undefined {
  if (locate === undefined) return undefined;
  return (zipCode, country) => {
    const place = locate(zipCode, country) ?? undefined;
    if (place === undefined || isRecord(place)) return place;
    throw invalid("invalid_options", "locate gave something else than a place.", [
      issueAt("locate", tellCoverageOption("not_located")),
    ]);
  };
}
