import { invalid } from "../base/errors.ts";
import type { OpleadIssue } from "../base/issues.ts";
import { isRecord } from "../base/validation/is-object.ts";
import { type CompetencesInput, type CompetencesRule, readCompetences } from "./competences.ts";
import { type ContactProfilesInput, type ContactProfilesRule, readContactProfiles } from "./contact-profiles.ts";
import { type GeographicalInput, type GeographicalRule, readGeographical } from "./geographical.ts";
import { type MaxDistanceInput, type MaxDistanceRule, readMaxDistance } from "./max-distance.ts";
import { type ProfileTypesInput, type ProfileTypesRule, readProfileTypes } from "./profile-types.ts";
import { type Origin, type Problem, pathOf } from "./reading.ts";
import { isBuilt } from "./rule.ts";

/**
 * The rules that decide which leads a user gets (guide, lead assignment rules), each as plain data or by its builder.
 * Those left out, or undefined, are not sent and stay as they are. A rule has an effect only where it is enabled for the
 * platform. The fields can be assigned, so that the rules of a user can be collected one by one.
 */
export interface UserRules {
  /** The countries, counties and zip codes covered. See {@link geographical}. */
  geographical?: GeographicalInput | undefined;
  /** How far a lead may be, in kilometres. See {@link maxDistance}. */
  maxDistance?: MaxDistanceInput | undefined;
  /** The ranges handled, or pairs of range and request type. See {@link competences}. */
  competences?: CompetencesInput | undefined;
  /** The contact profiles handled. See {@link contactProfiles}. */
  contactProfiles?: ContactProfilesInput | undefined;
  /** Professionals, individuals, or both. See {@link profileTypes}. */
  profileTypes?: ProfileTypesInput | undefined;
}

/** The name of a rule: its field in {@link UserRules}. */
export type RuleName = keyof UserRules;

/** A rule as it is sent: checked, sorted, without duplicates. */
export type RuleToSend =
  | { readonly name: "geographical"; readonly body: GeographicalRule }
  | { readonly name: "maxDistance"; readonly body: MaxDistanceRule }
  | { readonly name: "competences"; readonly body: CompetencesRule }
  | { readonly name: "contactProfiles"; readonly body: ContactProfilesRule }
  | { readonly name: "profileTypes"; readonly body: ProfileTypesRule };

/** In the order in which rules are sent. */
const READERS: { readonly [Name in RuleName]-?: (value: unknown, problem: Problem, origin: Origin) => unknown } = {
  geographical: readGeographical,
  maxDistance: readMaxDistance,
  competences: readCompetences,
  contactProfiles: readContactProfiles,
  profileTypes: readProfileTypes,
};

/**
 * The rules given, as they are sent, always in the same order.
 *
 * @throws {@link OpleadError} `invalid_input` that lists every problem of all the rules.
 */
export function readRules(rules: UserRules): RuleToSend[] {
  const issues: OpleadIssue[] = [];
  const read = tryRules(rules, (_rule, path, message) => {
    issues.push({ path, message });
  });
  if (issues.length > 0) throw invalid("invalid_input", "the rules are not valid", issues);
  return read;
}

/** Reads all rules and reports every problem, with the rule it is in; a name that is not a rule's has none. */
export function tryRules(
  rules: unknown,
  report: (rule: RuleName | undefined, path: string, message: string) => void,
): RuleToSend[] {
  if (!isRecord(rules)) {
    report(undefined, "", `must be an object of rules: ${ruleNames()}`);
    return [];
  }
  for (const name of Object.keys(rules)) {
    if (Object.hasOwn(READERS, name)) continue;
    report(undefined, pathOf("", name).slice(1), `is not a rule; rules are ${ruleNames()}`);
  }
  const read: RuleToSend[] = [];
  // Each reader gives the body of its own rule: the two casts say what the table's type says one by one.
  for (const name of Object.keys(READERS) as RuleName[]) {
    const value = rules[name];
    if (value === undefined) continue;
    const problem: Problem = (path, message) => report(name, name + path, message);
    read.push({ name, body: readRule(name, value, problem) } as RuleToSend);
  }
  return read;
}

function readRule(name: RuleName, value: unknown, problem: Problem): unknown {
  if (value === null) return problem("", "is null: leave it out to keep the rule as it is");
  if (!isBuilt(value, name)) return READERS[name](value, problem, "input");
  return READERS[name](value.toJSON(), problem, "wire");
}

function ruleNames(): string {
  return Object.keys(READERS).join(", ");
}
