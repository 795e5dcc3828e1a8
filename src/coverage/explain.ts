import { invalid } from "../core/errors.ts";
import { countryCodeProblem, issueAt, type OpleadIssue } from "../core/issues.ts";
import { showIdentity } from "../core/redact.ts";
import { inTurns, type LongWork } from "../core/time.ts";
import {
  argumentsCheck,
  iterable,
  oneOf,
  options,
  optionsCheck,
  record,
  says,
  text,
  valueThat,
  wholeNumber,
} from "../core/validate.ts";
import { isRecord } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellValue } from "../locales/en/core.ts";
import { EXPLANATION, tellCoverageOption } from "../locales/en/coverage.ts";
import { EXPLANATION_FR, explainedInFrench } from "../locales/fr/coverage.ts";
import type { CountryDetails } from "../rules/countries.ts";
import { dependsOn, resolveAssumptions } from "./assumptions.ts";
import { Geography } from "./geography.ts";
import { type Member, memberOf } from "./member.ts";
import type { RuleChange } from "./messages.ts";
import { areCoordinates, checkedLocate, countries as countriesSchema, evaluation, readUsers } from "./read-input.ts";
import { AXES } from "./rules/rules.ts";
import type {
  Assumptions,
  CoverageUser,
  EvaluationOptions,
  Lead,
  LeadExplanation,
  RuleAnswer,
  UserVerdict,
} from "./types.ts";
import { byVerdict, type Explained, explainerOf, inOrder, isEnoughFor, Missed } from "./verdicts.ts";

