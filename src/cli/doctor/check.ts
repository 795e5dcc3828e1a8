import { type Given, tellerOf } from "../../locales/coded.ts";
import { ANSWERS, type AnswerCode, FIXES } from "./answers.ts";

export interface Check {
  readonly name: string;
  readonly state: "ok" | "warning" | "broken" | "skipped";
  /** The answer, as a literal to switch on. */
  readonly code: AnswerCode;
  readonly parameters: unknown;
  /** The same in a sentence, made of code and parameters. */
  readonly message: string;
  readonly fix?: string | undefined;
}

/** The remedies, of which many answers have none. */
const REMEDIES: { readonly [Code in AnswerCode]?: (parameters: never) => string } = FIXES;

const told = tellerOf(ANSWERS);

type Answer = <Code extends AnswerCode>(code: Code, ...given: Given<typeof ANSWERS, Code>) => Check;

/** The answers that the check of this name can give. */
export function answersOf(name: string): Readonly<Record<Check["state"], Answer>> {
  const by = (state: Check["state"]): Answer => {
    return (code, ...given) => {
      const answer = told(code, ...given);
      // The parameters are those of this code.
      return { name, state, ...answer, fix: REMEDIES[code]?.(answer.parameters as never) };
    };
  };
  return { ok: by("ok"), warning: by("warning"), broken: by("broken"), skipped: by("skipped") };
}

/** The first line of an error: its further ones are details. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message.split("\n")[0] : undefined) ?? "it failed";
}
