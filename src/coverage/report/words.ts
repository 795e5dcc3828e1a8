import { type AnyCoded, type Texts, textIn } from "../../locales/coded.ts";
import { counted, listed, number } from "../../locales/en/words.ts";
import type { COVERAGE_PAGE_FR } from "../../locales/fr/pages.ts";
import * as french from "../../locales/fr/words.ts";

// Not a namespace: esbuild would put an object of all its exports into the chunk that the core shares.
const english = { counted, listed, number };

export type PageLanguage = "en" | "fr";
/** A text of a page. One that has no French does not compile. */
export type Text = keyof typeof COVERAGE_PAGE_FR;
type Noun = Extract<Text, `${string}|${string}`>;
/** The texts of a page in another language than English. */
export type Phrases = Readonly<Record<Text, string>>;

/** Names for people, by code and by account number. */
export interface Names {
  readonly labels: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, string>>;
}

/** Everything that a page says, in its language and with the names that it may show. */
export class Words {
  readonly phrases: Phrases | undefined;
  readonly names: Names;
  readonly #texts: Texts;
  readonly #isFrench: boolean;

  /** `phrases`: undefined for English. `texts`: of what is told by a code. */
  constructor(phrases: Phrases | undefined, texts: Texts, names: Names) {
    this.phrases = phrases;
    this.names = names;
    this.#texts = texts;
    this.#isFrench = phrases !== undefined;
  }

  get language(): PageLanguage {
    return this.#isFrench ? "fr" : "en";
  }

  say(text: Text, parameters: Readonly<Record<string, string>> = {}): string {
    const template = this.phrases ? french.typeset(this.phrases[text]) : text;
    return template.replace(/\{(\w+)\}/g, (_place, name: string) => parameters[name] ?? "");
  }

  /** The name of a rule, or of a kind of codes. */
  label(text: string): string {
    return this.phrases && Object.hasOwn(this.phrases, text) ? this.say(text as Text) : text;
  }

  number(value: number): string {
    return (this.#isFrench ? french : english).number(value);
  }

  /** One decimal: `1.2`. */
  decimal(value: number): string {
    return this.#isFrench ? value.toFixed(1).replace(".", ",") : value.toFixed(1);
  }

  counted(amount: number, noun: Noun): string {
    const [one = "", many] = (this.phrases?.[noun] ?? noun).split("|");
    return (this.#isFrench ? french : english).counted(amount, one, many);
  }

  listed(items: readonly string[]): string {
    return this.#isFrench ? french.listed(items) : english.listed(items);
  }

  date(day: string): string {
    return this.#isFrench ? french.date(day) : day;
  }

  /** `Voitures (RNG_CARS)`. */
  code(code: string): string {
    const label = Object.hasOwn(this.names.labels, code) ? this.names.labels[code] : undefined;
    return label ? `${label} (${code})` : code;
  }

  /** `DLR-0114 · Garage`, where names may be shown. */
  user(accountNumber: string): string {
    const name = Object.hasOwn(this.names.users, accountNumber) ? this.names.users[accountNumber] : undefined;
    return name ? `${accountNumber} · ${name}` : accountNumber;
  }

  /** The text of a code, with names. A code of another version keeps its message. */
  told(told: AnyCoded): string {
    return this.named(told).message;
  }

  /** The same, in this language and with names. */
  named<T extends AnyCoded>(told: T): T {
    const text = textIn(this.#texts, told.code);
    if (!text || told.parameters === undefined) return told;
    // The parameters are those of the code, with other texts in the same places.
    const parameters = this.#named(told.parameters, "") as never;
    const message = text(parameters);
    return { ...told, parameters, message: this.#isFrench ? french.typeset(message) : message };
  }

  #named(value: unknown, key: string): unknown {
    if (typeof value === "string") return /^(?:users?|other)$/.test(key) ? this.user(value) : this.code(value);
    if (Array.isArray(value)) return value.map((one) => this.#named(one, key));
    if (typeof value !== "object" || value === null) return value;
    const named = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#named(one, name)]));
    return "message" in value && "code" in value ? { ...named, message: this.told(value as AnyCoded) } : named;
  }
}
