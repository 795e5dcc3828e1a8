import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue, within } from "../core/issues.ts";
import { type StandardSchema, standardSchema } from "../core/validate.ts";
import { isRecord } from "../core/values.ts";
import { tellRule } from "../locales/en/core.ts";
import type { CodeText } from "./codes.ts";
import { competencesRule } from "./competences.ts";
import { contactProfilesRule } from "./contact-profiles.ts";
import { type GeographicalBuilder, geographicalRule } from "./geographical.ts";
import { maxDistanceRule } from "./max-distance.ts";
import { profileTypesRule } from "./profile-types.ts";
import type { Rule } from "./rule.ts";
import { pathOf } from "./schemas.ts";
import type { RuleBodies, RuleName } from "./types.ts";

export type { RuleName };

/**
 * The rules that decide which leads a user gets (guide, lead assignment rules), each as plain data or from its builder.
 * A rule that is left out, or undefined, is not sent: Oplead keeps the present one. A rule has an effect only where the
 * platform has enabled it. Fields can be assigned one by one.
 */
export interface UserRules {
  /** What the user covers: from {@link geographical}, or the wire form. */
  geographical?: GeographicalBuilder | RuleBodies["geographical"] | undefined;
  /** Largest distance to a lead: kilometres, the wire form, or from {@link maxDistance}. */
  maxDistance?: number | RuleBodies["maxDistance"] | Rule<"maxDistance"> | undefined;
  /** Ranges, or pairs of range and request type: the wire form, or from {@link competences}. */
  competences?:
    | readonly { readonly range: { readonly code: CodeText<"RNG"> }; readonly requestType?: undefined }[]
    | readonly {
        readonly range: { readonly code: CodeText<"RNG"> };
        readonly requestType: { readonly code: CodeText<"RTY"> };
      }[]
    | Rule<"competences">
    | undefined;
  /** Codes, the wire form, or from {@link contactProfiles}. */
  contactProfiles?:
    | readonly (CodeText<"CPR"> | { readonly code: CodeText<"CPR"> })[]
    | Rule<"contactProfiles">
    | undefined;
  /** Kinds of contacts: the wire form, or from {@link profileTypes}. */
  profileTypes?: RuleBodies["profileTypes"] | Rule<"profileTypes"> | undefined;
}

// The rules in the order in which they are sent.
export const RULES = {
  geographical: geographicalRule,
  maxDistance: maxDistanceRule,
  competences: competencesRule,
  contactProfiles: contactProfilesRule,
  profileTypes: profileTypesRule,
} satisfies { readonly [Name in RuleName | keyof UserRules]: Described<Name> };

// Compiles only if `RULES` and `UserRules` have the same rules.
interface Described<Name extends keyof UserRules> {
  readonly name: Name;
  toBody(plain: Exclude<UserRules[Name], undefined | Rule<Name>>): unknown;
}

type Rules = typeof RULES;

export type RulePath<Name extends RuleName> = Rules[Name]["path"];

export type RuleToSend = NonNullable<ReturnType<Rules[RuleName]["read"]>>;

export type RuleBody<Name extends RuleName> = RuleBodies[Name];

export const ruleNames: readonly RuleName[] = /* @__PURE__ */ namesOf(RULES);

// The names come from a call, so that a program that imports one builder does not bundle all rules.
function namesOf(rules: Rules): RuleName[] {
  return Object.values(rules).map(({ name }) => name);
}

export function readRules(rules: UserRules): RuleToSend[] {
  const issues: OpleadIssue[] = [];
  const read = tryRules(rules, (_rule, issue) => issues.push(issue));
  if (issues.length > 0) throw invalid("invalid_input", "the rules are not valid", issues);
  return read;
}

// `rule` is undefined if no rule has that name.
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

/**
 * The check of each rule as a Standard Schema. It accepts what `rules` of a user accepts: plain data, or a rule
 * that a builder made. Use it in a form, or in a tool that composes schemas.
 *
 * @example
 * ```ts
 * ruleSchemas.maxDistance["~standard"].validate(30)
 * ```
 */
export const ruleSchemas: { readonly [Name in RuleName]-?: StandardSchema<NonNullable<UserRules[Name]>> } =
  /* @__PURE__ */ schemasOf();

/**
 * The check of all rules of a user as a Standard Schema: of each rule, and that no other key is there. Beside
 * {@link userSchema} it checks what an admin API takes.
 */
export const userRulesSchema: StandardSchema<UserRules> = /* @__PURE__ */ standardSchema((rules) => {
  const issues: OpleadIssue[] = [];
  tryRules(rules, (_rule, issue) => issues.push(issue));
  return issues;
});

function schemasOf(): typeof ruleSchemas {
  const entries = Object.values(RULES).map(({ name, read }) => {
    const find = (value: unknown): OpleadIssue[] => {
      const issues: OpleadIssue[] = [];
      read(value, (issue) => issues.push(issue));
      return issues;
    };
    return [name, standardSchema<unknown>(find)];
  });
  // Safe: each descriptor has an entry under its name.
  return Object.fromEntries(entries) as typeof ruleSchemas;
}
