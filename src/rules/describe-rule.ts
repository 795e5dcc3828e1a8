import { issueAt, type OpleadIssue } from "../base/issues.ts";
import { type FindIssues, issueFinder, type Schema } from "../base/validation/validate.ts";
import { tellRule } from "../locales/en/core.ts";
import { CheckedRule, isBuilt, NOTHING_ADDED } from "./rule.ts";
import type { Origin } from "./schemas.ts";

/** A rule as it is sent: checked, sorted, without duplicates. */
export interface SentRule<Name extends string, Body> {
  readonly name: Name;
  readonly body: Body;
}

interface RuleDefinition<Name extends string, Path extends string, Plain, Body> {
  /** Its field in {@link UserRules}. */
  readonly name: Name;
  /** Where it is set, as the OpenAPI document writes it. */
  readonly path: Path;
  /** Describes the plain data that is taken. */
  readonly schema: (origin: Origin) => Schema;
  /** A value that fits the schema, as it is sent: sorted, without duplicates, so equal rules are equal bytes. */
  readonly toBody: (valid: Plain) => Body;
}

/**
 * All that the package knows about one assignment rule: the builder beside it is made from this. How coverage evaluates it is in
 * coverage/rules/.
 */
export interface RuleDescriptor<Name extends string, Path extends string, Plain, Body>
  extends Pick<RuleDefinition<Name, Path, Plain, Body>, "name" | "path" | "toBody"> {
  /** Reads plain data, or what a builder made. Reports every problem; the rule is undefined then. */
  read(given: unknown, report: (issue: OpleadIssue) => unknown): SentRule<Name, Body> | undefined;
  /** Reads plain data, with paths inside the rule. */
  readPlain(plain: unknown, origin: Origin, report: (issue: OpleadIssue) => unknown): SentRule<Name, Body> | undefined;
}

export function describeRule<Name extends string, Path extends string, Plain, Body>(
  rule: RuleDefinition<Name, Path, Plain, Body>,
): RuleDescriptor<Name, Path, Plain, Body> {
  const { name, path, schema, toBody } = rule;
  const find: Readonly<Record<Origin, FindIssues>> = {
    input: issueFinder(() => schema("input")),
    wire: issueFinder(() => schema("wire")),
  };
  const described: RuleDescriptor<Name, Path, Plain, Body> = {
    name,
    path,
    toBody,
    read(given, report) {
      if (isBuilt(given, name)) {
        const wire = given.toJSON();
        // A rule of a builder of this copy is sorted already.
        const isChecked = given instanceof CheckedRule && wire !== NOTHING_ADDED;
        return isChecked ? { name, body: wire as Body } : described.readPlain(wire, "wire", report);
      }
      if (given !== null) return described.readPlain(given, "input", report);
      report(issueAt("", tellRule("null_rule")));
      return undefined;
    },
    readPlain(plain, origin, report) {
      const issues = find[origin](plain);
      for (const issue of issues) report(issue);
      // The schema has found that it is what the rule takes.
      return issues.length === 0 ? { name, body: toBody(plain as Plain) } : undefined;
    },
  };
  return described;
}
