import type { OpleadIssue } from "../base/issues.ts";
import { type StandardSchema, standardSchema } from "../base/validation/standard-schema.ts";
import { RULES, type RuleName, type UserRules } from "./rules.ts";

/** A check for each rule. */
export type RuleSchemas = { readonly [Name in RuleName]-?: StandardSchema<NonNullable<UserRules[Name]>> };

/**
 * The check of each rule as a Standard Schema: it takes what `rules` of a user takes, plain data or what a builder made. For a
 * form, or a tool that composes schemas.
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
  // One for each descriptor, by its name.
  return Object.fromEntries(entries) as RuleSchemas;
}
