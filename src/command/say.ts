import type { OpleadIssue } from "oplead-sdk";
import { type AnyCoded, type Given, namesIn, type Texts, toldBy } from "../locales/coded.ts";
import { COMMAND, type CommandTexts } from "../locales/en/command.ts";
import type { DOCTOR_ANSWERS } from "../locales/en/doctor.ts";
import { PROFILE_TYPES } from "../locales/en/rules.ts";
import type { Language } from "./french.ts";

/** The languages of the command. */
export type LanguageName = "en" | "fr";

/** Every text of the command, by its code. */
export type TextCode = keyof CommandTexts;

/** A text that takes no parameters. */
export type PlainCode = { [Code in TextCode]: CommandTexts[Code] extends () => string ? Code : never }[TextCode];

/** A text with its parameters, which can be said in any language. */
export interface Told {
  readonly text: TextCode;
  readonly parameters: object;
}

/** A value for a parameter of a text. If it is a text itself, it is written in the language of the text around it. */
export type Sayable =
  | string
  | Told
  | OpleadIssue
  | { readonly coded: AnyCoded }
  | { readonly joined: readonly Sayable[] };

/** The parameters of a text. Each string may be a {@link Sayable}. */
type Sayables<Parameters> = {
  readonly [Name in keyof Parameters]: Parameters[Name] extends string ? Sayable : Parameters[Name];
};

type GivenTo<Code extends TextCode> =
  Given<CommandTexts, Code> extends readonly [infer Parameters]
    ? readonly [parameters: Sayables<Parameters>]
    : readonly [];

/** The language of the process. It is chosen once, before any text is written. */
let current: Language | undefined;
let name: LanguageName = "en";

/** Whether the arguments or the environment chose the language. If they did, the config's language is ignored. */
let isChosen = false;

export async function useLanguage(chosen: LanguageName, { isFirm = true } = {}): Promise<void> {
  isChosen = isFirm;
  name = chosen;
  current = chosen === "en" ? undefined : (await import("./french.ts")).FRENCH;
}

/** Uses the language that a config names, unless the arguments or the environment chose one. */
export async function useLanguageOf({ language }: { readonly language?: unknown }): Promise<void> {
  if (!isChosen && (language === "en" || language === "fr")) await useLanguage(language, { isFirm: false });
}

export function languageName(): LanguageName {
  return name;
}

/** Says a text in the language of the process. */
export function say<Code extends TextCode>(code: Code, ...given: GivenTo<Code>): string {
  return shown(told(code, ...given));
}

/**
 * Keeps a text with its parameters, so that it can be said later: in the language of the process or, for JSON, in
 * English.
 */
export function told<Code extends TextCode>(code: Code, ...[parameters = {}]: GivenTo<Code>): Told {
  return { text: code, parameters };
}

/** Joins several values into one, with a separator between them. */
export function separated(values: readonly Sayable[], separator: string): Sayable {
  return { joined: values.flatMap((value, at) => (at === 0 ? [value] : [separator, value])) };
}

/** Says a value in the language of the process. */
export function shown(value: Sayable): string {
  return render(value, current);
}

export function inEnglish(value: Sayable): string {
  return render(value, undefined);
}

function render(value: Sayable, language: Language | undefined): string {
  if (typeof value === "string") return value;
  if ("joined" in value) return value.joined.map((one) => render(one, language)).join("");
  if ("coded" in value) return language ? language.told(value.coded) : value.coded.message;
  if ("message" in value) return language ? language.issue(value) : value.message;
  const parameters = Object.entries(value.parameters).map(([key, one]) => {
    return [key, isSayable(one) ? render(one, language) : one] as const;
  });
  const tables: readonly Texts[] = Object.values(language?.texts ?? COMMAND);
  const text = tables.find((texts) => Object.hasOwn(texts, value.text))?.[value.text];
  // The cast is safe, because the signature of `told` accepts only the parameters of this text.
  return text?.(Object.fromEntries(parameters) as never) ?? "";
}

/** Whether a parameter must be turned into words. Numbers, lists and undefined are passed to the text unchanged. */
function isSayable(value: unknown): value is Sayable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A date from a file, such as `2026-01-31`, perhaps with a time. */
export function shownDay(time: string): string {
  const day = time.slice(0, 10);
  return current ? current.date(day) : day;
}

/** The names of codes that all platforms have, in the language of the process. */
export function codeNames(): Readonly<Record<string, string>> {
  return current?.codes ?? namesIn(PROFILE_TYPES);
}

/** The message for a code of the package, in the language of the process. */
export function messageOf(given: AnyCoded): string {
  return shown({ coded: given });
}

/** The message of an issue, in the language of the process. */
export function issueText(issue: OpleadIssue): string {
  return shown(issue);
}

interface Answer {
  readonly code: keyof typeof DOCTOR_ANSWERS;
  readonly parameters: unknown;
  readonly message: string;
  readonly fix?: string | undefined;
}

/** The result of a check of `oplead doctor` and its remedy, in the language of the process. */
export function answerText({ code, parameters, message, fix }: Answer): Pick<Answer, "message" | "fix"> {
  if (!current) return { message, fix };
  const { answers, fixes } = current;
  return {
    message: toldBy([answers], { code, parameters, message }),
    fix: fix && toldBy([fixes], { code, parameters, message: fix }),
  };
}

/** A piece of advice, in the language of the process. */
export function adviceText({ code, message }: AnyCoded): string {
  return current ? toldBy([current.advice], { code, parameters: {}, message }) : message;
}
