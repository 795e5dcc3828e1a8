import type { ToldBy } from "../locales/coded.ts";
import { tellValue } from "../locales/en/core.ts";
import type { IssueParameters, IssueTexts } from "../locales/issue-texts.ts";
import { isObject } from "./values.ts";

/**
 * One problem of an input. It never holds the value itself, which may be personal. Switch on `code`; it types
 * `parameters`.
 */
export type OpleadIssue = {
  readonly [Code in keyof IssueParameters]: {
    /** Path inside the input: `address.zipCode`. Empty for the input as a whole. */
    readonly path: string;
    readonly code: Code;
    /** What the message is made from, typed by the code; empty if it needs nothing. */
    readonly parameters: IssueParameters[Code];
    /** English sentence: what is wrong and what is expected. */
    readonly message: string;
    /** Oplead's words about a field that it refuses. May be personal data, so not enumerable and never printed. */
    readonly said?: string | undefined;
  };
}[keyof IssueParameters];

export type ValueProblem = ToldBy<IssueTexts>;

// Hides a name that may be data, for example an e-mail address used as a key.
export function shownName(name: string): string {
  return /^[\w.[\]-]{1,80}$/.test(name) ? name : "[…]";
}

export function within(part: string, issue: OpleadIssue): OpleadIssue {
  const { path } = issue;
  return { ...issue, path: path === "" || path.startsWith("[") ? part + path : `${part}.${path}` };
}

export function issueAt(path: string, problem: ValueProblem): OpleadIssue {
  return { path, ...problem };
}

// Reads the value at a path. `""` is the whole value.
export function valueAt(value: unknown, place: string): unknown {
  if (place === "") return value;
  // Most places have no dot, and this runs for every rule of every user.
  if (!place.includes(".")) return isObject(value) ? value[place] : undefined;
  return place.split(".").reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

export function countryCodeProblem(value: unknown): ValueProblem | undefined {
  return typeof value === "string" && /^[A-Z]{2}$/.test(value) ? undefined : tellValue("not_country_code");
}

export function pathValueProblem(value: unknown): ValueProblem | undefined {
  if (isMissing(value)) return tellValue("required");
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return tellValue("not_text");
  if (typeof value === "number" && !Number.isSafeInteger(value)) return tellValue("not_text_or_number");
  const text = String(value);
  if (text.trim() === "") return tellValue("empty");
  if (/^(?:\.|%2e){1,2}$/i.test(text)) return tellValue("dots_only");
  // Half of a surrogate pair cannot be encoded.
  if (!text.isWellFormed()) return tellValue("not_unicode");
  return undefined;
}
