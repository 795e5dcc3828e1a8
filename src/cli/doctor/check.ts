import type { Given } from "../../locales/coded.ts";
import { type DOCTOR_ANSWERS, DOCTOR_FIXES, tellDoctorAnswer } from "../../locales/en/doctor.ts";
import type { Told } from "../texts/say.ts";

type AnswerCode = keyof typeof DOCTOR_ANSWERS;

export interface Check {
  /** The name of the check. */
  readonly about: Told;
  readonly state: "ok" | "warning" | "broken" | "skipped";
  /** The answer, as a literal to switch on. */
  readonly code: AnswerCode;
  readonly parameters: unknown;
  /** The same in a sentence, made of code and parameters. */
  readonly message: string;
  readonly fix?: string | undefined;
}

/** By any code: many answers have no remedy. */
const REMEDIES: { readonly [Code in AnswerCode]?: (parameters: never) => string } = DOCTOR_FIXES;

type Answer = <Code extends AnswerCode>(code: Code, ...given: Given<typeof DOCTOR_ANSWERS, Code>) => Check;

/** The answers that this check can give. */
export function answersOf(about: Told): Readonly<Record<Check["state"], Answer>> {
  const by = (state: Check["state"]): Answer => {
    return (code, ...given) => {
      const answer = tellDoctorAnswer(code, ...given);
      // The parameters are those of this code.
      return { about, state, ...answer, fix: REMEDIES[code]?.(answer.parameters as never) };
    };
  };
  return { ok: by("ok"), warning: by("warning"), broken: by("broken"), skipped: by("skipped") };
}

/** The first line of an error: its further ones are details. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message.split("\n")[0] : undefined) ?? "it failed";
}
