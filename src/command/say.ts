import { readdirSync, readFileSync } from "node:fs";
import type { OpleadIssue } from "oplead-sdk";
import { type AnyCoded, type Given, type Texts, textWith, toldBy } from "../locales/coded.ts";
import { COMMAND, type CommandTexts } from "../locales/en/command.ts";
import type { DOCTOR_ANSWERS } from "../locales/en/doctor.ts";
import { PROFILE_TYPES } from "../locales/en/rules.ts";
import type { Language } from "./french.ts";

export type LanguageName = "en" | "fr";

export type TextCode = keyof CommandTexts;

export type PlainCode = { [Code in TextCode]: CommandTexts[Code] extends string ? Code : never }[TextCode];

export interface Told {
  readonly text: TextCode;
  readonly parameters: object;
}

// A text inside a text is said in the language of the text around it.
export type Sayable =
  | string
  | Told
  | OpleadIssue
  | { readonly coded: AnyCoded }
  | { readonly here: string; readonly english: string }
  | { readonly joined: readonly Sayable[] };

type Sayables<Parameters> = {
  readonly [Name in keyof Parameters]: Parameters[Name] extends string ? Sayable : Parameters[Name];
};

type GivenTo<Code extends TextCode> =
  Given<CommandTexts, Code> extends readonly [infer Parameters]
    ? readonly [parameters: Sayables<Parameters>]
    : readonly [];

// Chosen once, before any text is written.
let current: Language | undefined;
let name: LanguageName = "en";

// True if arguments or environment chose the language, so that the config's language is ignored.
let isChosen = false;

export async function useLanguage(chosen: LanguageName, { isFirm = true } = {}): Promise<void> {
  isChosen = isFirm;
  name = chosen;
  current = chosen === "en" ? undefined : (await import("./french.ts")).FRENCH;
}

export async function useLanguageOf({ language }: { readonly language?: unknown }): Promise<void> {
  if (!isChosen && (language === "en" || language === "fr")) await useLanguage(language, { isFirm: false });
}

export function languageInText(given: string | undefined): LanguageName | undefined {
  try {
    const file = given ?? readdirSync(".").find((name) => /^oplead\.config\.m?[jt]s$/.test(name));
    const text = file === undefined ? "" : readFileSync(file, "utf8");
    return /^\s*language:\s*["'](en|fr)["']/m.exec(text)?.[1] as LanguageName | undefined;
  } catch {
    return undefined;
  }
}

export function languageName(): LanguageName {
  return name;
}

export function say<Code extends TextCode>(code: Code, ...given: GivenTo<Code>): string {
  return shown(told(code, ...given));
}

// A text that can still be said in either language: JSON has it in English.
export function told<Code extends TextCode>(code: Code, ...[parameters = {}]: GivenTo<Code>): Told {
  return { text: code, parameters };
}

export function separated(values: readonly Sayable[], separator: string): Sayable {
  return { joined: values.flatMap((value, at) => (at === 0 ? [value] : [separator, value])) };
}

export function shown(value: Sayable): string {
  return render(value, current);
}

export function inEnglish(value: Sayable): string {
  return render(value, undefined);
}

function render(value: Sayable, language: Language | undefined): string {
  if (typeof value === "string") return value;
  if ("joined" in value) return value.joined.map((one) => render(one, language)).join("");
  if ("here" in value) return language ? value.here : value.english;
  if ("coded" in value) return language ? language.told(value.coded) : value.coded.message;
  if ("message" in value) return language ? language.issue(value) : value.message;
  const parameters = Object.entries(value.parameters).map(([key, one]) => {
    return [key, isSayable(one) ? render(one, language) : one] as const;
  });
  const tables: readonly Texts[] = Object.values(language?.texts ?? COMMAND);
  const text = tables.find((texts) => Object.hasOwn(texts, value.text))?.[value.text];
  // Safe: `told` accepts only the parameters of this text.
  return textWith(text ?? "", Object.fromEntries(parameters));
}

function isSayable(value: unknown): value is Sayable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function shownDay(time: string): string {
  const day = time.slice(0, 10);
  return current ? current.date(day) : day;
}

export function codeNames(): Readonly<Record<string, string>> {
  return current?.codes ?? PROFILE_TYPES;
}

export function messageOf(given: AnyCoded): string {
  return shown({ coded: given });
}

export function issueText(issue: OpleadIssue): string {
  return shown(issue);
}

interface Answer {
  readonly code: keyof typeof DOCTOR_ANSWERS;
  readonly parameters: unknown;
  readonly message: string;
  readonly fix?: string | undefined;
}

export function answerText({ code, parameters, message, fix }: Answer): Pick<Answer, "message" | "fix"> {
  if (!current) return { message, fix };
  const { answers, fixes } = current;
  return {
    message: toldBy([answers], { code, parameters, message }),
    fix: fix && toldBy([fixes], { code, parameters, message: fix }),
  };
}

export function adviceText({ code, message }: AnyCoded): string {
  return current ? toldBy([current.advice], { code, parameters: {}, message }) : message;
}
