import { listed } from "../words.ts";
import type { Result } from "./state.ts";

/** The rules that are a list of codes: contact profiles and profile types. */
export type CodeList = ReadonlySet<string>;

/** What such a rule is about, for its reasons. */
export type CodeListName = "contact profile" | "profile type";

export function codeListResult(codes: CodeList, code: string | undefined, all: readonly string[] | undefined): Result {
  if (code !== undefined) return codes.has(code) ? "pass" : "fail";
  return all?.every((one) => codes.has(one)) ? "pass" : "uncertain";
}

export function codeListReason(codes: CodeList, code: string | undefined, result: Result, name: CodeListName): string {
  if (code === undefined) {
    return result === "pass" ? `this user gets every ${name}` : `the ${name} of the lead is not known`;
  }
  return result === "pass" ? `this user gets ${code}` : `this user gets only ${listed([...codes])}, not ${code}`;
}
