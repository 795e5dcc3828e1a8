import type { OpleadIssue } from "oplead-sdk";
import type { AnyCoded, TextsLike } from "../../locales/coded.ts";
import type { ADVICE } from "../../locales/en/report.ts";
import type { ANSWERS, FIXES } from "../doctor/answers.ts";
import type { Noun, Text } from "./fr/texts.ts";

/** The texts of a language other than English. English stands where it is said. */
export interface CommandTexts {
  /** By the English text. `{name}` is a parameter. */
  readonly texts: Readonly<Record<Text, string>>;
  /** The parts of commander's texts that are replaced, one after the other. */
  readonly commander: readonly Text[];
  readonly counted: (amount: number, noun: Noun) => string;
  readonly listed: (items: readonly string[]) => string;
  readonly number: (value: number) => string;
  readonly duration: (ms: number) => string;
  readonly date: (day: string) => string;
  readonly typeset: (text: string) => string;
  readonly answers: TextsLike<typeof ANSWERS>;
  readonly fixes: TextsLike<typeof FIXES>;
  readonly advice: TextsLike<typeof ADVICE>;
  readonly issue: (issue: OpleadIssue) => string;
  /** Texts of the package's errors, findings and warnings, by code. */
  readonly told: (told: AnyCoded) => string;
}
