/** Numbers, amounts, lists and durations by the rules of a language. `en/words.ts` and `fr/words.ts` have those of theirs. */

/** British English: no comma before the last "and" of a list. */
type Locale = "en-GB" | "fr";

/** How a language writes what its texts are given. */
export interface Grammar {
  /** A number as it is written with thousands: `1,234`, or `1 234` with a narrow space that does not break. */
  readonly number: (value: number) => string;
  /** The form of a word that an amount takes: one for 1 in English, and for everything below 2 in French. */
  readonly plural: (amount: number, one: string, many: string) => string;
  /**
   * The first items of a list as a part of a sentence: `a, b and c`. `more` says how many there are besides; `total` is for a list of which the
   * rest is left out.
   */
  readonly list: (
    items: readonly string[],
    word: "and" | "or",
    more: (amount: number) => string,
    total: number,
  ) => string;
  /** All items of a list: `a, b and c`. */
  readonly all: (items: readonly string[]) => string;
  /** `0.4 s`, `2 min 5 s`, `3 h 20 min`, `4 min`: the signs of units are the same in all languages. */
  readonly duration: (ms: number) => string;
  /** A share as `12.5 %`. */
  readonly percent: (share: number) => string;
  /** Whole kilometres, or one decimal below ten. */
  readonly kilometres: (km: number) => string;
  /** A radius as it was set: 47.5 km are not 48. */
  readonly radius: (km: number) => string;
}

/** The most items of a list that are named. */
const NAMED = 5;

/**
 * The formatters of `Intl` are made at their first use: the first NumberFormat of a process takes 12 ms, which a program that only
 * creates a client should not pay.
 */
export function grammarOf(locale: Locale): Grammar {
  let numbers: Intl.NumberFormat | undefined;
  let plurals: Intl.PluralRules | undefined;
  const lists: { [Word in "and" | "or"]?: Intl.ListFormat } = {};

  /** A number with at most so many decimals, three of them at the most. */
  const decimals = (value: number, most: number): string => {
    numbers ??= new Intl.NumberFormat(locale);
    // Intl writes a zero below zero as "-0".
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
      if (ms < 10_000) return `${decimals(ms / 1000, 1)} s`;
      const seconds = Math.round(ms / 1000);
      const minutes = Math.floor(seconds / 60);
      if (minutes === 0) return `${seconds} s`;
      const [large, small] = minutes < 60 ? ["min", "s"] : ["h", "min"];
      const [amount, rest] = minutes < 60 ? [minutes, seconds % 60] : [Math.floor(minutes / 60), minutes % 60];
      return `${amount} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
    },
    percent: (share) => `${decimals(share * 100, 1)} %`,
    kilometres: (km) => decimals(km, km < 9.95 ? 1 : 0),
    radius: (km) => decimals(km, 3),
  };
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

/** By the zone that the environment names. Each is made once: the first one takes some milliseconds. */
const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

/** A time in the zone of this machine, with the zone's name: `2026-01-31 02:15:09 CET`. The seconds are left out if `hasSeconds` is false. */
export function localTime(time: string | number, hasSeconds = true): string {
  const date = new Date(time);
  const zoneName = globalThis.process?.env?.TZ;
  // Of the locales en-GB has the most names of zones; the others are like "GMT-5".
  const formatter = formatters.get(zoneName) ?? new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" });
  formatters.set(zoneName, formatter);
  const zone = formatter.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  const clock = [two(date.getHours()), two(date.getMinutes()), ...(hasSeconds ? [two(date.getSeconds())] : [])];
  return `${day} ${clock.join(":")} ${zone}`;
}
