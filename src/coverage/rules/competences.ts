import type { CompetencesRule } from "../../rules/competences.ts";
import type { Assumptions } from "../assumptions.ts";
import { listed } from "../words.ts";
import type { Result } from "./state.ts";

/** The ranges a user handles, each with its request types; null where the range stands alone. */
export type Competences = ReadonlyMap<string, ReadonlySet<string> | null>;

export function competencesOf(rule: CompetencesRule): Competences {
  const competences = new Map<string, Set<string> | null>();
  for (const { range, requestType } of rule) {
    if (requestType === undefined) competences.set(range.code, null);
    else {
      const known = competences.get(range.code);
      if (known) known.add(requestType.code);
      else if (known === undefined) competences.set(range.code, new Set([requestType.code]));
    }
  }
  return competences;
}

export function competencesResult(
  competences: Competences,
  range: string | undefined,
  requestType: string | undefined,
  { rangeAlone }: Assumptions,
): Result {
  if (range === undefined) {
    const mayMatch =
      requestType === undefined || [...competences.values()].some((types) => !types || types.has(requestType));
    return mayMatch ? "uncertain" : "fail";
  }
  const types = competences.get(range);
  if (types === undefined) return "fail";
  if (types === null) return requestType === undefined || rangeAlone === "all_request_types" ? "pass" : "uncertain";
  if (requestType === undefined) return "uncertain";
  return types.has(requestType) ? "pass" : "fail";
}

export function competencesReason(
  competences: Competences,
  range: string | undefined,
  requestType: string | undefined,
  result: Result,
): string {
  if (range === undefined) {
    return result === "fail" ? `this user handles no ${requestType}` : "the range of the lead is not known";
  }
  const types = competences.get(range);
  if (types === undefined) return `this user does not handle ${range}, only ${listed([...competences.keys()])}`;
  if (types === null) return `this user handles ${range}`;
  if (requestType === undefined)
    return `the request type of the lead is not known; this user handles ${range} with ${listed([...types])}`;
  if (result === "pass") return `this user handles ${range} with ${requestType}`;
  return `this user handles ${range} only with ${listed([...types])}, not with ${requestType}`;
}

export function competencesChange(range: string | undefined, requestType: string | undefined): string {
  return `handle ${[range, requestType].filter((code) => code !== undefined).join(" with ")}`;
}
