/** Numbers, amounts and times as people read them, in English. */

import { type Grammar, grammarOf } from "../grammar.ts";

const english: Grammar = /* @__PURE__ */ grammarOf("en-GB");

export const { number, plural, duration, percent, kilometres, radius, all } = english;

/** `1 request`, `12 requests`, `no requests`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${amount === 0 ? "no" : number(amount)} ${plural(amount, one, many)}`;
}

/** A time in milliseconds since 1970 as a date: `2026-01-31`. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The name of a field as words: `requestType` is `request type`. */
export function inWords(name: string): string {
  return String(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `a, b and c`; of a long list the first few and how many more there are: `total`, if the rest is left out of the list. */
export function listed(items: readonly string[], word: "and" | "or" = "and", total: number = items.length): string {
  return english.list(items, word, (more) => `${number(more)} more`, total) || "none";
}
