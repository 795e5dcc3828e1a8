import { isObject } from "../base/validation/is-object.ts";

/**
 * A rule that has been built and checked. Immutable: what a builder's method returns is another one. `JSON.stringify`
 * gives what is sent; the rule's `parse` reads it back.
 */
export interface Rule<Name extends string, Body> {
  /** Which rule this is: its field in {@link UserRules}. */
  readonly rule: Name;
  /** The rule as it is sent: sorted, without duplicates, so equal rules are equal bytes. */
  toJSON(): Body;
}

/** What hangs on the builder of a rule that can be cleared. @experimental */
export interface ClearableRuleFactory<BuiltRule> {
  /**
   * Reads a wire form back. Fields it does not know are passed over.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): BuiltRule;
  /** None, on purpose: clears the rule (that an empty list does so is assumed). */
  none(): BuiltRule;
}

/** A builder to which nothing was added, in JSON. Not an empty list, which would clear the rule. */
export const NOTHING_ADDED: object = /* @__PURE__ */ Object.freeze({});

/** A rule whose wire form is all there is to it. */
export function built<Name extends string, Body>(rule: Name, body: Body): Rule<Name, Body> {
  return new BuiltRule(rule, freeze(body));
}

/** Whether a value was made by the builders of a rule, by this copy of the package or by another. */
export function isBuilt<Name extends string>(value: unknown, rule: Name): value is Rule<Name, unknown> {
  return isObject(value) && value.rule === rule && typeof value.toJSON === "function";
}

/** A rule made by the builders of this copy of the package: it was checked when it was built, and has not changed since. */
export abstract class CheckedRule {}

// A class, so that the data is all there is to compare and to print.
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
