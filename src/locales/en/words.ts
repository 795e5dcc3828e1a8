/** Numbers, amounts and times as people read them, in English. */

import {
  durationIn,
  kilometresIn,
  type Locale,
  listIn,
  namedOf,
  numberIn,
  percentIn,
  pluralIn,
  radiusIn,
} from "../grammar.ts";

const ENGLISH: Locale = "en-GB";

/** `1,234` */
export const number = (value: number): string => numberIn(ENGLISH, value);

/** `plural(1, "is", "are")` */
export const plural = (amount: number, one: string, many: string): string => pluralIn(ENGLISH, amount, one, many);

/** `1 request`, `12 requests`, `no requests`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${amount === 0 ? "no" : number(amount)} ${plural(amount, one, many)}`;
}

/** `0.4 s`, `2 min 5 s`, `3 h 20 min`, `4 min`. */
export const duration = (ms: number): string => durationIn(ENGLISH, ms);

/** A time in milliseconds since 1970 as a date: `2026-01-31`. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A share as `12.5 %`. */
export const percent = (share: number): string => percentIn(ENGLISH, share);

/** The name of a field as words: `requestType` is `request type`. */
export function inWords(name: string): string {
  return String(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `a, b and c`; of a long list the first few and how many more there are: `total`, if the rest is left out of the list. */
export function listed(items: readonly string[], word: "and" | "or" = "and", total: number = items.length): string {
  const { named, more } = namedOf(items, total);
  return listIn(ENGLISH, more === 0 ? named : [...named, `${number(more)} more`], word) || "none";
}

/** `47.5`, a radius as it was set. */
export const radius = (km: number): string => radiusIn(ENGLISH, km);

/** `7.4`; whole kilometres from ten on. */
export const kilometres = (km: number): string => kilometresIn(ENGLISH, km);
