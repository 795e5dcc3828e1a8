import * as z from "zod/mini";
import { isObject } from "../base/validation/is-object.ts";
import { type FindIssues, issueFinder, report, type Schema, says } from "../base/validation/validate.ts";
import { valueAt } from "../base/validation/value-at.ts";
import { tellBuilder, tellRule } from "../locales/en/core.ts";
import { build } from "./build.ts";
import { codeOf, type RangeCode, type RequestTypeCode, textOf } from "./codes.ts";
import { describeRule } from "./describe-rule.ts";
import { built, type ClearableRuleFactory, type Rule } from "./rule.ts";
import { clearingListOf, listOf, type Origin, objectOf, requireValid, sorted } from "./schemas.ts";

/**
 * The ranges a user handles, or the pairs of range and request type, as they are sent (guide, competences): all of one
 * kind, because a platform works in one of the two ways. Empty: the rule is cleared (assumed).
 * @experimental
 */
export type CompetencesRule = readonly RangeCompetence[] | readonly PairCompetence[];

/** A range, where the platform has ranges only. */
export interface RangeCompetence<Range = string> {
  readonly range: { readonly code: Range };
  readonly requestType?: undefined;
}

/** A range and a request type, where the platform has both. */
export interface PairCompetence<Range = string, RequestType = string> {
  readonly range: { readonly code: Range };
  readonly requestType: { readonly code: RequestType };
}

/** The values that `rules.competences` takes: a rule from {@link competences}, or the wire form with {@link RangeCode}s. */
export type CompetencesInput =
  | readonly RangeCompetence<RangeCode>[]
  | readonly PairCompetence<RangeCode, RequestTypeCode>[]
  | Rule<"competences", CompetencesRule>;

const NONE = "competences.none()";

export const competencesRule = /* @__PURE__ */ describeRule({
  name: "competences",
  path: "/v1/users/{id}/rule/competences",
  schema: (origin) =>
    clearingListOf(origin, competenceOf(origin), NONE).check((payload) => {
      if (isMixed(payload.value as readonly unknown[])) report(payload, tellRule("mixed_competences"));
    }),
  toBody: (
    rule: readonly (RangeCompetence<RangeCode> | PairCompetence<RangeCode, RequestTypeCode>)[],
  ): CompetencesRule =>
    toWire(rule.map(({ range, requestType }) => (requestType ? [range.code, requestType.code] : [range.code]))),
});

function competenceOf(origin: Origin): Schema {
  const ofRange = z.object({ code: codeOf("range", origin) });
  const ofType = objectOf("wire", { code: codeOf("requestType", origin) }, (value) =>
    isObject(value) ? undefined : tellRule("not_request_type"),
  );
  return objectOf(origin, { range: ofRange, requestType: z.optional(ofType) }, (entry) =>
    isObject(valueAt(entry, "range")) ? undefined : tellRule("not_competence"),
  );
}

/** Whether some of the entries have a request type and others do not. Those of no form at all are neither. */
function isMixed(entries: readonly unknown[]): boolean {
  const types = entries
    .filter((entry) => isObject(valueAt(entry, "range")))
    .map((entry) => valueAt(entry, "requestType"));
  return types.some(isObject) && types.includes(undefined);
}

/**
 * The leads that a user can handle (guide, competences). Everything wrong is an {@link OpleadError} `invalid_input` with all
 * problems, at once.
 *
 * @example
 * ```ts
 * competences.ranges("RNG_WINDOWS", "RNG_DOORS")
 * competences.pairs(["RNG_WINDOWS", "RTY_QUOTE"], ["RNG_DOORS", "RTY_REPAIR"])
 * competences.matrix(["RNG_WINDOWS", "RNG_DOORS"], ["RTY_QUOTE"])
 * ```
 * @experimental
 */
export const competences: ClearableRuleFactory<Rule<"competences", CompetencesRule>> & {
  /** For a platform with ranges only: the ranges. */
  ranges(...ranges: readonly RangeCode[]): Rule<"competences", CompetencesRule>;
  /** For a platform with request types too: pairs of a range and a request type. */
  pairs(...pairs: readonly (readonly [RangeCode, RequestTypeCode])[]): Rule<"competences", CompetencesRule>;
  /** Every one of the ranges with every one of the request types. */
  matrix(ranges: readonly RangeCode[], requestTypes: readonly RequestTypeCode[]): Rule<"competences", CompetencesRule>;
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

const findInPairs = /* @__PURE__ */ issueFinder(() => {
  const pair = z.tuple([codeOf("range", "input"), codeOf("requestType", "input")], says(tellBuilder("not_pair")));
  return clearingListOf("input", pair, NONE);
});

const findInMatrix = /* @__PURE__ */ issueFinder(() => {
  const empty = tellBuilder("empty_product");
  const [requestTypes, ranges] = [codeOf("requestType", "input"), codeOf("range", "input")];
  return z.object({ requestTypes: listOf(requestTypes, empty), ranges: listOf(ranges, empty) });
});

type Entry = readonly [range: RangeCode | string, requestType?: RequestTypeCode | string];

/** @throws {@link OpleadError} `invalid_input`, if there are issues. */
function buildEntries(
  what: string,
  issues: ReturnType<FindIssues>,
  entriesOf: () => readonly Entry[],
): Rule<"competences", CompetencesRule> {
  requireValid(what, issues);
  return built("competences", toWire(entriesOf()));
}

/** Sorted by range, then by request type, each once. The schema has made sure that all are of one kind. */
function toWire(entries: readonly Entry[]): CompetencesRule {
  // Codes hold no white space, so no two entries have one key; and a space sorts before all that codes hold.
  const unique = new Map(entries.map((entry) => entry.map(textOf)).map((codes) => [codes.join(" "), codes]));
  return sorted(unique).map(([, [range, requestType]]) => ({
    range: { code: range },
    ...(requestType !== undefined && { requestType: { code: requestType } }),
  })) as CompetencesRule;
}
