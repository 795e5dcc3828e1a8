import { invalid } from "../core/errors.ts";
import { isMissing, type OpleadIssue, type ValueProblem, within } from "../core/issues.ts";
import { checkedBy, type Fields, report, type Schema, says } from "../core/validate.ts";
import * as z from "../core/zod.ts";
import { type RuleText, tellRule, tellValue } from "../locales/en/core.ts";

// `"input"`: a person or program wrote the rule, so codes need their prefix, and no list is empty. `"wire"`: the rule
// was built before, so an empty list clears it, codes may have any prefix, and unknown fields are ignored.
export type Origin = "input" | "wire";

// The paths of issues begin with the rule's name, because reports and answers to webhooks show them without `what`.
export function requireValid(what: string, issues: readonly OpleadIssue[]): void {
  if (issues.length === 0) return;
  const [rule = ""] = what.split(/\W/, 1);
  const named = issues.map((issue) => (/^(\[|$)/.test(issue.path) ? within(rule, issue) : issue));
  throw invalid("invalid_input", `${what}: not a valid rule`, named);
}

// Unknown fields of an `"input"` are refused: a misspelt field would make the rule cover more than was meant.
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

export function listOf(item: Schema, ifEmpty: ValueProblem | undefined): Schema {
  const list = z.array(item, saysNoList());
  return ifEmpty ? z.checked(list, withItems(ifEmpty)) : list;
}

export type TellProblem = (problem: ValueProblem, path?: readonly PropertyKey[]) => void;

// Items are checked by a function: a schema for each item takes ten times as long, and many users have hundreds of
// postcodes.
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

export function clearingListOf(origin: Origin, item: Schema, none: string): Schema {
  return listOf(item, ifCleared(origin, none));
}

export function ifCleared(origin: Origin, none: string): ValueProblem | undefined {
  return origin === "input" ? tellRule("empty_rule", { none }) : undefined;
}

// A text must not hold invisible characters, which copied text may have. The form of a postcode is not checked: it
// differs by country, and may have a space.
export function textProblem(value: unknown, kind: RuleText): ValueProblem | undefined {
  if (typeof value === "string" && USUAL.test(value)) return undefined;
  if (isMissing(value)) return tellValue("required");
  if (typeof value === "number") return tellRule("number_for_text", { kind });
  if (typeof value !== "string") return tellValue("not_text");
  if (value === "") return tellValue("empty");
  const odd = kind === "zipCode" ? /^ | $| {2}|[^\S ]|\p{C}/u : /\s|\p{C}/u;
  return odd.test(value) ? tellRule("spaces", { kind }) : undefined;
}

// Nearly every text of a rule matches this, which takes less time than to look for invisible characters.
const USUAL = /^[\w-]+$/;

// Leaves out a name that may be data: names can come from outside.
export function pathOf(name: string): string[] {
  return /^\w{1,40}$/.test(name) ? [name] : [];
}

// Sorts by code units, so that the order is the same in every locale.
export function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  // There is no comparison function, because this runs for every rule of every user and is faster without.
  return [...map.keys()].sort().map((name) => [name, map.get(name) as Value]);
}
