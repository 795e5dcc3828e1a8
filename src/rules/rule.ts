import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { type FindIssues, issueFinder, type Schema } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellRule } from "../locales/en/core.ts";
import { type Origin, requireValid } from "./schemas.ts";

/**
 * A rule that was built and checked. Immutable. `JSON.stringify` gives what is sent; the rule's `parse` reads it back.
 */
export interface Rule<Name extends string, Body> {
  /** Name of the rule's field in {@link UserRules}. */
  readonly rule: Name;
  /** Wire form: sorted and without duplicates, so equal rules have equal bytes. */
  toJSON(): Body;
}

/**
 * What a builder has beside its function, if its rule can be cleared.
 * @experimental
 */
export interface ClearableRuleFactory<BuiltRule> {
  /**
   * Makes a rule from its wire form. Unknown fields are ignored.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): BuiltRule;
  /** An empty rule on purpose. Sending it clears the rule (assumed). */
  none(): BuiltRule;
}

// Stands for a rule to which nothing was added: an empty list would clear the rule.
export const NOTHING_ADDED: object = /* @__PURE__ */ Object.freeze({});

export function built<Name extends string, Body>(rule: Name, body: Body): Rule<Name, Body> {
  return new BuiltRule(rule, freeze(body));
}

// The rule may be built by another copy of the package, so its form is compared and not its class.
export function isBuilt<Name extends string>(value: unknown, rule: Name): value is Rule<Name, unknown> {
  return isObject(value) && value.rule === rule && typeof value.toJSON === "function";
}

// A rule of this class was checked when it was built, and is immutable.
export abstract class CheckedRule {}

// `toJSON` is on the prototype, so that comparing and printing a rule shows only its data.
class BuiltRule<Name extends string, Body> extends CheckedRule implements Rule<Name, Body> {
  readonly rule: Name;
  readonly body: Body;

  constructor(rule: Name, body: Body) {
    super();
    this.rule = rule;
    this.body = body;
    Object.freeze(this);
  }

  toJSON(): Body {
    return this.body;
  }
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

interface SentRule<Name extends string, Body> {
  readonly name: Name;
  readonly body: Body;
}

interface RuleDefinition<Name extends string, Path extends string, Plain, Body> {
  readonly name: Name;
  // The path as the OpenAPI document writes it.
  readonly path: Path;
  readonly schema: (origin: Origin) => Schema;
  // The body is sorted and without duplicates, so equal rules have equal bytes.
  readonly toBody: (valid: Plain) => Body;
}

// Describes a rule for sending. How coverage evaluates the rule is in coverage/rules/.
export interface RuleDescriptor<Name extends string, Path extends string, Plain, Body>
  extends Pick<RuleDefinition<Name, Path, Plain, Body>, "name" | "path" | "toBody"> {
  // Returns undefined if there is a problem.
  read(given: unknown, report: (issue: OpleadIssue) => unknown): SentRule<Name, Body> | undefined;
  // Reported paths are relative to the rule.
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
      // Safe: without issues, the value fits the schema.
      return issues.length === 0 ? { name, body: toBody(plain as Plain) } : undefined;
    },
  };
  return described;
}

type Described<Name extends string, Body> = Pick<RuleDescriptor<Name, string, never, Body>, "name" | "readPlain">;

export function build<Name extends string, Body>(
  { name, readPlain }: Described<Name, Body>,
  plain: unknown,
  origin: Origin = "input",
): Rule<Name, Body> {
  const issues: OpleadIssue[] = [];
  const read = readPlain(plain, origin, (issue) => issues.push(issue));
  requireValid(origin === "wire" ? `${name}.parse` : name, issues);
  // Safe: without issues, `read` is defined.
  return built(name, read?.body as Body);
}

export function clearable<Name extends string, Item>(
  rule: Described<Name, readonly Item[]>,
): ClearableRuleFactory<Rule<Name, readonly Item[]>> {
  return { none: () => built(rule.name, []), parse: (wire) => build(rule, wire, "wire") };
}
