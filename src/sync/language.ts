import type { OpleadIssue } from "../core/issues.ts";
import { isObject } from "../core/values.ts";
import { type AnyCoded, type TextsLike, toldBy } from "../locales/coded.ts";
import { ADVICE } from "../locales/en/advice.ts";
import { POLICIES } from "../locales/en/findings.ts";
import { FIELDS, LABELS, OVERVIEW } from "../locales/en/overview.ts";
import { COLUMNS, REASONS, REPORT } from "../locales/en/report.ts";
import { PROFILE_TYPES, RULE_LABELS } from "../locales/en/rules.ts";
import { GUARD, WARNINGS } from "../locales/en/sync.ts";
import { all, DIFF, number } from "../locales/en/words.ts";
import { ADVICE_FR } from "../locales/fr/advice.ts";
import { POLICIES_FR } from "../locales/fr/findings.ts";
import { NOT_COUNTED_FR } from "../locales/fr/not-counted.ts";
import { FIELDS_FR, LABELS_FR, OVERVIEW_FR } from "../locales/fr/overview.ts";
import { recordIssueInFrench } from "../locales/fr/record-issues.ts";
import { COLUMNS_FR, REASONS_FR, REPORT_FR } from "../locales/fr/report.ts";
import { PROFILE_TYPES_FR, RULE_LABELS_FR } from "../locales/fr/rules.ts";
import { GUARD_FR, STOPS_FR, WARNINGS_FR } from "../locales/fr/sync.ts";
import { DIFF_FR, all as frenchAll, number as frenchNumber } from "../locales/fr/words.ts";
import type { ReportLanguage } from "./types/report.ts";

export type Label = keyof typeof LABELS;

export interface Language {
  readonly reasons: TextsLike<typeof REASONS>;
  readonly advice: TextsLike<typeof ADVICE>;
  readonly words: TextsLike<typeof REPORT>;
  readonly overview: TextsLike<typeof OVERVIEW>;
  readonly columns: TextsLike<typeof COLUMNS>;
  readonly fields: TextsLike<typeof FIELDS>;
  readonly rules: TextsLike<typeof RULE_LABELS>;
  readonly codes: Readonly<Record<string, string>>;
  readonly say: (label: Label) => string;
  readonly fieldsUnknown: string;
  readonly isTranslated: boolean;
  readonly issue: (issue: OpleadIssue) => string;
  readonly told: (told: AnyCoded) => string;
  readonly number: (value: number) => string;
  readonly list: (items: readonly string[]) => string;
}

const ENGLISH_NAMES = { fields: FIELDS, rules: RULE_LABELS };
const FRENCH_NAMES = { fields: FIELDS_FR, rules: RULE_LABELS_FR };

export const LANGUAGES: Readonly<Record<ReportLanguage, Language>> = {
  en: {
    reasons: REASONS,
    advice: ADVICE,
    words: REPORT,
    overview: OVERVIEW,
    columns: COLUMNS,
    fields: FIELDS,
    rules: RULE_LABELS,
    codes: PROFILE_TYPES,
    say: (label) => LABELS[label],
    fieldsUnknown: DIFF.fields_unknown,
    isTranslated: false,
    issue: ({ message }) => message,
    told: (told) => toldBy([GUARD, POLICIES, WARNINGS], withNames(told, ENGLISH_NAMES)),
    number,
    list: all,
  },
  fr: {
    reasons: REASONS_FR,
    advice: ADVICE_FR,
    words: REPORT_FR,
    overview: OVERVIEW_FR,
    columns: COLUMNS_FR,
    fields: FIELDS_FR,
    rules: RULE_LABELS_FR,
    codes: PROFILE_TYPES_FR,
    say: (label) => LABELS_FR[label],
    fieldsUnknown: DIFF_FR.fields_unknown,
    isTranslated: true,
    issue: recordIssueInFrench,
    told: (told) =>
      toldBy([GUARD_FR, POLICIES_FR, NOT_COUNTED_FR, WARNINGS_FR, STOPS_FR], withNames(told, FRENCH_NAMES)),
    number: frenchNumber,
    list: frenchAll,
  },
};

export function fieldName({ fields, rules }: Pick<Language, "fields" | "rules">, path: string): string {
  const [first = "", second = ""] = path.split(/[.[]/);
  const [name, inside] = first === "rules" ? [second, ""] : [first, second];
  const of = (texts: Readonly<Record<string, string>>, one: string) => {
    return Object.hasOwn(texts, one) ? texts[one] : undefined;
  };
  return of(rules, name) ?? (name === "address" ? of(fields, inside) : undefined) ?? of(fields, name) ?? path;
}

export function fieldIn(language: ReportLanguage, path: string): string {
  return fieldName(LANGUAGES[language], path);
}

interface Refusal {
  readonly step: string;
  readonly code: string;
  readonly status?: number | undefined;
  readonly fields?: readonly string[] | undefined;
}

export function answerIn(language: ReportLanguage, { step, code, status, fields = [] }: Refusal): string {
  const { list, words, overview } = LANGUAGES[language];
  const names = fields.map((path) => fieldIn(language, path));
  const what = list(names) || (step === "user" ? words.user : fieldIn(language, step));
  return overview.refusal({ what, code, status, takenBy: undefined });
}

// Parameters that name fields. A count may follow the name: `address.zipCode 12`.
const NAMING_FIELDS: ReadonlySet<string> = new Set(["field", "fields", "paths"]);

function withNames(one: AnyCoded, language: Pick<Language, "fields" | "rules">): AnyCoded {
  if (!isObject(one.parameters)) return one;
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    return typeof value === "string" ? value.replace(/^[^ ]+/, (path) => fieldName(language, path)) : value;
  };
  const parameters = Object.entries(one.parameters).map(([key, value]) => {
    return [key, NAMING_FIELDS.has(key) ? named(value) : value];
  });
  return { ...one, parameters: Object.fromEntries(parameters) };
}
