import { type Grammar, grammarOf } from "../grammar.ts";

const english: Grammar = /* @__PURE__ */ grammarOf("en-GB");

// The functions are separate, so that a bundler can leave out each.
export const number = (value: number): string => english.number(value);
export const plural = (amount: number, one: string, many: string): string => english.plural(amount, one, many);
export const duration = (ms: number): string => english.duration(ms);
export const percent = (share: number): string => english.percent(share);
export const kilometres = (km: number): string => english.kilometres(km);
export const radius = (km: number): string => english.radius(km);
export const all = (items: readonly string[]): string => english.all(items);

// `84,000 inhabitants`, `11.6 million inhabitants`
export const people = (amount: number): string =>
  `${english.people(amount)} ${plural(amount, "inhabitant", "inhabitants")}`;

// `1 request`, `12 requests`, `no requests`
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${amount === 0 ? "no" : number(amount)} ${plural(amount, one, many)}`;
}

// The texts of a diff are apart from all others, which are loaded late.
export const DIFF = {
  fields_unknown: "changed: a field that the ledger cannot name, or platform.fields",
};

export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function inWords(name: string): string {
  return String(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

// `total`: of all items, if `items` holds only some of them.
export function listed(items: readonly string[], word: "and" | "or" = "and", total: number = items.length): string {
  return english.list(items, word, (more) => `${number(more)} more`, total) || "none";
}

// `more` items are left out.
export function some(first: readonly (number | string)[], more: number): string {
  return first.join(", ") + (more === 0 ? "" : ` and ${number(more)} more`);
}
