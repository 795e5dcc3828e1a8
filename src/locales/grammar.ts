/**
 * The functions of this file write numbers, amounts, lists and durations by the rules of a language. `en/words.ts` and
 * `fr/words.ts` choose the language.
 */

/** British English: no comma before the last "and" of a list. */
type Locale = "en-GB" | "fr";

/** The functions with which a language writes the parameters of its texts. */
export interface Grammar {
  /** A number as it is written with thousands: `1,234`, or `1 234` with a narrow space that does not break. */
  readonly number: (value: number) => string;
  /**
   * The singular or plural of a word for an amount. English uses the singular for 1, French for every number below 2.
   */
  readonly plural: (amount: number, one: string, many: string) => string;
  /**
   * The first items of a list as a part of a sentence: `a, b and c`. `more` makes the text for the number of further
   * items; `total` is the number of all items, if the list holds only some of them.
   */
  readonly list: (
    items: readonly string[],
    word: "and" | "or",
    more: (amount: number) => string,
    total: number,
  ) => string;
  /** All items of a list: `a, b and c`. */
  readonly all: (items: readonly string[]) => string;
  /**
   * A duration as text: `0.4 s`, `2 min 5 s`, `3 h 20 min`, `4 min`. The signs of units are the same in all languages.
   */
  readonly duration: (ms: number) => string;
  /** A share as `12.5 %`. */
  readonly percent: (share: number) => string;
  /** A distance as text: in whole kilometres, or with one decimal if it is below ten. */
  readonly kilometres: (km: number) => string;
  /** A radius as it was set, without rounding: 47.5 km stays 47.5 km. */
  readonly radius: (km: number) => string;
}

/** The highest number of a list's items that a text names. */
const NAMED = 5;

/**
 * Makes the grammar of a language. It makes the formatters of `Intl` when they are first used: the first NumberFormat
 * of a process takes 12 ms, which a program that only creates a client does not need.
 */
export function grammarOf(locale: Locale): Grammar {
  let numbers: Intl.NumberFormat | undefined;
  let plurals: Intl.PluralRules | undefined;
  const lists: { [Word in "and" | "or"]?: Intl.ListFormat } = {};

  /** A number with at most `most` decimals; `most` may be up to 3. */
  const decimals = (value: number, most: number): string => {
    numbers ??= new Intl.NumberFormat(locale);
    // `+ 0` turns a negative zero into zero, because Intl writes "-0".
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

/** Rounds an estimate to three figures, because it is no more exact than that. */
export function roughly(estimate: number): number {
  const digits = Math.max(0, String(Math.round(estimate)).length - 3);
  return Math.round(estimate / 10 ** digits) * 10 ** digits;
}

/** The text with a capital first letter, for the beginning of a heading or a sentence: `Profile type`. */
export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/**
 * The formatters by time zone of the environment. They are kept, because making the first one takes some milliseconds.
 */
const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

/**
 * A time in the zone of this machine, with the zone's name: `2026-01-31 02:15:09 CET`. The seconds are left out if
 * `hasSeconds` is false.
 */
export function localTime(time: string | number, hasSeconds = true): string {
  const date = new Date(time);
  const zoneName = globalThis.process?.env?.TZ;
  // The locale en-GB has names for the most time zones. Other locales show names such as "GMT-5".
  const formatter = formatters.get(zoneName) ?? new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" });
  formatters.set(zoneName, formatter);
  const zone = formatter.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  const clock = [two(date.getHours()), two(date.getMinutes()), ...(hasSeconds ? [two(date.getSeconds())] : [])];
  return `${day} ${clock.join(":")} ${zone}`;
}
