import * as z from "zod/mini";
import { invalid } from "../core/errors.ts";
import { isMissing, type OpleadIssue, type ValueProblem } from "../core/issues.ts";
import { checkedBy, type Fields, report, type Schema, says } from "../core/validate.ts";
import { type RuleText, tellRule, tellValue } from "../locales/en/core.ts";

/**
 * Where a rule comes from. `"input"`: a person or a program wrote it, so codes must have their prefix and lists may not be empty.
 * `"wire"`: the wire form of a rule that was built, so an empty list clears the rule, codes may have other prefixes, and fields that a
 * later Oplead added are passed over.
 */
export type Origin = "input" | "wire";

/** @throws {@link OpleadError} `invalid_input`, unless there are no issues. */
export function requireValid(what: string, issues: readonly OpleadIssue[]): void {
  if (issues.length > 0) throw invalid("invalid_input", `${what}: not a valid rule`, issues);
}

/**
 * An object with these fields in which `problemOf` finds nothing wrong. Input may have no other fields: if a misspelt one were ignored,
 * the rule would cover more than was meant.
 */
export function objectOf(
  origin: Origin,
  shape: Fields,
  problemOf: (value: unknown) => ValueProblem | undefined = () => undefined,
): Schema {
  const checkFields = checkedBy(z.object(shape));
  const notField = tellRule("not_rule_field", { known: Object.keys(shape) });
  return z.custom().check((payload) => {
    const problem = problemOf(payload.value);
    if (problem) return report(payload, problem);
    for (const name of origin === "input" ? Object.keys(Object(payload.value)) : []) {
      if (!Object.hasOwn(shape, name)) report(payload, notField, pathOf(name));
    }
    checkFields(payload);
  });
}

/** A list, with at least one item if an empty one is a problem. */
export function listOf(item: Schema, ifEmpty: ValueProblem | undefined): Schema {
  const list = z.array(item, saysNoList());
  return ifEmpty ? list.check(withItems(ifEmpty)) : list;
}

/** Tells a problem of an item, with its path in the item. */
export type TellProblem = (problem: ValueProblem, path?: readonly PropertyKey[]) => void;

/** A list whose items a function checks. A schema for each item takes ten times as long, and many users have hundreds of postcodes. */
export function checkedListOf(
  checkItem: (item: unknown, tell: TellProblem) => void,
  ifEmpty: ValueProblem | undefined,
): Schema {
  const list = z.custom<readonly unknown[]>(Array.isArray, saysNoList());
  return (ifEmpty ? list.check(withItems(ifEmpty)) : list).check((payload) => {
    const items = payload.value;
    let index = 0;
    const tell: TellProblem = (problem, path = []) => report(payload, problem, [index, ...path]);
    for (; index < items.length; index += 1) checkItem(items[index], tell);
  });
}

const saysNoList = () => says((value) => tellValue(isMissing(value) ? "required" : "not_list"));

const withItems = (ifEmpty: ValueProblem) => z.refine<readonly unknown[]>((items) => items.length > 0, says(ifEmpty));

/** A list that clears its rule if it is empty. Input must say so with the call `none`. */
export function clearingListOf(origin: Origin, item: Schema, none: string): Schema {
  return listOf(item, ifCleared(origin, none));
}

/** The problem of an empty list that clears its rule. */
export function ifCleared(origin: Origin, none: string): ValueProblem | undefined {
  return origin === "input" ? tellRule("empty_rule", { none }) : undefined;
}

/**
 * Why a value is not a text of a rule, or undefined. Invisible characters come with text that was copied from a page or a spreadsheet, and
 * make a different text of it. The form of a postcode differs by country; in some it holds a space.
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

/** Nearly every text of a rule. This test is faster than the search for odd characters. */
const USUAL = /^[\w-]+$/;

/** The path of a field. Field names come from outside too, so only a text that looks like a name is shown. */
export function pathOf(name: string): string[] {
  return /^\w{1,40}$/.test(name) ? [name] : [];
}

/** In the order of code units, which is the same in every locale. */
export function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  // Names alone, without a function that compares them: this runs for every rule of every user.
  return [...map.keys()].sort().map((name) => [name, map.get(name) as Value]);
}
