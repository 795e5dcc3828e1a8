import { type ValueProblem, valueAt } from "../core/issues.ts";
import { type FindIssues, issueFinder, report } from "../core/validate.ts";
import { getOrMake, isObject } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellBuilder, tellRule } from "../locales/en/core.ts";
import { type CodeText, codeOf, codeProblem, textOf } from "./codes.ts";
import { build, built, describeRule, type Rule } from "./rule.ts";
import {
  checkedListOf,
  clearingListOf,
  ifCleared,
  listOf,
  type Origin,
  pathOf,
  requireValid,
  type TellProblem,
} from "./schemas.ts";
import type { RuleBodies } from "./types.ts";

type CompetencesRule = RuleBodies["competences"];

const NONE = "competences.none()";

export const competencesRule = /* @__PURE__ */ describeRule({
  name: "competences",
  path: "/v1/users/{id}/rule/competences",
  schema: (origin) => {
    const unknown = tellRule("not_rule_field", { known: FIELDS });
    const check = (entry: unknown, tell: TellProblem) => checkCompetence(entry, origin, unknown, tell);
    return z.checked(checkedListOf(check, ifCleared(origin, NONE)), (payload) => {
      if (isMixed(payload.value as readonly unknown[])) report(payload, tellRule("mixed_competences"));
    });
  },
  toBody: (
    rule: readonly {
      readonly range: { readonly code: CodeText<"RNG"> };
      readonly requestType?: { readonly code: CodeText<"RTY"> } | undefined;
    }[],
  ) => toWire(rule.map(({ range, requestType }) => entryOf(range.code, requestType?.code))),
});

const FIELDS = ["range", "requestType"];

// The check is no schema, which would be slow: thousands of users have dozens of competences.
function checkCompetence(entry: unknown, origin: Origin, unknown: ValueProblem, tell: TellProblem): void {
  const range = isObject(entry) ? entry.range : undefined;
  if (!isObject(entry) || !isObject(range)) {
    tell(tellRule("not_competence"));
    return;
  }
  if (origin === "input") {
    for (const name of Object.keys(entry)) if (!FIELDS.includes(name)) tell(unknown, pathOf(name));
  }
  const wrongRange = codeProblem(range.code, "range", origin);
  if (wrongRange) tell(wrongRange, ["range", "code"]);
  const type = entry.requestType;
  if (type === undefined) return;
  const wrongType = isObject(type) ? codeProblem(type.code, "requestType", origin) : tellRule("not_request_type");
  if (wrongType) tell(wrongType, isObject(type) ? ["requestType", "code"] : ["requestType"]);
}

// Tells whether only some entries have a request type. Entries without a range are ignored.
function isMixed(entries: readonly unknown[]): boolean {
  let [hasRanges, hasPairs] = [false, false];
  for (const entry of entries) {
    if (!isObject(valueAt(entry, "range"))) continue;
    const type = valueAt(entry, "requestType");
    if (type === undefined) hasRanges = true;
    else if (isObject(type)) hasPairs = true;
  }
  return hasRanges && hasPairs;
}

/**
 * The leads that a user can handle (guide, competences). Throws an {@link OpleadError}
 * `invalid_input` that lists every problem.
 *
 * @example
 * ```ts
 * competences.ranges("RNG_WINDOWS", "RNG_DOORS")
 * competences.pairs(["RNG_WINDOWS", "RTY_QUOTE"], ["RNG_DOORS", "RTY_REPAIR"])
 * competences.matrix(["RNG_WINDOWS", "RNG_DOORS"], ["RTY_QUOTE"])
 * ```
 * @experimental
 */
