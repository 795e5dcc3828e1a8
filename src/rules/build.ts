import type { OpleadIssue } from "../base/issues.ts";
import type { RuleDescriptor } from "./describe-rule.ts";
import { built, type ClearableRuleFactory, type Rule } from "./rule.ts";
import { type Origin, requireValid } from "./schemas.ts";

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
  // Without issues it was read.
  return built(name, read?.body as Body);
}

/** The functions that hang on the builder of a list that may be cleared. */
export function clearable<Name extends string, Item>(
  rule: Described<Name, readonly Item[]>,
): ClearableRuleFactory<Rule<Name, readonly Item[]>> {
  return { none: () => built(rule.name, []), parse: (wire) => build(rule, wire, "wire") };
}
