/** Numbers, amounts and times as people read them, in French, and the typography of French texts. */

import type { Texts, TextsLike } from "../coded.ts";
import type { DIFF } from "../en/words.ts";
import { type Grammar, grammarOf } from "../grammar.ts";

const frenchGrammar: Grammar = /* @__PURE__ */ grammarOf("fr");

// A bundler can leave out each of these functions. If they were taken from the grammar object by destructuring, the
// bundler would keep all of them and the object.
export const number = (value: number): string => frenchGrammar.number(value);
export const plural = (amount: number, one: string, many: string): string => frenchGrammar.plural(amount, one, many);
export const duration = (ms: number): string => frenchGrammar.duration(ms);
export const percent = (share: number): string => frenchGrammar.percent(share);
export const kilometres = (km: number): string => frenchGrammar.kilometres(km);
export const radius = (km: number): string => frenchGrammar.radius(km);
export const all = (items: readonly string[]): string => frenchGrammar.all(items);

/** A number with one decimal: `1,2`, also `2,0`. */
export const decimal = (value: number): string => value.toFixed(1).replace(".", ",");

/** An amount with its word: `0 requête`, `1 requête`, `12 requêtes`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${plural(amount, one, many)}`;
}

/**
 * A list as text: `a, b et c`. A long list is cut after a few items, and the text says how many more there are.
 * `total`: the number of all items, if `items` holds only some of them.
 */
export function listed(items: readonly string[], word: "and" | "or" = "and", total: number = items.length): string {
  return frenchGrammar.list(items, word, (more) => counted(more, "autre"), total) || "aucun";
}

/** Writes the day `2026-01-31` as `31/01/2026`. */
export function date(day: string): string {
  return String(day).replace(/^(\d{4})-(\d\d)-(\d\d).*/, "$3/$2/$1");
}

/**
 * Replaces the spaces of a French text so that no line breaks before `: ; ! ? %` or next to the inner side of « ». The
 * space is narrow if the font has a narrow one.
 */
export function typeset(text: string): string {
  return text.replace(/ (?=[:;!?](?:\s|$)|[»%])|(?<=«) /g, "\u202f");
}

/**
 * The French texts for an English table, each with its spaces set by {@link typeset}. If a text is missing or surplus,
 * the code does not compile.
 */
export function french<T extends Texts>(texts: TextsLike<T>): TextsLike<T> {
  const all = Object.entries<Texts[string]>(texts as object as Texts);
  // The cast is safe: the keys and the parameters stay the same. `String` is needed because a text may return a value
  // that is not a string: parameters that come from a file are not checked.
  return Object.fromEntries(
    all.map(([code, text]) => [code, (parameters: never) => typeset(String(text(parameters)))]),
  ) as unknown as TextsLike<T>;
}

export const DIFF_FR: TextsLike<typeof DIFF> = /* @__PURE__ */ french<typeof DIFF>({
  fields_unknown: () => "à modifier ; le registre ne peut pas dire quel champ",
});
