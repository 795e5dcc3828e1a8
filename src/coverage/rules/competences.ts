import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import type { RuleBodies } from "../../rules/types.ts";
import type { CoverageRule } from "./rule.ts";

// Request types by range; null for a range alone. The types are lists, because sets for thousands of users take time
// and memory.
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
  passes: (competences, { lead: { range, requestType }, assumptions: { rangeAlone } }) => {
    // An empty request type means that the platform has none.
    const handles = (types: readonly string[] | null | undefined) =>
      types === null
        ? !requestType || rangeAlone === "all_request_types"
        : types !== undefined && (requestType === undefined || types.includes(requestType));
    return range === undefined ? [...competences.values()].some(handles) : handles(competences.get(range));
  },
  explain: (competences, { lead: { range, requestType } }, isPassed) => {
    const why = () => {
      if (!isPassed && range === "") return tellReason("no_such_codes", { field: "range" });
      if (!isPassed && requestType === "") return tellReason("no_such_codes", { field: "requestType" });
      if (range === undefined) {
        return isPassed
          ? tellReason("no_lead_code", { field: "range" })
          : tellReason("request_type_not_handled", { requestType });
      }
      const types = competences.get(range);
      if (types === undefined) return tellReason("range_not_handled", { range, handled: [...competences.keys()] });
      if (types === null) return tellReason(isPassed ? "range_handled" : "range_handled_alone", { range });
      if (requestType === undefined) return tellReason("no_lead_request_type", { range, requestTypes: types });
      if (isPassed) return tellReason("pair_handled", { range, requestType });
      return tellReason("pair_not_handled", { range, requestType, requestTypes: types });
    };
    const codes = [range, requestType].filter((code) => code !== undefined);
    return { reason: why(), change: tellRuleChange("handle", { codes }) };
  },
  codesIn: (competences) => [competences.keys(), [...competences.values()].flatMap((types) => [...(types ?? [])])],
  // The form is `0.2 5.1 7`: for each range its index in the text table and that of its set of request types, in base
  // 36.
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
    // Safe: encoded from a rule, so all entries have a request type or none has.
    return entries as RuleBodies["competences"];
  },
};
