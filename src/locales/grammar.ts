import type { Lists, Numbers, Strings } from "./coded.ts";

// British: no comma before the last "and" of a list.
type Locale = "en-GB" | "fr";

export interface Grammar {
  readonly number: (value: number) => string;
  // French uses the singular for every number below 2.
  readonly plural: (amount: number, one: string, many: string) => string;
  // `total`: the number of all items, of which `items` may hold only some.
  readonly list: (
    items: readonly string[],
    word: "and" | "or",
    more: (amount: number) => string,
    total: number,
  ) => string;
  readonly all: (items: readonly string[]) => string;
  // Rounded to three figures; from a million on as `11.6 million`.
  readonly people: (amount: number) => string;
  // The signs of units are the same in all languages.
  readonly duration: (ms: number) => string;
  readonly percent: (share: number) => string;
  // Writes whole kilometres, or one decimal below ten.
  readonly kilometres: (km: number) => string;
  // Writes a radius as it was set, without rounding.
  readonly radius: (km: number) => string;
}

export const MILLION = 1_000_000;

// Items of a list that a text names at most.
const NAMED = 5;

// Formatters are made late: the first NumberFormat of a process takes 12 ms.
export function grammarOf(locale: Locale): Grammar {
  let numbers: Intl.NumberFormat | undefined;
  let plurals: Intl.PluralRules | undefined;
  const lists: { [Word in "and" | "or"]?: Intl.ListFormat } = {};

  const decimals = (value: number, most: number): string => {
    numbers ??= new Intl.NumberFormat(locale);
    // `+ 0` turns a negative zero into zero.
    return numbers.format(Math.round(value * 10 ** most) / 10 ** most + 0);
  };

  const joined = (items: readonly string[], word: "and" | "or"): string => {
    if (items.length < 2) return items.join("");
    lists[word] ??= new Intl.ListFormat(locale, { type: word === "and" ? "conjunction" : "disjunction" });
    return lists[word].format(items);
  };

  return {
    number: (value) => decimals(value, 0),
    plural: (amount, one, many) => {
      plurals ??= new Intl.PluralRules(locale);
      return plurals.select(Number(amount)) === "one" ? one : many;
    },
    list: (items, word, more, total) => {
      const named = Array.from(items.slice(0, NAMED), String);
      if (total > named.length) named.push(more(total - named.length));
      return joined(named, word);
    },
    all: (items) => joined(items, "and"),
    duration: (ms) => {
      if (ms < 1000) return `${Math.round(ms)} ms`;
      if (ms < 10_000) return `${decimals(ms / 1000, 1)} s`;
      const seconds = Math.round(ms / 1000);
      const minutes = Math.floor(seconds / 60);
      if (minutes === 0) return `${seconds} s`;
      const [large, small] = minutes < 60 ? ["min", "s"] : ["h", "min"];
      const [amount, rest] = minutes < 60 ? [minutes, seconds % 60] : [Math.floor(minutes / 60), minutes % 60];
      return `${amount} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
    },
    people: (amount) => {
      if (amount < MILLION) return decimals(roughly(amount), 0);
      const form = { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 3 } as const;
      return new Intl.NumberFormat(locale, form).format(amount);
    },
    percent: (share) => `${decimals(share * 100, 1)}${locale === "fr" ? " " : ""}%`,
    kilometres: (km) => decimals(km, km < 9.95 ? 1 : 0),
    radius: (km) => decimals(km, 3),
  };
}

// Rounds an estimate to three figures: it is no more exact.
function roughly(estimate: number): number {
  const digits = Math.max(0, String(Math.round(estimate)).length - 3);
  return Math.round(estimate / 10 ** digits) * 10 ** digits;
}

// Leaves out the parts that say nothing.
export function joinParts(parts: readonly (string | false | undefined)[], separator = ", "): string {
  return parts.filter((part) => part !== false && part !== undefined).join(separator);
}

export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

// Formatters are kept, because making the first one takes some milliseconds.
const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

// Writes a time in the form `2026-01-31 02:15:09 CET`.
export function localTime(time: string | number, hasSeconds = true): string {
  const date = new Date(time);
  const zoneName = globalThis.process?.env?.TZ;
  // en-GB has names for the most time zones, where others show "GMT-5".
  const formatter = formatters.get(zoneName) ?? new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" });
  formatters.set(zoneName, formatter);
  const zone = formatter.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  const clock = [two(date.getHours()), two(date.getMinutes()), ...(hasSeconds ? [two(date.getSeconds())] : [])];
  return `${day} ${clock.join(":")} ${zone}`;
}

export function namesOf({ count, examples }: Numbers<"count"> & Lists<"examples">): string {
  return `${examples.join(", ")}${count > examples.length ? ", …" : ""}`;
}

// Shows a line of a file, with a mark below the place of the error.
export const lineOf = ({ line, mark }: Strings<"line" | "mark">): string => `\n\n    ${line}\n    ${mark}\n`;

// Whether a text about a failed store has to say what to do: the texts of other problems do.
export const isToRepair = (issue?: { readonly code: string }): boolean =>
  issue === undefined || issue.code === "ledger_redis_failed";
