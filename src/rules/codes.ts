import { invalid } from "../core/errors.ts";
import { issueAt, type ValueProblem } from "../core/issues.ts";
import { type Schema, valueWithout } from "../core/validate.ts";
import { tellRule } from "../locales/en/core.ts";
import { type Origin, textProblem } from "./schemas.ts";

/**
 * The code of a range (guide, competences): `RNG_…`. The prefix is checked when the rule is built, so that a label is
 * refused: codes are the same in every language, and labels are not. For codes with a different prefix, use
 * {@link code}.
 */
export type RangeCode = `RNG_${string}` | (string & Record<never, never>) | Code;

/**
 * The code of a request type (guide, competences): `RTY_…`, with its prefix checked like that of a {@link RangeCode}.
 */
export type RequestTypeCode = `RTY_${string}` | (string & Record<never, never>) | Code;

/**
 * The code of a contact profile (guide, contact profiles): `CPR_…`, with its prefix checked like that of a
 * {@link RangeCode}.
 */
export type ContactProfileCode = `CPR_${string}` | (string & Record<never, never>) | Code;

/**
 * A code whose form this package does not know, made by {@link code}. In JSON it is written as its text. To use the
 * text from the JSON again, give it to {@link code}. In a saved rule this is not needed: the rule's `parse` accepts its
 * codes unchanged.
 */
export interface Code {
  readonly code: string;
  toJSON(): string;
  toString(): string;
}

/**
 * Marks a text as a code, whatever it looks like: for a platform whose codes have other prefixes than `RNG_`, `RTY_`
 * and `CPR_`.
 *
 * If the text should have the usual prefix, give it to the rule without this function: the rule then checks the prefix,
 * and refuses a label from a wrong column.
 *
 * @throws {@link OpleadError} `invalid_input` when the text is empty or has white space in it.
 */
export function code(text: string): Code {
  const problem = textProblem(text, "code");
  if (problem) throw invalid("invalid_input", "code: not a code", [issueAt("", problem)]);
  return Object.freeze(new BrandedCode(text));
}

export type CodeKind = keyof typeof PREFIXES;

const PREFIXES = { range: "RNG_", requestType: "RTY_", contactProfile: "CPR_" } as const;

export function codeOf(kind: CodeKind, origin: Origin): Schema {
  return valueWithout((value) => codeProblem(value, kind, origin));
}

/** Why a value is not a code; undefined if it is one. */
export function codeProblem(value: unknown, kind: CodeKind, origin: Origin): ValueProblem | undefined {
  if (isCode(value)) return undefined;
  return textProblem(value, "code") ?? (origin === "input" ? prefixProblem(String(value), kind) : undefined);
}

function prefixProblem(text: string, kind: CodeKind): ValueProblem | undefined {
  const prefix = PREFIXES[kind];
  if (text.startsWith(prefix) && text.length > prefix.length) return undefined;
  for (const found of ["range", "requestType", "contactProfile"] as const) {
    if (found !== kind && text.startsWith(PREFIXES[found])) return tellRule("other_code", { kind, found, prefix });
  }
  return tellRule("not_code", { kind, prefix });
}

export function isCode(value: unknown): value is Code {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** Returns the text of a code that was checked before. */
export function textOf(code: unknown): string {
  return isCode(code) ? code.code : String(code);
}

// Marks codes made by {@link code}. `Symbol.for` gives both copies of the package the same symbol if an application
// loads the package twice, as ESM and as CommonJS.
const BRAND = Symbol.for("oplead-sdk.code");

class BrandedCode implements Code {
  readonly code: string;
  declare readonly [BRAND]: true;

  constructor(text: string) {
    this.code = text;
    // The mark is assigned here and not declared as a field, because bundlers keep an unused class whose fields have
    // computed names.
    this[BRAND] = true;
  }

  toJSON(): string {
    return this.code;
  }

  toString(): string {
    return this.code;
  }
}
