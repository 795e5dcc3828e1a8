import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue, within } from "../core/issues.ts";
import { type StandardSchema, standardSchema } from "../core/validate.ts";
import { isRecord } from "../core/values.ts";
import { tellRule } from "../locales/en/core.ts";
import { type CompetencesInput, competencesRule } from "./competences.ts";
import { type ContactProfilesInput, contactProfilesRule } from "./contact-profiles.ts";
import { type GeographicalInput, geographicalRule } from "./geographical.ts";
import { type MaxDistanceInput, maxDistanceRule } from "./max-distance.ts";
import { type ProfileTypesInput, profileTypesRule } from "./profile-types.ts";
import type { Rule } from "./rule.ts";
import { pathOf } from "./schemas.ts";
import type { RuleName } from "./types.ts";

export type { RuleName };

/**
 * The rules that decide which leads a user gets (guide, lead assignment rules), each as plain data or made by its
 * builder. A rule that is left out, or undefined, is not sent, so Oplead keeps the user's present rule. A rule has an
 * effect only where it is enabled for the platform. The fields can be assigned, so that the rules of a user can be
 * collected one by one.
 */
export interface UserRules {
  /** The countries, counties and postcodes covered. See {@link geographical}. */
  geographical?: GeographicalInput | undefined;
  /** How far away a lead may be, in kilometres. See {@link maxDistance}. */
  maxDistance?: MaxDistanceInput | undefined;
  /** The ranges handled, or pairs of range and request type. See {@link competences}. */
  competences?: CompetencesInput | undefined;
  /** The contact profiles handled. See {@link contactProfiles}. */
  contactProfiles?: ContactProfilesInput | undefined;
  /** The kinds of contacts handled: professionals, individuals, or both. See {@link profileTypes}. */
  profileTypes?: ProfileTypesInput | undefined;
}

/** The list of all rules, in the order in which they are sent. Code that handles every rule iterates over this list. */
export const RULES = {
  geographical: geographicalRule,
  maxDistance: maxDistanceRule,
  competences: competencesRule,
  contactProfiles: contactProfilesRule,
  profileTypes: profileTypesRule,
} satisfies { readonly [Name in RuleName | keyof UserRules]: Described<Name> };

/** The type of the descriptors: the code compiles only if `RULES` and {@link UserRules} have the same rules. */
interface Described<Name extends keyof UserRules> {
  readonly name: Name;
  toBody(plain: Exclude<UserRules[Name], undefined | Rule<Name, unknown>>): unknown;
}

type Rules = typeof RULES;

/** The path of a rule in the OpenAPI document. */
export type RulePath<Name extends RuleName> = Rules[Name]["path"];

/** A rule as it is sent: checked, sorted, without duplicates. */
export type RuleToSend = NonNullable<ReturnType<Rules[RuleName]["read"]>>;

/** The body of a rule, as it is sent. */
export type RuleBody<Name extends RuleName> = NonNullable<ReturnType<Rules[Name]["read"]>>["body"];

/** The names of all rules. */
export const ruleNames: readonly RuleName[] = /* @__PURE__ */ namesOf(RULES);

/**
 * The list of names is made by a call, so that bundlers can leave it out: a program that imports one builder then does
 * not bundle all rules.
 */
function namesOf(rules: Rules): RuleName[] {
  return Object.values(rules).map(({ name }) => name);
}

/**
 * The given rules as they are sent to Oplead, in the order of {@link RULES}.
 *
 * @throws {@link OpleadError} `invalid_input` that lists every problem of all the rules.
 */
export function readRules(rules: UserRules): RuleToSend[] {
  const issues: OpleadIssue[] = [];
  const read = tryRules(rules, (_rule, issue) => issues.push(issue));
  if (issues.length > 0) throw invalid("invalid_input", "the rules are not valid", issues);
  return read;
}

/**
 * Reads all rules. Reports every problem with the name of its rule; the name is undefined if no rule has the given
 * name.
 */
export function tryRules(
  rules: unknown,
  report: (rule: RuleName | undefined, issue: OpleadIssue) => unknown,
): RuleToSend[] {
  if (!isRecord(rules)) {
    report(undefined, issueAt("", tellRule("not_rules", { known: ruleNames })));
    return [];
  }
  for (const name of Object.keys(rules)) {
    if (!Object.hasOwn(RULES, name))
      report(undefined, issueAt(pathOf(name).join(), tellRule("not_rule", { known: ruleNames })));
  }
  const read: RuleToSend[] = [];
  for (const name of ruleNames) {
    if (rules[name] === undefined) continue;
    const rule = RULES[name].read(rules[name], (issue) => report(name, within(name, issue)));
    if (rule) read.push(rule);
  }
  return read;
}

/** A check for each rule. */
export type RuleSchemas = { readonly [Name in RuleName]-?: StandardSchema<NonNullable<UserRules[Name]>> };

/**
 * The check of each rule as a Standard Schema. It accepts the same values as `rules` of a user: plain data, or a rule
 * that a builder made. Use it in a form, or in a tool that composes schemas.
 *
 * @example
 * ```ts
 * ruleSchemas.maxDistance["~standard"].validate(30)
 * ```
 */
export const ruleSchemas: RuleSchemas = /* @__PURE__ */ schemasOf();

function schemasOf(): RuleSchemas {
  const entries = Object.values(RULES).map(({ name, read }) => {
    const find = (value: unknown): OpleadIssue[] => {
      const issues: OpleadIssue[] = [];
      read(value, (issue) => issues.push(issue));
      return issues;
    };
    return [name, standardSchema<unknown>(find)];
  });
  // The cast is safe: there is one entry for each descriptor, under its name.
  return Object.fromEntries(entries) as RuleSchemas;
}
