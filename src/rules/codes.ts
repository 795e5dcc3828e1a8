import { invalid } from "../base/errors.ts";
import { type Origin, type Problem, readText, textProblem } from "./reading.ts";

/** The code of a range (guide, competences). Codes are the same in every language; labels are not, and are refused. */
export type RangeCode = `RNG_${string}` | Code;

/** The code of a request type (guide, competences). */
export type RequestTypeCode = `RTY_${string}` | Code;

/** The code of a contact profile (guide, contact profiles). */
export type ContactProfileCode = `CPR_${string}` | Code;

/**
 * A code whose form this package does not know, made by {@link code}. In JSON it is its text. That text needs
 * {@link code} again, unless it is part of a rule: a rule's `parse` takes the codes of a saved rule as they are.
 */
export interface Code {
  readonly code: string;
  toJSON(): string;
  toString(): string;
}

/**
 * For a platform whose codes have other prefixes than `RNG_`, `RTY_` and `CPR_`: marks a text as a code, whatever it looks
 * like.
 *
 * For text from elsewhere that should have the usual prefix, a cast is better: `row.range as RangeCode`. Its prefix is
 * checked when the rule is built, and a label in the wrong column is found.
 *
 * @throws {@link OpleadError} `invalid_input` when the text is empty or has white space in it.
 */
export function code(text: string): Code {
  const wrong = textProblem(text, "codes");
  if (wrong) throw invalid("invalid_input", "code: not a code", [{ path: "", message: wrong }]);
  return Object.freeze(new MarkedCode(text));
}

/** What a code is the code of. */
export type CodeKind = keyof typeof KINDS;

const KINDS = {
  range: { name: "range", prefix: "RNG_" },
  requestType: { name: "request type", prefix: "RTY_" },
  contactProfile: { name: "contact profile", prefix: "CPR_" },
} as const;

/** The text of a code. */
export function readCode(value: unknown, kind: CodeKind, path: string, problem: Problem, origin: Origin): string {
  if (isCode(value)) return value.code;
  const wrong = textProblem(value, "codes") ?? (origin === "input" ? prefixProblem(String(value), kind) : undefined);
  return readText(value, path, problem, wrong);
}

export function isCode(value: unknown): value is Code {
  return typeof value === "object" && value !== null && MARK in value;
}

function prefixProblem(text: string, kind: CodeKind): string | undefined {
  const { name, prefix } = KINDS[kind];
  if (text.startsWith(prefix) && text.length > prefix.length) return undefined;
  const other = Object.values(KINDS).find(
    (candidate) => candidate !== KINDS[kind] && text.startsWith(candidate.prefix),
  );
  return other
    ? `is the code of a ${other.name}, where one of a ${name} ("${prefix}…") is expected`
    : `is not the code of a ${name}, which looks like "${prefix}XXX" (codes, not labels: they are the same in every language). ` +
        'If the codes of your platform look different, write code("…")';
}

// Registered, not unique to this file: an application may load the package twice, as ESM and as CommonJS.
const MARK = Symbol.for("oplead-sdk.code");

class MarkedCode implements Code {
  readonly code: string;
  readonly [MARK] = true;

  constructor(text: string) {
    this.code = text;
  }

  toJSON(): string {
    return this.code;
  }

  toString(): string {
    return this.code;
  }
}
