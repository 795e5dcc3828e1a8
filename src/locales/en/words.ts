/** Numbers, amounts and times as people read them, in English. */

/** `1,234`. Not by toLocaleString, whose first call in a process takes 16 ms. */
export function number(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 request`, `12 requests`, `no requests`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${amount === 0 ? "no" : number(amount)} ${amount === 1 ? one : many}`;
}

/** `0.4 s`, `2 min 5 s`, `3 h 20 min`, `4 min`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (seconds < 60) return `${seconds} s`;
  return minutes < 60
    ? inTwo(minutes, "min", seconds % 60, "s")
    : inTwo(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

function inTwo(large: number, unit: string, small: number, smallUnit: string): string {
  return `${large} ${unit}${small === 0 ? "" : ` ${small} ${smallUnit}`}`;
}

/** A time in milliseconds since 1970 as a date: `2026-01-31`. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A share as `12.5 %`. */
export function percent(share: number): string {
  const tenths = Math.round(share * 1000);
  return `${number(Math.floor(tenths / 10))}${tenths % 10 === 0 ? "" : `.${tenths % 10}`} %`;
}

/** The name of a field as words: `requestType` is `request type`. */
export function inWords(name: string): string {
  return String(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The most items of a list that are named. */
const NAMED = 5;

/** `a, b and c`; of a long list the first few and how many more there are. `total` is for a list of which the rest is left out. */
export function listed(items: readonly string[], word: "and" | "or" = "and", total: number = items.length): string {
  const named = items.slice(0, NAMED);
  if (total > named.length) return `${named.join(", ")} ${word} ${number(total - named.length)} more`;
  return named.length <= 1 ? (named[0] ?? "none") : `${named.slice(0, -1).join(", ")} ${word} ${named.at(-1)}`;
}

/** Two or three figures are all that an estimate holds. */
export function roughly(estimate: number): number {
  const digits = Math.max(0, String(Math.round(estimate)).length - 3);
  return Math.round(estimate / 10 ** digits) * 10 ** digits;
}

/** A radius as it was set: 47.5 km are not 48. */
export function radius(km: number): string {
  return Number.isInteger(km) ? number(km) : String(km);
}

/** Whole kilometres, or one decimal below ten. */
export function kilometres(km: number): string {
  return km < 9.95 ? String(Math.round(km * 10) / 10) : String(Math.round(km));
}