export const competences: {
  /**
   * Makes a rule from its wire form. Unknown fields are ignored.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): Rule<"competences">;
  /** An empty rule on purpose. Sending it clears the rule (assumed). */
  none(): Rule<"competences">;
  /** For a platform with ranges only. */
  ranges(...ranges: readonly CodeText<"RNG">[]): Rule<"competences">;
  /** For a platform with ranges and request types. */
  pairs(...pairs: readonly (readonly [CodeText<"RNG">, CodeText<"RTY">])[]): Rule<"competences">;
  /** Pairs every range with every request type. */
  matrix(ranges: readonly CodeText<"RNG">[], requestTypes: readonly CodeText<"RTY">[]): Rule<"competences">;
} = {
  ranges: (...ranges) => buildEntries("competences.ranges", findInRanges(ranges), () => ranges.map((range) => [range])),

  pairs: (...pairs) => buildEntries("competences.pairs", findInPairs(pairs), () => pairs),

  matrix: (ranges, requestTypes) =>
    buildEntries("competences.matrix", findInMatrix({ requestTypes, ranges }), () =>
      ranges.flatMap((range) => requestTypes.map((requestType) => [range, requestType] as const)),
    ),

  none: () => built("competences", []),

  parse: (wire) => build(competencesRule, wire, "wire"),
};

const findInRanges = /* @__PURE__ */ issueFinder(() => clearingListOf("input", codeOf("range", "input"), NONE));

const findInPairs = /* @__PURE__ */ issueFinder(() => checkedListOf(checkPair, ifCleared("input", NONE)));

function checkPair(pair: unknown, tell: TellProblem): void {
  if (!Array.isArray(pair) || pair.length !== 2) {
    tell(tellBuilder("not_pair"));
    return;
  }
  for (const [at, kind] of (["range", "requestType"] as const).entries()) {
    const problem = codeProblem(pair[at], kind, "input");
    if (problem) tell(problem, [at]);
  }
}

const findInMatrix = /* @__PURE__ */ issueFinder(() => {
  const empty = tellBuilder("empty_product");
  const [requestTypes, ranges] = [codeOf("requestType", "input"), codeOf("range", "input")];
  return z.object({ requestTypes: listOf(requestTypes, empty), ranges: listOf(ranges, empty) });
});

type Entry = readonly [range: CodeText<"RNG"> | string, requestType?: CodeText<"RTY"> | string];

function buildEntries(
  what: string,
  issues: ReturnType<FindIssues>,
  entriesOf: () => readonly Entry[],
): Rule<"competences"> {
  requireValid(what, issues);
  return built("competences", toWire(entriesOf().map(([range, type]) => entryOf(range, type))));
}

// Nearly all lists are sorted already, so sorting is left out if possible.
function toWire(entries: WireEntry[]): CompetencesRule {
  const isSorted = entries.every((entry, at) => at === 0 || compared(entries[at - 1] as WireEntry, entry) < 0);
  if (isSorted) return entries as CompetencesRule;
  entries.sort(compared);
  const unique = entries.filter((entry, at) => at === 0 || compared(entries[at - 1] as WireEntry, entry) !== 0);
  return unique as CompetencesRule;
}

type WireEntry = CompetencesRule[number];

function compared(one: WireEntry, other: WireEntry): number {
  if (one === other) return 0;
  if (one.range.code !== other.range.code) return one.range.code < other.range.code ? -1 : 1;
  const [type = "", otherType = ""] = [one.requestType?.code, other.requestType?.code];
  return type === otherType ? 0 : type < otherType ? -1 : 1;
}

// Equal entries are one frozen object, because thousands of users share entries. An empty text stands for no request
// type.
const known = /* @__PURE__ */ new Map<string, Map<string, WireEntry>>();
const MOST_KNOWN = 2_000;
let knownEntries = 0;

function entryOf(rangeCode: CodeText<"RNG">, typeCode: CodeText<"RTY"> | undefined): WireEntry {
  const [range, type] = [textOf(rangeCode), typeCode === undefined ? "" : textOf(typeCode)];
  const before = known.get(range)?.get(type);
  if (before) return before;
  const ofRange = { range: Object.freeze({ code: range }) };
  const made = Object.freeze(type === "" ? ofRange : { ...ofRange, requestType: Object.freeze({ code: type }) });
  if (knownEntries >= MOST_KNOWN) {
    known.clear();
    knownEntries = 0;
  }
  knownEntries += 1;
  getOrMake(known, range, () => new Map<string, WireEntry>()).set(type, made);
  return made;
}