/** Options of {@link explainLead}. */
export interface ExplainOptions extends EvaluationOptions {
  /**
   * The country of the lead and perhaps more countries, as `getCountry` gives them. They tell in which counties a
   * postcode lies. Without them, only `locate` can tell that.
   */
  readonly countries?: readonly CountryDetails[] | undefined;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("explainLead", () => ({ users: iterable() }));

const checkOptions = /* @__PURE__ */ optionsCheck<ExplainOptions>("explainLead", () =>
  options({ countries: countriesSchema(0), ...evaluation() }),
);

/**
 * Which users are eligible for a lead, and why: the answer of every rule of every user, and for those who are not
 * eligible what would have to change. Sends nothing and changes nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for a lead without a country, for a user without an
 * account number, and for two users with the same one; `aborted`. Rules that are not valid are uncertain.
 *
 * @example
 * ```ts
 * const { users } = await explainLead({ country: "FR", zipCode: "29200", range: "RNG_CARS" }, records, { locate });
 * ```
 * @experimental
 */
export async function explainLead(
  lead: Lead,
  users: Iterable<CoverageUser>,
  options: ExplainOptions = {},
): Promise<LeadExplanation> {
  checkArguments({ users });
  checkOptions(options);
  const { assumptions: replaced, countries } = options;
  checkLead(lead);
  const assumptions = resolveAssumptions(replaced);
  const geography = new Geography(countries, checkedLocate(options.locate));
  const work = { caller: "explainLead", signal: options.signal };
  const read = readUsers(users, assumptions, work.caller, options.receives);
  const members = read.map((user) => memberOf(user, geography, assumptions));
  return explanationOf(lead, { members, geography, assumptions }, work);
}

/** Users whose rules have been read. */
interface Explainable {
  readonly members: readonly Member[];
  readonly geography: Geography;
  readonly assumptions: Assumptions;
}

/** How many users are explained before the clock is read again, to see whether other work should run. */
const AT_ONCE = 100;

/**
 * Makes the answer of {@link explainLead}.
 *
 * @throws {@link OpleadError} `aborted`.
 */
export async function explanationOf(
  lead: Lead,
  { members, geography, assumptions }: Explainable,
  work: LongWork,
): Promise<LeadExplanation> {
  const explain = explainerOf(lead, geography, assumptions);
  const explained: Explained[] = [];
  const starts = Array.from({ length: Math.ceil(members.length / AT_ONCE) }, (_, index) => index * AT_ONCE);
  for await (const start of inTurns(starts, work)) {
    const end = Math.min(members.length, start + AT_ONCE);
    for (let at = start; at < end; at += 1) explained.push(explain(members[at] as Member));
  }
  const spot = geography.spotOf(lead);
  return {
    lead,
    assumptions: dependsOn(
      members,
      {
        hasRequestTypes: lead.requestType !== undefined,
        hasZipInTwoCounties: (spot.counties?.length ?? 0) > 1,
        leavesCodesOut: false,
      },
      assumptions,
    ),
    users: inOrder(explained),
  };
}

/** @throws {@link OpleadError} `invalid_input` for a lead that is not valid. */
export function checkLead(lead: Lead): void {
  const issues: OpleadIssue[] = [];
  const wrong = countryCodeProblem(lead?.country);
  if (wrong !== undefined) issues.push(issueAt("country", wrong));
  for (const field of ["zipCode", ...AXES.map((axis) => axis.field)] as const) {
    const value: unknown = lead?.[field];
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    issues.push(issueAt(field, tellCoverageOption("not_code_of_lead")));
  }
  if (!areCoordinates(lead?.coordinates)) issues.push(issueAt("coordinates", tellCoverageOption("not_coordinates")));
  if (issues.length > 0) throw invalid("invalid_input", "the lead is not valid", issues);
}

const SIGNS: { readonly [Result in RuleAnswer["result"]]: string } = {
  pass: "✓",
  fail: "✗",
  uncertain: "?",
  not_set: "·",
};

/** Options of {@link explanationText}. */
export interface ExplanationTextOptions {
  /** How many of the users who are not eligible are shown, the nearest misses first. Default 5. */
  readonly nearMisses?: number | undefined;
  /**
   * The language of the text. Codes and the names of rules and assumptions are the same in every language. Default
   * `"en"`.
   */
  readonly language?: "en" | "fr" | undefined;
  /**
   * The names by which people know the users, indexed by account number. The explanation shows a user's name behind the
   * account number. Default: no names.
   */
  readonly names?: ReadonlyMap<string, string> | undefined;
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

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

function isVerdict(user: unknown): boolean {
  // The `rules` of a `Missed` user are not read here. Reading them makes the texts of the user's reasons, which only
  // users who are shown need.
  if (user instanceof Missed) return true;
  return isRecord(user) && isText(user.accountNumber) && isRecord(user.rules) && Array.isArray(user.changes);
}

const checkTextOptions = /* @__PURE__ */ optionsCheck<ExplanationTextOptions>("explanationText", () =>
  options({
    nearMisses: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    language: oneOf("en", "fr"),
    names: valueThat((value) => value instanceof Map, tellValue("not_map")),
  }),
);

const LANGUAGES = {
  en: { texts: EXPLANATION, said: ({ message }: RuleAnswer | RuleChange) => message },
  fr: { texts: EXPLANATION_FR, said: explainedInFrench },
};

/**
 * An explanation as lines for people: the verdict, each eligible and uncertain user with its rules, then the users that
 * come closest to being eligible with what would have to change, and the assumptions by name. The text names users by
 * their account numbers.
 */
export function explanationText(explanation: LeadExplanation, options: ExplanationTextOptions = {}): string {
  checkExplanation({ explanation });
  checkTextOptions(options);
  const { lead, users, assumptions } = explanation;
  const { nearMisses = 5, language = "en", names } = options;
  const nameOf = (user: string): string => (names?.has(user) ? ` · ${names.get(user)}` : "");
  const { texts, said } = LANGUAGES[language];
  const userLines = ({ accountNumber, rules, changes }: UserVerdict): string[] => {
    const answers = Object.entries(rules).flatMap(([name, answer]) =>
      answer.result === "not_set" ? [] : [`    ${SIGNS[answer.result]} ${texts.rule({ name, answer: said(answer) })}`],
    );
    const isEnough = isEnoughFor(rules);
    return [
      `  ${showIdentity(accountNumber)}${nameOf(accountNumber)}`,
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

/** The place and the codes of a lead, in one line. */
function leadText(lead: Lead): string {
  const { country, zipCode, coordinates } = lead;
  const place = coordinates && `at ${coordinates.join(", ")}`;
  return [country, zipCode, place, ...AXES.map(({ field }) => lead[field])].filter(Boolean).join(" ");
}
