import * as z from "zod/mini";
import { showIdentity } from "../../base/redact.ts";
import { isRecord } from "../../base/validation/is-object.ts";
import {
  argumentsCheck,
  oneOf,
  options,
  optionsCheck,
  record,
  says,
  text,
  valueThat,
  wholeNumber,
} from "../../base/validation/validate.ts";
import { EXPLANATION, tellCoverageOption } from "../../locales/en/coverage.ts";
import { EXPLANATION_FR, explainedInFrench } from "../../locales/fr/coverage.ts";
import { AXES } from "../rules/rules.ts";
import type { Lead, LeadExplanation, RuleAnswer, RuleChange, UserVerdict } from "../types.ts";
import { byVerdict, isEnoughFor, Missed } from "./verdicts.ts";

const MARKS: { readonly [Result in RuleAnswer["result"]]: string } = {
  pass: "✓",
  fail: "✗",
  uncertain: "?",
  not_set: "·",
};

/** How {@link explanationText} writes an explanation. */
export interface ExplanationTextOptions {
  /** How many of the users who are not eligible. The nearest misses come first. Default 5. */
  readonly nearMisses?: number | undefined;
  /** The language of the text; names of rules, of assumptions and codes are the same in each. Default `"en"`. */
  readonly language?: "en" | "fr" | undefined;
}

const checkExplanation = /* @__PURE__ */ argumentsCheck("explanationText", () => ({
  explanation: z.object(
    {
      lead: record(),
      users: z.array(valueThat(isVerdict, tellCoverageOption("not_explanation"))),
      assumptions: z.array(text(), says(tellCoverageOption("not_list_of_text"))),
    },
    says(tellCoverageOption("not_explanation")),
  ),
}));

/** Does not read why a user missed the lead: that would be found for thousands who are not shown. */
const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

function isVerdict(user: unknown): boolean {
  if (user instanceof Missed) return true;
  return isRecord(user) && isText(user.accountNumber) && isRecord(user.rules) && Array.isArray(user.changes);
}

const checkTextOptions = /* @__PURE__ */ optionsCheck<ExplanationTextOptions>("explanationText", () =>
  options({ nearMisses: wholeNumber(0, Number.MAX_SAFE_INTEGER), language: oneOf("en", "fr") }),
);

const LANGUAGES = {
  en: { texts: EXPLANATION, said: ({ message }: RuleAnswer | RuleChange) => message },
  fr: { texts: EXPLANATION_FR, said: explainedInFrench },
};

/**
 * An explanation as lines for people: the verdict, each eligible and uncertain user with its rules, then the nearest misses
 * with what would have to change, and the assumptions by name. Names users by account number.
 */
export function explanationText(explanation: LeadExplanation, options: ExplanationTextOptions = {}): string {
  checkExplanation({ explanation });
  checkTextOptions(options);
  const { lead, users, assumptions } = explanation;
  const { nearMisses = 5, language = "en" } = options;
  const { texts, said } = LANGUAGES[language];
  const userLines = ({ accountNumber, rules, changes }: UserVerdict): string[] => {
    const answers = Object.entries(rules).flatMap(([name, answer]) =>
      answer.result === "not_set" ? [] : [`    ${MARKS[answer.result]} ${texts.rule({ name, answer: said(answer) })}`],
    );
    const isEnough = isEnoughFor(rules);
    return [
      `  ${showIdentity(accountNumber)}`,
      ...(answers.length > 0 ? answers : [`    · ${texts.no_rule()}`]),
      ...(changes.length > 0 ? [`    ${texts.to_be_eligible({ changes: changes.map(said), isEnough })}`] : []),
    ];
  };
  const { eligible, uncertain, not_eligible: others } = byVerdict(users);
  const verdicts = { eligible: eligible.length, uncertain: uncertain.length, others: others.length };
  const lines = [texts.lead({ lead: leadText(lead) }), texts.verdicts(verdicts)];
  if (eligible.length > 0) lines.push("", texts.eligible(), ...eligible.flatMap(userLines));
  if (uncertain.length > 0) lines.push("", texts.uncertain(), ...uncertain.flatMap(userLines));
  const shown = others.slice(0, nearMisses);
  if (shown.length > 0) lines.push("", texts.not_eligible(), ...shown.flatMap(userLines));
  if (others.length > shown.length) lines.push(`  ${texts.more_users({ count: others.length - shown.length })}`);
  lines.push("", texts.assumptions({ names: assumptions }));
  return lines.join("\n");
}

/** A lead in one line: only what is known of it. */
function leadText(lead: Lead): string {
  const { country, zipCode, coordinates } = lead;
  const place = coordinates && `at ${coordinates.join(", ")}`;
  return [country, zipCode, place, ...AXES.map(({ field }) => lead[field])].filter(Boolean).join(" ");
}
