import { isObject } from "../base/validation/is-object.ts";
import { type RangeCode, type RequestTypeCode, readCode } from "./codes.ts";
import { type Origin, type Problem, readClearingList, readList, refuseUnknownFields, sorted } from "./reading.ts";
import { build, built, type ClearableRuleFactory, type Rule } from "./rule.ts";

/**
 * The ranges a user handles, or the pairs of range and request type, as they are sent (guide, competences): all of one
 * kind, because a platform works in one of the two ways. Empty: the rule is cleared (assumed).
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

/** What `rules.competences` takes: what {@link competences} built, or the wire form with {@link RangeCode}s. */
export type CompetencesInput =
  | readonly RangeCompetence<RangeCode>[]
  | readonly PairCompetence<RangeCode, RequestTypeCode>[]
  | Rule<"competences", CompetencesRule>;

/** {@link competences}. Everything wrong is an {@link OpleadError} `invalid_input` with all problems, at once. */
export interface CompetencesFactory extends ClearableRuleFactory<Rule<"competences", CompetencesRule>> {
  /** For a platform with ranges only: the ranges. */
  ranges(...ranges: readonly RangeCode[]): Rule<"competences", CompetencesRule>;
  /** For a platform with request types too: pairs of a range and a request type. */
  pairs(...pairs: readonly (readonly [RangeCode, RequestTypeCode])[]): Rule<"competences", CompetencesRule>;
  /** Every one of the ranges with every one of the request types. */
  matrix(ranges: readonly RangeCode[], requestTypes: readonly RequestTypeCode[]): Rule<"competences", CompetencesRule>;
}

/**
 * What a user can handle (guide, competences).
 *
 * @example
 * ```ts
 * competences.ranges("RNG_WINDOWS", "RNG_DOORS")
 * competences.pairs(["RNG_WINDOWS", "RTY_QUOTE"], ["RNG_DOORS", "RTY_REPAIR"])
 * competences.matrix(["RNG_WINDOWS", "RNG_DOORS"], ["RTY_QUOTE"])
 * ```
 */
export const competences: CompetencesFactory = {
  ranges: (...ranges) =>
    buildPairs("competences.ranges", (problem) => {
      readClearingList(ranges, "", problem, "input", "competences.none()");
      return ranges.map((range, index) => [readCode(range, "range", `[${index}]`, problem, "input")]);
    }),

  pairs: (...pairs) =>
    buildPairs("competences.pairs", (problem) => {
      readClearingList(pairs, "", problem, "input", "competences.none()");
      return pairs.map((pair: unknown, index): Entry => {
        if (!Array.isArray(pair) || pair.length !== 2) {
          problem(`[${index}]`, "must be [range, request type]");
          return [""];
        }
        return [
          readCode(pair[0], "range", `[${index}][0]`, problem, "input"),
          readCode(pair[1], "requestType", `[${index}][1]`, problem, "input"),
        ];
      });
    }),

  matrix: (ranges, requestTypes) =>
    buildPairs("competences.matrix", (problem) => {
      const read = (codes: unknown, kind: "range" | "requestType", path: string) =>
        readList(codes, path, problem, "The product would be empty: if that is meant, write competences.none()").map(
          (item, index) => readCode(item, kind, `${path}[${index}]`, problem, "input"),
        );
      const columns = read(requestTypes, "requestType", "requestTypes");
      return read(ranges, "range", "ranges").flatMap((range) => columns.map((column) => [range, column] as const));
    }),

  none: () => built("competences", []),

  parse: (wire) => build("competences", "competences.parse", (problem) => readCompetences(wire, problem, "wire")),
};

/** Checks a plain rule, and gives it as it is sent. */
export function readCompetences(value: unknown, problem: Problem, origin: Origin): CompetencesRule {
  const read: Entry[] = [];
  for (const [index, entry] of readClearingList(value, "", problem, origin, "competences.none()").entries()) {
    const at = `[${index}]`;
    if (!isObject(entry) || !isObject(entry.range)) {
      problem(at, "must be { range: { code }, requestType?: { code } }");
      continue;
    }
    refuseUnknownFields(entry, ["range", "requestType"], at, problem, origin);
    const range = readCode(entry.range.code, "range", `${at}.range.code`, problem, origin);
    const { requestType } = entry;
    if (requestType === undefined) {
      read.push([range]);
    } else if (isObject(requestType)) {
      read.push([range, readCode(requestType.code, "requestType", `${at}.requestType.code`, problem, origin)]);
    } else {
      problem(`${at}.requestType`, "must be { code }, or left out where the platform has ranges only");
    }
  }
  const odd = read.findIndex((entry) => entry.length !== read[0]?.length);
  if (odd > 0) {
    problem(
      "",
      "mixes ranges alone with pairs of range and request type. A platform works in one of the two ways: " +
        "give every entry a request type, or none",
    );
  }
  return toWire(read);
}

type Entry = readonly [range: string, requestType?: string];

function buildPairs(what: string, read: (problem: Problem) => readonly Entry[]): Rule<"competences", CompetencesRule> {
  return build("competences", what, (problem) => toWire(read(problem)));
}

/** Sorted by range, then by request type, each once. That all are of one kind was checked, or a problem was reported. */
function toWire(entries: readonly Entry[]): CompetencesRule {
  // Codes hold no white space, so no two entries have one key; and a space sorts before all that codes hold.
  const unique = new Map(entries.map((entry) => [entry.join(" "), entry]));
  return sorted(unique).map(([, [range, requestType]]) => ({
    range: { code: range },
    ...(requestType !== undefined && { requestType: { code: requestType } }),
  })) as CompetencesRule;
}
