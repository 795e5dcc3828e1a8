import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import type { CompetencesRule } from "../../rules/competences.ts";
import type { CoverageRule } from "./rule.ts";

/**
 * The ranges a user handles, each with its request types; null for a range without request types. The request types are
 * a list, because they are few, and a set for each range of thousands of users takes time and memory.
 */
type Competences = ReadonlyMap<string, readonly string[] | null>;

export const competencesCoverage: CoverageRule<"competences", Competences, string> = {
  axes: [
    { codes: "ranges", field: "range" },
    { codes: "requestTypes", field: "requestType" },
  ],
  read: (rule) => {
    if (rule.length === 0) return undefined;
    const competences = new Map<string, string[] | null>();
    for (const { range, requestType } of rule) {
      const known = competences.get(range.code);
      if (requestType === undefined) competences.set(range.code, null);
      else if (known) known.push(requestType.code);
      else if (known === undefined) competences.set(range.code, [requestType.code]);
    }
    return competences;
  },
  ask: (competences, { lead: { range, requestType }, assumptions: { rangeAlone } }) => {
    if (range === undefined) {
      const mayMatch =
        requestType === undefined || [...competences.values()].some((types) => !types || types.includes(requestType));
      return mayMatch ? "uncertain" : "fail";
    }
    const types = competences.get(range);
    if (types === undefined) return "fail";
    if (types === null) return requestType === undefined || rangeAlone === "all_request_types" ? "pass" : "uncertain";
    if (requestType === undefined) return "uncertain";
    return types.includes(requestType) ? "pass" : "fail";
  },
  explain: (competences, { lead: { range, requestType } }, result) => {
    const why = () => {
      if (range === undefined) {
        return result === "fail"
          ? tellReason("request_type_not_handled", { requestType })
          : tellReason("no_lead_code", { field: "range" });
      }
      const types = competences.get(range);
      if (types === undefined) return tellReason("range_not_handled", { range, handled: [...competences.keys()] });
      if (types === null) return tellReason("range_handled", { range });
      if (requestType === undefined) return tellReason("no_lead_request_type", { range, requestTypes: types });
      if (result === "pass") return tellReason("pair_handled", { range, requestType });
      return tellReason("pair_not_handled", { range, requestType, requestTypes: types });
    };
    const codes = [range, requestType].filter((code) => code !== undefined);
    return { reason: why(), change: tellRuleChange("handle", { codes }) };
  },
  codesIn: (competences) => [competences.keys(), [...competences.values()].flatMap((types) => [...(types ?? [])])],
  /**
   * Writes, for each range, two numbers in base 36, for example `0.2 5.1 7`: the index of the range in the text table,
   * and the index of its set of request types. The sets are in the table because many ranges have the same set.
   */
  encode: (rule, texts) => {
    const byRange = new Map<string, string[] | undefined>();
    for (const { range, requestType } of rule) {
      const types = byRange.get(range.code);
      byRange.set(
        range.code,
        requestType && [...(types ?? []), String(texts.placeOf("requestTypes", requestType.code))],
      );
    }
    return [...byRange]
      .map(([range, types]) =>
        [texts.placeOf("ranges", range), ...(types ? [texts.placeOf("typeSets", types.join())] : [])]
          .map((place) => place.toString(36))
          .join("."),
      )
      .join(" ");
  },
  decode: (encoded, texts) => {
    const entries = (encoded === "" ? [] : encoded.split(" ")).flatMap((item) => {
      const [range = 0, set] = item.split(".").map((place) => Number.parseInt(place, 36));
      const code = texts.textAt("ranges", range);
      if (set === undefined) return [{ range: { code } }];
      const types = texts.textAt("typeSets", set).split(",").map(Number);
      return types.map((type) => ({ range: { code }, requestType: { code: texts.textAt("requestTypes", type) } }));
    });
    // The text was encoded from a rule, so either all entries have a request type or none has.
    return entries as CompetencesRule;
  },
};
