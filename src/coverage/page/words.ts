import { type AnyCoded, type Given, type Texts, type TextsLike, textWith, toldBy } from "../../locales/coded.ts";
import type { COVERAGE_PAGE, COVERAGE_SCRIPT } from "../../locales/en/coverage-page.ts";
import type { LEAD_LABELS, RULE_LABELS } from "../../locales/en/rules.ts";
import { listed, number } from "../../locales/en/words.ts";
import { date, listed as listedInFrench, number as numberInFrench } from "../../locales/fr/words.ts";

// The import is not a namespace import: esbuild would put an object of all exports into shared chunks.
const english = { listed, number };
const french = { listed: listedInFrench, number: numberInFrench };

export type PageLanguage = "en" | "fr";
// Texts that the page and its script share.
export type ScriptTexts = typeof COVERAGE_SCRIPT;
export type PageTexts = ScriptTexts & typeof COVERAGE_PAGE & typeof LEAD_LABELS & typeof RULE_LABELS;

// The codes of texts without parameters.
export type Label<T extends Texts = PageTexts> = {
  [Code in keyof T]: T[Code] extends string ? Code : never;
}[keyof T];

export interface Names {
  readonly labels: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, string>>;
}

// What a page says, in its language and with the names that it may show.
export class CoverageWords<T extends Texts = ScriptTexts> {
  readonly language: PageLanguage;
  readonly names: Names;
  readonly #said: TextsLike<T>;
  readonly #told: readonly Texts[];
  #labelCounts: ReadonlyMap<string, number> | undefined;

  constructor(language: PageLanguage, said: TextsLike<T>, told: readonly Texts[], names: Names) {
    this.language = language;
    this.names = names;
    this.#said = said;
    this.#told = told;
  }

  say<Code extends keyof T>(code: Code, ...given: Given<T, Code>): string {
    return textWith(this.#said[code], given[0]);
  }

  number(value: number): string {
    return (this.language === "fr" ? french : english).number(value);
  }

  listed(items: readonly string[]): string {
    return (this.language === "fr" ? french : english).listed(items);
  }

  date(day: string): string {
    return this.language === "fr" ? date(day) : day;
  }

  code(code: string): string {
    const { labels } = this.names;
    const label = Object.hasOwn(labels, code) ? labels[code] : undefined;
    if (!label) return code;
    this.#labelCounts ??= countsOf(Object.values(labels));
    return (this.#labelCounts.get(label) ?? 0) > 1 ? `${label} (${code})` : label;
  }

  // The page's script holds no names of rules: there they come from the page's data.
  #rule(name: string): string {
    return Object.hasOwn(this.#said, name) ? textWith(this.#said[name as keyof T], {}) : name;
  }

  user(accountNumber: string): string {
    const name = Object.hasOwn(this.names.users, accountNumber) ? this.names.users[accountNumber] : undefined;
    return name ? `${accountNumber} · ${name}` : accountNumber;
  }

  told(told: AnyCoded): string {
    return this.named(told).message;
  }

  // Returns a message in the page's language, with the page's names. A message of an unknown code stays as it is.
  named<One extends AnyCoded>(told: One): One {
    if (told.parameters === undefined || !this.#told.some((texts) => Object.hasOwn(texts, told.code))) return told;
    const named = { ...told, parameters: this.#named(told.parameters, "") };
    return { ...named, message: toldBy(this.#told, named) };
  }

  #named(value: unknown, key: string): unknown {
    if (typeof value === "string" && key === "rule") return this.#rule(value);
    if (typeof value === "string") return /^(?:users?|other)$/.test(key) ? this.user(value) : this.code(value);
    if (Array.isArray(value)) return value.map((one) => this.#named(one, key));
    if (typeof value !== "object" || value === null) return value;
    const named = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#named(one, name)]));
    return "message" in value && "code" in value ? { ...named, message: this.told(value as AnyCoded) } : named;
  }
}

function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
