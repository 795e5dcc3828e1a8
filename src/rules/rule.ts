import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { type FindIssues, issueFinder, type Schema } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellRule } from "../locales/en/core.ts";
import { type Origin, requireValid } from "./schemas.ts";
import type { RuleBodies, RuleName } from "./types.ts";

/**
 * A rule that was built and checked. Immutable. `JSON.stringify` gives what is sent; the rule's `parse` reads it back.
 */
export interface Rule<Name extends RuleName> {
  /** Name of the rule's field in {@link UserRules}. */
  readonly rule: Name;
  /** Wire form: sorted and without duplicates, so equal rules have equal bytes. */
  toJSON(): RuleBodies[Name];
}

// Stands for a rule to which nothing was added: an empty list would clear the rule.
export const NOTHING_ADDED: object = /* @__PURE__ */ Object.freeze({});

export function built<Name extends RuleName>(rule: Name, body: RuleBodies[Name]): Rule<Name> {
  return new BuiltRule(rule, freeze(body));
}

// The rule may be built by another copy of the package, so its form is compared and not its class.
export function isBuilt<Name extends RuleName>(value: unknown, rule: Name): value is Rule<Name> {
  return isObject(value) && value.rule === rule && typeof value.toJSON === "function";
}

// A rule of this class was checked when it was built, and is immutable.
export abstract class CheckedRule {}

// `toJSON` is on the prototype, so that comparing and printing a rule shows only its data.
class BuiltRule<Name extends RuleName> extends CheckedRule implements Rule<Name> {
  readonly rule: Name;
  readonly body: RuleBodies[Name];

  constructor(rule: Name, body: RuleBodies[Name]) {
    super();
    this.rule = rule;
    this.body = body;
    Object.freeze(this);
  }

  toJSON(): RuleBodies[Name] {
    return this.body;
  }
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

interface SentRule<Name extends RuleName> {
  readonly name: Name;
  readonly body: RuleBodies[Name];
}

interface RuleDefinition<Name extends RuleName, Path extends string, Plain> {
  readonly name: Name;
  // The path as the OpenAPI document writes it.
  readonly path: Path;
  readonly schema: (origin: Origin) => Schema;
  // The body is sorted and without duplicates, so equal rules have equal bytes.
  readonly toBody: (valid: Plain) => RuleBodies[Name];
}

// Describes a rule for sending. How coverage evaluates the rule is in coverage/rules/.
export interface RuleDescriptor<Name extends RuleName, Path extends string, Plain>
  extends Pick<RuleDefinition<Name, Path, Plain>, "name" | "path" | "toBody"> {
  // Returns undefined if there is a problem.
  read(given: unknown, report: (issue: OpleadIssue) => unknown): SentRule<Name> | undefined;
  // Reported paths are relative to the rule.
  readPlain(plain: unknown, origin: Origin, report: (issue: OpleadIssue) => unknown): SentRule<Name> | undefined;
}

export function describeRule<Name extends RuleName, Path extends string, Plain>(
  rule: RuleDefinition<Name, Path, Plain>,
): RuleDescriptor<Name, Path, Plain> {
  const { name, path, schema, toBody } = rule;
  const find: Readonly<Record<Origin, FindIssues>> = {
    input: issueFinder(() => schema("input")),
    wire: issueFinder(() => schema("wire")),
  };
  const described: RuleDescriptor<Name, Path, Plain> = {
    name,
    path,
    toBody,
    read(given, report) {
      if (isBuilt(given, name)) {
        const wire = given.toJSON();
        const isChecked = given instanceof CheckedRule && wire !== NOTHING_ADDED;
        return isChecked ? { name, body: wire } : described.readPlain(wire, "wire", report);
      }
      if (given !== null) return described.readPlain(given, "input", report);
      report(issueAt("", tellRule("null_rule")));
      return undefined;
    },
    readPlain(plain, origin, report) {
      const issues = find[origin](plain);
      for (const issue of issues) report(issue);
      // Safe: without issues, the value fits the schema.
      return issues.length === 0 ? { name, body: toBody(plain as Plain) } : undefined;
    },
  };
  return described;
}

type Described<Name extends RuleName> = Pick<RuleDescriptor<Name, string, never>, "name" | "readPlain">;

export function build<Name extends RuleName>(
  { name, readPlain }: Described<Name>,
  plain: unknown,
  origin: Origin = "input",
): Rule<Name> {
  const issues: OpleadIssue[] = [];
  const read = readPlain(plain, origin, (issue) => issues.push(issue));
  requireValid(origin === "wire" ? `${name}.parse` : name, issues);
  // Safe: without issues, `read` is defined.
  return built(name, read?.body as RuleBodies[Name]);
}

export function clearable<Name extends "contactProfiles" | "profileTypes">(rule: Described<Name>) {
  return { none: () => built(rule.name, []), parse: (wire: unknown) => build(rule, wire, "wire") };
}
