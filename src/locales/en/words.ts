/** Numbers, amounts and times as people read them, in English. */

import { type Grammar, grammarOf } from "../grammar.ts";

const english: Grammar = /* @__PURE__ */ grammarOf("en-GB");

// A bundler can leave out each of these functions. If they were taken from the grammar object by destructuring, the
// bundler would keep all of them and the object.
export const number = (value: number): string => english.number(value);
export const plural = (amount: number, one: string, many: string): string => english.plural(amount, one, many);
export const duration = (ms: number): string => english.duration(ms);
export const percent = (share: number): string => english.percent(share);
export const kilometres = (km: number): string => english.kilometres(km);
export const radius = (km: number): string => english.radius(km);
export const all = (items: readonly string[]): string => english.all(items);

/** An amount with its word: `1 request`, `12 requests`, `no requests`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${amount === 0 ? "no" : number(amount)} ${plural(amount, one, many)}`;
}

/** The one text of a diff. It stands here so that a diff needs no other texts, which are loaded late. */
export const DIFF = {
  fields_unknown: () => "changed; the ledger cannot say which field",
};

/** A time in milliseconds since 1970 as a date: `2026-01-31`. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The name of a field as words: `requestType` is `request type`. */
export function inWords(name: string): string {
  return String(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/**
 * A list as text: `a, b and c`. A long list is cut after a few items, and the text says how many more there are.
 * `total`: the number of all items, if `items` holds only some of them.
 */
export function listed(items: readonly string[], word: "and" | "or" = "and", total: number = items.length): string {
  return english.list(items, word, (more) => `${number(more)} more`, total) || "none";
}
