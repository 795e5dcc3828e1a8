import { invalid } from "../core/errors.ts";
import { isMissing, type OpleadIssue, type ValueProblem, within } from "../core/issues.ts";
import { checkedBy, type Fields, report, type Schema, says } from "../core/validate.ts";
import * as z from "../core/zod.ts";
import { type RuleText, tellRule, tellValue } from "../locales/en/core.ts";

/**
 * Where a rule comes from. `"input"`: a person or a program wrote it, so codes must have their prefix and lists may not
 * be empty. `"wire"`: it is the wire form of a rule that was built, so an empty list clears the rule, codes may have
 * any prefix, and unknown fields, which Oplead may have added later, are ignored.
 */
export type Origin = "input" | "wire";

/**
 * Refuses a rule with issues. The path of each issue begins with the rule's name, because reports and answers to
 * webhooks show the path but not `what`.
 *
 * @throws {@link OpleadError} `invalid_input` if there are issues.
 */
export function requireValid(what: string, issues: readonly OpleadIssue[]): void {
  if (issues.length === 0) return;
  const [rule = ""] = what.split(/\W/, 1);
  const named = issues.map((issue) => (/^(\[|$)/.test(issue.path) ? within(rule, issue) : issue));
  throw invalid("invalid_input", `${what}: not a valid rule`, named);
}

/**
 * The schema of an object with these fields in which `problemOf` finds nothing wrong. In a rule of origin `"input"`,
 * unknown fields are refused: if a misspelt field were ignored, the rule would cover more than was meant.
 */
export function objectOf(
  origin: Origin,
  shape: Fields,
  problemOf: (value: unknown) => ValueProblem | undefined = () => undefined,
): Schema {
  const checkFields = checkedBy(z.object(shape));
  const notField = tellRule("not_rule_field", { known: Object.keys(shape) });
  return z.checked(z.custom(), (payload) => {
    const problem = problemOf(payload.value);
    if (problem) return report(payload, problem);
    for (const name of origin === "input" ? Object.keys(Object(payload.value)) : []) {
      if (!Object.hasOwn(shape, name)) report(payload, notField, pathOf(name));
    }
    checkFields(payload);
  });
}

/** The schema of a list. If `ifEmpty` is a problem, the list needs at least one item. */
export function listOf(item: Schema, ifEmpty: ValueProblem | undefined): Schema {
  const list = z.array(item, saysNoList());
  return ifEmpty ? z.checked(list, withItems(ifEmpty)) : list;
}

/** Reports a problem of an item, with its path inside the item. */
export type TellProblem = (problem: ValueProblem, path?: readonly PropertyKey[]) => void;

/**
 * The schema of a list whose items are checked by a function. Many users have hundreds of postcodes, and a schema for
 * each item would take ten times as long.
 */
export function checkedListOf(
  checkItem: (item: unknown, tell: TellProblem) => void,
  ifEmpty: ValueProblem | undefined,
): Schema {
  const list = z.custom<readonly unknown[]>(Array.isArray, saysNoList());
  return z.checked(ifEmpty ? z.checked(list, withItems(ifEmpty)) : list, (payload) => {
    const items = payload.value;
    let index = 0;
    const tell: TellProblem = (problem, path = []) => report(payload, problem, [index, ...path]);
    for (; index < items.length; index += 1) checkItem(items[index], tell);
  });
}

const saysNoList = () => says((value) => tellValue(isMissing(value) ? "required" : "not_list"));

const withItems = (ifEmpty: ValueProblem) => z.refine<readonly unknown[]>((items) => items.length > 0, says(ifEmpty));

/**
 * The schema of a list that clears its rule if it is empty. In a rule of origin `"input"` it may not be empty: to clear
 * a rule, use the builder's `none`.
 */
export function clearingListOf(origin: Origin, item: Schema, none: string): Schema {
  return listOf(item, ifCleared(origin, none));
}

/**
 * The problem to report for an empty list that would clear its rule; undefined for the origin `"wire"`, which allows
 * such a list.
 */
export function ifCleared(origin: Origin, none: string): ValueProblem | undefined {
  return origin === "input" ? tellRule("empty_rule", { none }) : undefined;
}

/**
 * Why a value is not a valid text for a rule; undefined if it is. Text copied from a page or a spreadsheet may hold
 * invisible characters, which make it a different text. The form of a postcode differs by country; in some countries it
 * holds a space.
 */
export function textProblem(value: unknown, kind: RuleText): ValueProblem | undefined {
  if (typeof value === "string" && USUAL.test(value)) return undefined;
  if (isMissing(value)) return tellValue("required");
  if (typeof value === "number") return tellRule("number_for_text", { kind });
  if (typeof value !== "string") return tellValue("not_text");
  if (value === "") return tellValue("empty");
  const odd = kind === "zipCode" ? /^ | $| {2}|[^\S ]|\p{C}/u : /\s|\p{C}/u;
  return odd.test(value) ? tellRule("spaces", { kind }) : undefined;
}

/** Matches nearly every text of a rule. This test is faster than the search for invisible characters. */
const USUAL = /^[\w-]+$/;

/** The path of a field. Field names can come from outside, so a name is shown only if it looks like a field's name. */
export function pathOf(name: string): string[] {
  return /^\w{1,40}$/.test(name) ? [name] : [];
}

/** Sorts in the order of code units, which is the same in every locale. */
export function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  // Sorts the keys without a comparison function, because that is faster and this function runs for every rule of every
  // user.
  return [...map.keys()].sort().map((name) => [name, map.get(name) as Value]);
}
