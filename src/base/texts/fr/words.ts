import * as english from "../../words.ts";

/** `1 234`, with a narrow space that does not break. */
export function number(value: number): string {
  return english.number(value).replaceAll(",", "\u202f");
}

/** `0 requête`, `1 requête`, `12 requêtes`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount < 2 ? one : many}`;
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
