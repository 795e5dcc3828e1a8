import type { Text, Texts, TextsLike } from "../coded.ts";
import type { DIFF } from "../en/words.ts";
import { type Grammar, grammarOf, MILLION } from "../grammar.ts";

const frenchGrammar: Grammar = /* @__PURE__ */ grammarOf("fr");

// The functions are separate, as in en/words.ts, so that a bundler can leave out each of them.
export const number = (value: number): string => frenchGrammar.number(value);
export const plural = (amount: number, one: string, many: string): string => frenchGrammar.plural(amount, one, many);
export const duration = (ms: number): string => frenchGrammar.duration(ms);
export const percent = (share: number): string => frenchGrammar.percent(share);
export const kilometres = (km: number): string => frenchGrammar.kilometres(km);
export const radius = (km: number): string => frenchGrammar.radius(km);
export const all = (items: readonly string[]): string => frenchGrammar.all(items);

export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${plural(amount, one, many)}`;
}

// `84 000 habitants`, `11,6 millions d’habitants`
export const people = (amount: number): string =>
  `${frenchGrammar.people(amount)} ${amount < MILLION ? plural(amount, "habitant", "habitants") : "d’habitants"}`;

// `total`: of all items, if `items` holds only some of them.
export function listed(items: readonly string[], word: "and" | "or" = "and", total: number = items.length): string {
  return frenchGrammar.list(items, word, (more) => counted(more, "autre"), total) || "aucun";
}

// `2026-01-31` becomes `31/01/2026`.
export function date(day: string): string {
  return String(day).replace(/^(\d{4})-(\d\d)-(\d\d).*/, "$3/$2/$1");
}

// No line may break before `: ; ! ? %` or at the inner side of « ».
export function typeset(text: string): string {
  return text.replace(/ (?=[:;!?](?:\s|$)|[»%])|(?<=«) /g, "\u202f");
}

// A text that is missing or surplus is a compile error.
export function french<T extends Texts>(texts: NoInfer<T>): T {
  const all = Object.entries<Text>(texts).map(([code, text]) => [
    code,
    // `String`: parameters from a file are not checked, and may not be text.
    typeof text === "string" ? typeset(text) : (parameters: never) => typeset(String(text(parameters))),
  ]);
  // Safe cast: keys and parameters stay the same.
  return Object.fromEntries(all) as T;
}

export const DIFF_FR: TextsLike<typeof DIFF> = /* @__PURE__ */ french({
  fields_unknown: "à mettre à jour : un champ que le registre ne peut pas nommer, ou platform.fields",
});

// `more` items are left out.
export function some(first: readonly (number | string)[], more: number): string {
  return first.join(", ") + (more === 0 ? "" : ` et ${counted(more, "autre")}`);
}
