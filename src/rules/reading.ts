import { invalid } from "../base/errors.ts";
import type { OpleadIssue } from "../base/issues.ts";
import { isMissing } from "../base/validation/value-problems.ts";

/** Takes a problem. The path is inside the rule: empty for the rule itself, else it begins with `.` or `[`. */
export type Problem = (path: string, message: string) => void;

/**
 * Where a rule comes from. What a person or a program wrote is `"input"`: codes have their prefix, nothing is empty by accident. The
 * wire form of a rule that was built is `"wire"`: an empty list means none, codes with other prefixes were meant, and
 * fields added by a later Oplead are passed over.
 */
export type Origin = "input" | "wire";

/** Reads, and throws one `invalid_input` with every problem that came up. */
export function readOrThrow<T>(what: string, read: (problem: Problem) => T): T {
  const issues: OpleadIssue[] = [];
  const result = read((path, message) => {
    issues.push({ path: path.replace(/^\./, ""), message });
  });
  if (issues.length > 0) throw invalid("invalid_input", `${what}: not a valid rule`, issues);
  return result;
}

/** A text. One with something wrong about it is a problem, and is read as an empty text. */
export function readText(value: unknown, path: string, problem: Problem, wrong: string | undefined): string {
  if (wrong === undefined) return String(value);
  problem(path, wrong);
  return "";
}

/** The items of a list that must not be empty; none, and a problem, if it is something else. */
export function readList(value: unknown, path: string, problem: Problem, hintIfEmpty: string): readonly unknown[] {
  if (!Array.isArray(value)) problem(path, isMissing(value) ? "is missing" : "must be a list");
  else if (value.length === 0) problem(path, `is empty. ${hintIfEmpty}`);
  else return value;
  return [];
}

/** For a list that clears its rule when it is empty, which must be meant. */
export function readClearingList(
  value: unknown,
  path: string,
  problem: Problem,
  origin: Origin,
  none: string,
): readonly unknown[] {
  if (origin === "wire" && Array.isArray(value)) return value;
  return readList(value, path, problem, `An empty list would clear the rule: if that is meant, write ${none}`);
}

/** A misspelt field would be passed over in silence, and the rule would cover more than was meant. */
export function refuseUnknownFields(
  value: object,
  known: readonly string[],
  path: string,
  problem: Problem,
  origin: Origin,
): void {
  if (origin === "wire") return;
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) problem(pathOf(path, name), `is not a field here; fields are ${known.join(", ")}`);
  }
}

/**
 * What is wrong with a text that must be there, or undefined. `many` names what it is one of: `"zip codes"`. Invisible
 * characters come with what was copied from a page or a spreadsheet, and make another text of it.
 */
export function textProblem(value: unknown, many: string, mayHoldSpaces = false): string | undefined {
  if (isMissing(value)) return "is missing";
  if (typeof value === "number") return `${many} are text: a leading zero was probably lost. Read the column as text`;
  if (typeof value !== "string") return "must be text";
  if (value === "") return "is empty";
  if (!(mayHoldSpaces ? /^ | $| {2}|[^\S ]|\p{C}/u : /\s|\p{C}/u).test(value)) return undefined;
  return mayHoldSpaces
    ? "has white space around it, more than single spaces in it, or an invisible character"
    : `has white space or an invisible character in it, and ${many} have none`;
}

/** Field names come from outside too: only what looks like a name is shown. */
export function pathOf(path: string, name: string): string {
  return /^\w{1,40}$/.test(name) ? `${path}.${name}` : path;
}

/** In the order of code units, which is the same in every locale. */
export function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
