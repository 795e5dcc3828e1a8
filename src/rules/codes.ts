import { invalid } from "../core/errors.ts";
import { issueAt, type ValueProblem } from "../core/issues.ts";
import { type Schema, valueWithout } from "../core/validate.ts";
import { tellRule } from "../locales/en/core.ts";
import { type Origin, textProblem } from "./schemas.ts";

/**
 * Code of a range (`RNG_…`), request type (`RTY_…`) or contact profile (`CPR_…`). Building the rule checks the prefix,
 * so that a label is refused: codes are the same in every language. For other prefixes, use {@link code}.
 */
export type CodeText<Prefix extends "RNG" | "RTY" | "CPR"> =
  | `${Prefix}_${string}`
  | (string & Record<never, never>)
  | Code;

/**
 * A code of a form that this package does not know, made by {@link code}. JSON has its text; give that to {@link code}
 * to use it again. A saved rule does not need this: its `parse` accepts its codes as they are.
 */
export interface Code {
  readonly code: string;
  toJSON(): string;
  toString(): string;
}

/**
 * Marks a text as a code, whatever it looks like: for platforms whose codes have other prefixes than `RNG_`, `RTY_` and
 * `CPR_`. Give a rule any other text without it: the rule then checks the prefix, and refuses a label from a wrong
 * column.
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

export function textOf(code: unknown): string {
  return isCode(code) ? code.code : String(code);
}

// `Symbol.for`: an application may load the package twice, as ESM and as CommonJS.
const BRAND = Symbol.for("oplead-sdk.code");

class BrandedCode implements Code {
  readonly code: string;
  declare readonly [BRAND]: true;

  constructor(text: string) {
    this.code = text;
    // No declared field: bundlers keep an unused class whose fields have computed names.
    this[BRAND] = true;
  }

  toJSON(): string {
    return this.code;
  }

  toString(): string {
    return this.code;
  }
}
