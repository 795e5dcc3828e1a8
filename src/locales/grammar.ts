/** Numbers, amounts, lists and durations by the rules of a language. `en/words.ts` and `fr/words.ts` bind them to theirs. */

/** British English: no comma before the last "and" of a list. */
export type Locale = "en-GB" | "fr";

// Each is made once: making one takes longer than using it a hundred times.
const numberFormats: Partial<Record<Locale, Intl.NumberFormat>> = {};
const pluralRules: Partial<Record<Locale, Intl.PluralRules>> = {};
const listFormats: { [localeAndWord: string]: Intl.ListFormat } = {};

/** A number with at most so many decimals: `1,234`, `1 234,5`. */
export function numberIn(locale: Locale, value: number, decimals = 0): string {
  const rounded = Math.round(value * 10 ** decimals) / 10 ** decimals;
  // English writes these as JavaScript does, and the first NumberFormat of a process takes 20 ms.
  if (Math.abs(rounded) < 1000 && (locale === "en-GB" || Number.isInteger(rounded))) return String(rounded);
  numberFormats[locale] ??= new Intl.NumberFormat(locale);
  return numberFormats[locale].format(rounded);
}

/** The form of a word that an amount takes: one for 1 in English, and for everything below 2 in French. */
export function pluralIn(locale: Locale, amount: number, one: string, many: string): string {
  pluralRules[locale] ??= new Intl.PluralRules(locale);
  return pluralRules[locale].select(Number(amount)) === "one" ? one : many;
}

/** A list in a sentence: `a, b and c`. */
export function listIn(locale: Locale, items: readonly string[], word: "and" | "or"): string {
  if (items.length < 2) return items.join("");
  listFormats[locale + word] ??= new Intl.ListFormat(locale, { type: word === "and" ? "conjunction" : "disjunction" });
  return listFormats[locale + word]?.format(items.map(String)) ?? "";
}

/** The most items of a list that are named. */
const NAMED = 5;

/** The first items of a list, and how many there are besides. `total` is for a list of which the rest is left out. */
export function namedOf(items: readonly string[], total: number): { named: readonly string[]; more: number } {
  const named = [...items.slice(0, NAMED)];
  return { named, more: Math.max(0, total - named.length) };
}

/** `0.4 s`, `2 min 5 s`, `3 h 20 min`, `4 min`: the signs of units are the same in all languages. */
export function durationIn(locale: Locale, ms: number): string {
  if (ms < 10_000) return `${numberIn(locale, ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  const [large, small] = minutes < 60 ? ["min", "s"] : ["h", "min"];
  const [amount, rest] = minutes < 60 ? [minutes, seconds % 60] : [Math.floor(minutes / 60), minutes % 60];
  return `${amount} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** A share as `12.5 %`. */
export function percentIn(locale: Locale, share: number): string {
  return `${numberIn(locale, share * 100, 1)} %`;
}

/** Whole kilometres, or one decimal below ten. */
export function kilometresIn(locale: Locale, km: number): string {
  return numberIn(locale, km, km < 9.95 ? 1 : 0);
}

/** A radius as it was set: 47.5 km are not 48. */
export function radiusIn(locale: Locale, km: number): string {
  return numberIn(locale, km, 3);
}

/** Two or three figures are all that an estimate holds. */
export function roughly(estimate: number): number {
  const digits = Math.max(0, String(Math.round(estimate)).length - 3);
  return Math.round(estimate / 10 ** digits) * 10 ** digits;
}

/** `Profile type`: the beginning of a heading or of a sentence. */
export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
