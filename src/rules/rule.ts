import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { type FindIssues, issueFinder, type Schema } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellRule } from "../locales/en/core.ts";
import { type Origin, requireValid } from "./schemas.ts";

/**
 * A rule that has been built and checked. A rule never changes: a builder's method returns a new rule. `JSON.stringify`
 * gives the rule as it is sent; the rule's `parse` reads it back.
 */
export interface Rule<Name extends string, Body> {
  /** Which rule this is: its field in {@link UserRules}. */
  readonly rule: Name;
  /** The wire form of the rule: sorted and without duplicates, so equal rules have equal bytes. */
  toJSON(): Body;
}

/** The functions of a builder whose rule can be cleared, besides those that build the rule. @experimental */
export interface ClearableRuleFactory<BuiltRule> {
  /**
   * Makes a rule from its wire form. Unknown fields are ignored.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): BuiltRule;
  /** Makes an empty rule on purpose. Sending it clears the rule (assumed). */
  none(): BuiltRule;
}

/** The JSON of a builder to which nothing was added. It is not an empty list, because that would clear the rule. */
export const NOTHING_ADDED: object = /* @__PURE__ */ Object.freeze({});

/** Makes a rule that holds its wire form and nothing else. */
export function built<Name extends string, Body>(rule: Name, body: Body): Rule<Name, Body> {
  return new BuiltRule(rule, freeze(body));
}

/** Whether a value was made by the builder of this rule, in this copy of the package or in a second one. */
export function isBuilt<Name extends string>(value: unknown, rule: Name): value is Rule<Name, unknown> {
  return isObject(value) && value.rule === rule && typeof value.toJSON === "function";
}

/**
 * The class of rules made by the builders of this copy of the package. Such a rule was checked when it was built, and
 * cannot change.
 */
export abstract class CheckedRule {}

// A built rule is an instance of a class, so that `toJSON` is on the prototype: comparing and printing a rule then
// shows only its data.
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

/** A rule in the form in which it is sent: checked, sorted, without duplicates. */
interface SentRule<Name extends string, Body> {
  readonly name: Name;
  readonly body: Body;
}

interface RuleDefinition<Name extends string, Path extends string, Plain, Body> {
  /** The rule's field in {@link UserRules}. */
  readonly name: Name;
  /** The path at which the rule is set, as the OpenAPI document writes it. */
  readonly path: Path;
  /** Describes the plain data that the rule accepts. */
  readonly schema: (origin: Origin) => Schema;
  /**
   * Turns a value that fits the schema into the wire form: sorted and without duplicates, so equal rules have equal
   * bytes.
   */
  readonly toBody: (valid: Plain) => Body;
}

/**
 * What the package knows about one assignment rule. The rule's builder, in the file of the descriptor, is made from it.
 * The code that evaluates the rule for coverage is in coverage/rules/.
 */
export interface RuleDescriptor<Name extends string, Path extends string, Plain, Body>
  extends Pick<RuleDefinition<Name, Path, Plain, Body>, "name" | "path" | "toBody"> {
  /**
   * Reads plain data, or a rule that a builder made. Reports every problem. Returns undefined if there is a problem.
   */
  read(given: unknown, report: (issue: OpleadIssue) => unknown): SentRule<Name, Body> | undefined;
  /** Reads plain data. The paths of reported problems are relative to the rule. */
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
        // A rule made by a builder of this copy of the package is checked and sorted already.
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
      // The cast is safe: without issues, the value fits the schema.
      return issues.length === 0 ? { name, body: toBody(plain as Plain) } : undefined;
    },
  };
  return described;
}

type Described<Name extends string, Body> = Pick<RuleDescriptor<Name, string, never, Body>, "name" | "readPlain">;

/**
 * Builds a rule from plain data.
 *
 * @throws {@link OpleadError} `invalid_input`, with every problem.
 */
export function build<Name extends string, Body>(
  { name, readPlain }: Described<Name, Body>,
  plain: unknown,
  origin: Origin = "input",
): Rule<Name, Body> {
  const issues: OpleadIssue[] = [];
  const read = readPlain(plain, origin, (issue) => issues.push(issue));
  requireValid(origin === "wire" ? `${name}.parse` : name, issues);
  // The cast is safe: without issues, `read` is defined.
  return built(name, read?.body as Body);
}

/** The functions `parse` and `none` of a builder whose rule is a list. */
export function clearable<Name extends string, Item>(
  rule: Described<Name, readonly Item[]>,
): ClearableRuleFactory<Rule<Name, readonly Item[]>> {
  return { none: () => built(rule.name, []), parse: (wire) => build(rule, wire, "wire") };
}
