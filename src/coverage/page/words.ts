import { argumentsCheck, iterable } from "../../core/validate.ts";
import { type AnyCoded, type Given, type Texts, type TextsLike, toldBy } from "../../locales/coded.ts";
import type { COVERAGE_PAGE, COVERAGE_SCRIPT } from "../../locales/en/coverage-page.ts";
import { COVERAGE_FINDINGS } from "../../locales/en/findings.ts";
import type { LEAD_LABELS, RULE_LABELS } from "../../locales/en/rules.ts";
import { listed, number } from "../../locales/en/words.ts";
import { date, listed as listedInFrench, number as numberInFrench } from "../../locales/fr/words.ts";
import type { CoverageFinding } from "../messages.ts";
import { labels as labelsSchema } from "../read-input.ts";

// The functions are imported by name. For a namespace import, esbuild would put an object of all exports into chunks
// that other parts of the package share.
const english = { listed, number };
const french = { listed: listedInFrench, number: numberInFrench };

export type PageLanguage = "en" | "fr";
/** The texts that both the page and its script need. */
export type ScriptTexts = typeof COVERAGE_SCRIPT;
export type PageTexts = ScriptTexts & typeof COVERAGE_PAGE & typeof LEAD_LABELS & typeof RULE_LABELS;

/** A text without parameters, by its code. */
export type Label<T extends Texts = PageTexts> = {
  [Code in keyof T]: T[Code] extends () => string ? Code : never;
}[keyof T];

/** Names to show: labels by code, and names of users by account number. */
export interface Names {
  /** Whether codes are shown beside their labels. Default: only if two codes have the same label. */
  readonly withCodes?: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, string>>;
}

/** Everything that a page says, in its language and with the names that it may show. */
export class CoverageWords<T extends Texts = ScriptTexts> {
  readonly language: PageLanguage;
  readonly names: Names;
  readonly #said: TextsLike<T>;
  readonly #told: readonly Texts[];
  #labelCounts: ReadonlyMap<string, number> | undefined;

  /** `told`: the texts of findings and other messages, by code. */
  constructor(language: PageLanguage, said: TextsLike<T>, told: readonly Texts[], names: Names) {
    this.language = language;
    this.names = names;
    this.#said = said;
    this.#told = told;
  }

  say<Code extends keyof T>(code: Code, ...given: Given<T, Code>): string {
    return this.#said[code](...given);
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

  /** A code as text: `Voitures`, or `Voitures (RNG_CARS)` if codes are shown or two codes have this label. */
  code(code: string): string {
    const { labels, withCodes = false } = this.names;
    const label = Object.hasOwn(labels, code) ? labels[code] : undefined;
    if (!label) return code;
    this.#labelCounts ??= countsOf(Object.values(labels));
    return withCodes || (this.#labelCounts.get(label) ?? 0) > 1 ? `${label} (${code})` : label;
  }

  /**
   * The name of a rule that the page shows. In the page's script, the name comes from the page's data, because the
   * script holds no names of rules.
   */
  #rule(name: string): string {
    const text = Object.hasOwn(this.#said, name) ? this.#said[name as keyof T] : undefined;
    return text ? (text as () => string)() : name;
  }

  /** A user as text: `DLR-0114 · Garage` if names may be shown, otherwise only the account number. */
  user(accountNumber: string): string {
    const name = Object.hasOwn(this.names.users, accountNumber) ? this.names.users[accountNumber] : undefined;
    return name ? `${accountNumber} · ${name}` : accountNumber;
  }

  /**
   * The message with names instead of codes. If this version of the package does not know the message's code, the
   * message stays as it is.
   */
  told(told: AnyCoded): string {
    return this.named(told).message;
  }

  /**
   * Returns the finding with its message in the language of the page. In the message, rules and codes (such as ranges)
   * have the names that the page shows for them, and users have their names if the page may show names.
   */
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

const checkArguments = /* @__PURE__ */ argumentsCheck("labelFindings", () => ({
  findings: iterable(),
  labels: labelsSchema(),
}));

/**
 * Copies of findings, in which messages and parameters show a readable name before each code: `Voitures (RNG_CARS)`.
 * The fields `dimensions`, `zipCodes` and `accountNumbers` do not change. `labels`: the name of each code. A code
 * without a name is shown alone.
 *
 * @throws {@link OpleadError} `invalid_input` for arguments of another type.
 *
 * @example
 * ```ts
 * for (const { message } of labelFindings(findings, { RNG_CARS: "Voitures" })) console.log(message);
 * ```
 * @experimental
 */
export function labelFindings(
  findings: Iterable<CoverageFinding>,
  labels: Readonly<Record<string, string>>,
): CoverageFinding[] {
  checkArguments({ findings, labels });
  const words = new CoverageWords<Texts>("en", {}, [COVERAGE_FINDINGS], {
    labels,
    users: {},
    withCodes: true,
  });
  return [...findings].map((finding) => words.named(finding));
}
