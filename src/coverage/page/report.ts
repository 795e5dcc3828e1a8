import { showIdentity } from "../../core/redact.ts";
import { boolean, oneOf, options, optionsCheck, text } from "../../core/validate.ts";
import { isObject } from "../../core/values.ts";
import type { Texts } from "../../locales/coded.ts";
import { COVERAGE_PAGE, COVERAGE_SCRIPT } from "../../locales/en/coverage-page.ts";
import { COVERAGE_FINDINGS } from "../../locales/en/findings.ts";
import { NOT_COUNTED } from "../../locales/en/not-counted.ts";
import { LEAD_LABELS, PROFILE_TYPES, RULE_LABELS } from "../../locales/en/rules.ts";
import { day } from "../../locales/en/words.ts";
import { COVERAGE_PAGE_FR, COVERAGE_SCRIPT_FR } from "../../locales/fr/coverage-page.ts";
import { COVERAGE_FINDINGS_FR } from "../../locales/fr/findings.ts";
import { NOT_COUNTED_FR } from "../../locales/fr/not-counted.ts";
import { LEAD_LABELS_FR, PROFILE_TYPES_FR, RULE_LABELS_FR } from "../../locales/fr/rules.ts";
import type { CoverageInternals } from "../internals.ts";
import { labels } from "../read-input.ts";
import type { CoverageRenderOptions, CoverageResult, CoverageUser, EvaluationOptions, Universe } from "../types.ts";
import { encodeReport } from "./data.ts";
import { renderPage } from "./page.ts";
import { CoverageWords, type Names, type PageLanguage, type PageTexts } from "./words.ts";

const TOLD: Readonly<Record<PageLanguage, readonly Texts[]>> = {
  en: [COVERAGE_FINDINGS, NOT_COUNTED],
  fr: [COVERAGE_FINDINGS_FR, NOT_COUNTED_FR],
};

export function wordsIn(language: PageLanguage, names: Names): CoverageWords<PageTexts> {
  const said =
    language === "fr"
      ? { ...COVERAGE_SCRIPT_FR, ...COVERAGE_PAGE_FR, ...LEAD_LABELS_FR, ...RULE_LABELS_FR }
      : { ...COVERAGE_SCRIPT, ...COVERAGE_PAGE, ...LEAD_LABELS, ...RULE_LABELS };
  const codes = language === "fr" ? PROFILE_TYPES_FR : PROFILE_TYPES;
  return new CoverageWords<PageTexts>(language, said, TOLD[language], {
    ...names,
    labels: { ...codes, ...names.labels },
  });
}

const checkOptions = /* @__PURE__ */ optionsCheck<CoverageRenderOptions & { readonly as: "html" }>("render", () =>
  options({ language: oneOf("en", "fr"), labels: labels(), names: boolean(), company: text() }, { as: oneOf("html") }),
);

type Evaluate = (
  users: Iterable<CoverageUser>,
  options: EvaluationOptions & { readonly universe: Universe },
) => Promise<CoverageResult>;

export async function renderCoverage(
  result: CoverageResult,
  internals: CoverageInternals,
  evaluate: Evaluate,
  as: "html",
  options: CoverageRenderOptions = {},
): Promise<string> {
  // A value that is no object is refused as it is.
  checkOptions(isObject(options) ? { ...options, as } : (options as never));
  const { names = false, language = "en", labels = {}, company } = options;
  const { network, users } = internals;
  if (!names && network.members.some(({ user }) => isHidden(user.accountNumber))) {
    return (await withoutIdentities(internals, evaluate)).render(as, options);
  }
  const words = wordsIn(language, { labels, users: names ? namesOf(users) : {} });
  const heading = { title: words.say("title"), company, date: day(Date.now()) };
  const data = encodeReport(network, words);
  return renderPage(network, result, data, heading, words).text;
}

function isHidden(accountNumber: string): boolean {
  return showIdentity(accountNumber) !== accountNumber;
}

function withoutIdentities(
  { network, locate, receives: ofOriginal, users }: CoverageInternals,
  evaluate: Evaluate,
): Promise<CoverageResult> {
  const { universe, assumptions } = network;
  const originals = new Map<CoverageUser, CoverageUser>();
  for (const [index, original] of users.entries()) {
    const { accountNumber = "" } = original.user;
    const shown = isHidden(accountNumber) ? `hidden-${index + 1}` : accountNumber;
    originals.set({ ...original, user: { ...original.user, accountNumber: shown } }, original);
  }
  const { distanceFrom } = assumptions;
  const from =
    typeof distanceFrom === "function"
      ? (user: CoverageUser) => distanceFrom(originals.get(user) ?? user)
      : distanceFrom;
  const receives =
    typeof ofOriginal === "function" ? (user: CoverageUser) => ofOriginal(originals.get(user) ?? user) : ofOriginal;
  const replaced = { ...assumptions, distanceFrom: from };
  return evaluate(originals.keys(), { universe, locate, receives, assumptions: replaced });
}

function namesOf(users: readonly CoverageUser[]): { [accountNumber: string]: string } {
  return Object.fromEntries(
    users.map(({ user: { accountNumber = "", company, firstname, lastname } }) => {
      const person = [firstname, lastname].filter(Boolean).join(" ");
      return [accountNumber, company && person ? `${company}, ${person}` : company || person];
    }),
  );
}
