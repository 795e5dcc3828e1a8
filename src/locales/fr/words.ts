import type { Texts } from "../coded.ts";
import * as english from "../en/words.ts";

/** `1 234`, with a narrow space that does not break. */
export function number(value: number): string {
  return english.number(value).replaceAll(",", "\u202f");
}

/** `0 requête`, `1 requête`, `12 requêtes`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount < 2 ? one : many}`;
}

/** `47,5`: a radius as it was set. */
export function radius(km: number): string {
  return Number.isInteger(km) ? number(km) : english.radius(km).replace(".", ",");
}

/** `7,4`; whole kilometres from ten on. */
export function kilometres(km: number): string {
  return english.kilometres(km).replace(".", ",");
}

/** `12,5 %` */
export function percent(share: number): string {
  return english.percent(share).replaceAll(",", "\u202f").replace(".", ",");
}

/** `a, b et c`; of a long list the first five and how many others there are. */
export function listed(items: readonly string[], total: number = items.length): string {
  const named = items.slice(0, 5);
  if (total > named.length) return `${named.join(", ")} et ${number(total - named.length)} autres`;
  return named.length <= 1 ? (named[0] ?? "aucun") : `${named.slice(0, -1).join(", ")} et ${named.at(-1)}`;
}

/** `0,4 s`, `2 min 5 s` */
export function duration(ms: number): string {
  return english.duration(ms).replace(".", ",");
}

/** `2026-01-31` as `31/01/2026`. */
export function date(day: string): string {
  return String(day).replace(/^(\d{4})-(\d\d)-(\d\d).*/, "$3/$2/$1");
}

/** Sets a text as French is set: no line ends before `: ; ! ? %` and inside « ». */
export function typeset(text: string): string {
  return text.replace(/ (?=[;!?](?:\s|$))/g, "\u202f").replace(/ (?=:(?:\s|$)|[»%])|(?<=«) /g, "\u00a0");
}

/** The same texts, each as {@link typeset} sets it. */
export function allTypeset<T extends Texts>(texts: T): T {
  // The keys stay, and each text takes the same parameters and gives a string.
  return Object.fromEntries(
    Object.entries(texts).map(([code, text]) => [code, (parameters: never) => typeset(text(parameters))]),
  ) as T;
}
