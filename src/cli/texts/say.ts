import type { OpleadIssue } from "oplead-sdk";
import type { AnyCoded } from "../../locales/coded.ts";
import * as english from "../../locales/en/words.ts";
import type { Check } from "../doctor/check.ts";
import type { CommandTexts } from "./command-texts.ts";
import type { Noun, Text } from "./fr/texts.ts";

/** The languages of the command. Another one is a folder beside `fr`. */
export type LanguageName = "en" | "fr";

/** The parameters of a text: `file` for `There is no plan {file}.` */
type Names<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

type Given<T extends string> = [Names<T>] extends [never] ? [] : [Readonly<Record<Names<T>, Value>>];

/** Something to say, in whichever language. */
export interface Told {
  readonly text: Text;
  readonly parameters: Readonly<Record<string, Value>>;
}

/** An amount with its noun: `2 users`. */
interface Counted {
  readonly amount: number;
  readonly noun: Noun;
}

interface Time {
  readonly ms: number;
}

export type Value =
  | string
  | number
  | Told
  | Counted
  | Time
  | OpleadIssue
  | { readonly coded: AnyCoded }
  | { readonly listed: readonly string[] }
  | { readonly joined: readonly Value[] }
  | readonly Value[];

/** The language of the process. It is chosen once, before anything is said. */
let current: CommandTexts | undefined;
let name: LanguageName = "en";

export async function useLanguage(chosen: LanguageName): Promise<void> {
  name = chosen;
  current = chosen === "en" ? undefined : (await import("./fr/language.ts")).FRENCH;
}

export function languageName(): LanguageName {
  return name;
}

/** Says a text in the language of the process. One that it lacks does not compile. */
export function say<T extends Text>(text: T, ...given: Given<T>): string {
  return shown(told(text, ...given));
}

/** Says a text without parameters that is chosen elsewhere. */
export function phrase(text: Text): string {
  return shown({ text, parameters: {} });
}

/** A text of commander in the language of the process. */
export function inCommandersWords(text: string): string {
  return (current?.commander ?? []).reduce((said, word) => said.replace(word, () => phrase(word)), text);
}

/** Keeps a text to be said later, in the language of the process or, in JSON, in English. */
export function told<T extends Text>(text: T, ...[parameters]: Given<T>): Told {
  return { text, parameters: parameters ?? {} };
}

export function counted(amount: number, noun: Noun): Counted {
  return { amount, noun };
}

export function lasting(ms: number): Time {
  return { ms };
}

/** Several values as one. */
export function separated(values: readonly Value[], separator: string): Value {
  return { joined: values.flatMap((value, at) => (at === 0 ? [value] : [separator, value])) };
}

/** A value in the language of the process. */
export function shown(value: Value): string {
  return render(value, current);
}

export function inEnglish(value: Value): string {
  return render(value, undefined);
}

function render(value: Value, language: CommandTexts | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return (language ?? english).number(value);
  if (isList(value)) return value.map((one) => render(one, language)).join("\n");
  if ("ms" in value) return (language ?? english).duration(value.ms);
  if ("amount" in value) return (language ?? ENGLISH).counted(value.amount, value.noun);
  if ("listed" in value) return (language ?? english).listed(value.listed);
  if ("joined" in value) return value.joined.map((one) => render(one, language)).join("");
  if ("coded" in value) return language ? language.told(value.coded) : value.coded.message;
  if ("message" in value) return language ? language.issue(value) : value.message;
  const { text, parameters } = value;
  const template = language ? language.typeset(language.texts[text]) : text;
  return template.replace(/\{(\w+)\}/g, (_place, key: string) => render(parameters[key] ?? "", language));
}

const ENGLISH = {
  counted: (amount: number, noun: Noun) => {
    const [one = noun, many] = noun.split("|");
    return english.counted(amount, one, many);
  },
};

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** A date of a file, as `2026-01-31` or longer. */
export function shownDay(time: string): string {
  const day = time.slice(0, 10);
  return current ? current.date(day) : day;
}

/** The message of something that the package tells by its code, in the language of the process. */
export function messageOf(given: AnyCoded): string {
  return current ? current.told(given) : given.message;
}

/** The message of an issue, in the language of the process. */
export function issueText(issue: OpleadIssue): string {
  return current ? current.issue(issue) : issue.message;
}

/** An answer of `oplead doctor` and its remedy, in the language of the process. */
export function answerText({ code, parameters, message, fix }: Check): Pick<Check, "message" | "fix"> {
  if (!current) return { message, fix };
  const { answers, fixes, typeset } = current;
  // A reason is the message of an error or an issue.
  const { reason } = parameters as { readonly reason?: string };
  const given = { ...(parameters as object), ...(reason !== undefined && { reason: `« ${reason} »` }) } as never;
  const remedy = Object.hasOwn(fixes, code) ? fixes[code as keyof typeof fixes](given) : undefined;
  return { message: typeset(answers[code](given)), fix: remedy && typeset(remedy) };
}

/** The message of an advice, in the language of the process. */
export function adviceText({ code, message }: AnyCoded): string {
  if (!current || !Object.hasOwn(current.advice, code)) return message;
  return current.typeset(current.advice[code as keyof typeof current.advice]({}));
}
