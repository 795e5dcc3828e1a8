import { invalid } from "../core/errors.ts";
import { countryCodeProblem, issueAt, type OpleadIssue } from "../core/issues.ts";
import { showIdentity } from "../core/redact.ts";
import { inTurns, type LongWork } from "../core/time.ts";
import { argumentsCheck, iterable, oneOf, options, optionsCheck, valueThat } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { toldBy } from "../locales/coded.ts";
import { tellValue } from "../locales/en/core.ts";
import { EXPLANATION, tellCoverageOption } from "../locales/en/coverage.ts";
import { NOT_COUNTED } from "../locales/en/not-counted.ts";
import { EXPLANATION_FR, explainedInFrench } from "../locales/fr/coverage.ts";
import { NOT_COUNTED_FR } from "../locales/fr/not-counted.ts";
import type { CountryDetails } from "../rules/countries.ts";
import { resolveAssumptions, variationsOf } from "./assumptions.ts";
import { Geography } from "./geography.ts";
import { type Member, mayStillGet, memberOf, notCountedMembers } from "./member.ts";
import type { RuleChange } from "./messages.ts";
import { areCoordinates, checkedLocate, countries as countriesSchema, evaluation, readUsers } from "./read-input.ts";
import { someHaveRules } from "./receiving.ts";
import { AXES } from "./rules/rules.ts";
import type {
  AssumptionName,
  Assumptions,
  CoverageUser,
  EvaluationOptions,
  Lead,
  LeadExplanation,
  LeadRenderOptions,
  RuleAnswer,
  UserVerdict,
} from "./types.ts";
import { type Explained, explainerOf, inOrder } from "./verdicts.ts";

/** Options of {@link explainLead}. */
export interface ExplainLeadOptions extends EvaluationOptions {
  /**
   * What `getCountry` returns: countries with the counties of postcodes. Default: none; then only `locate` tells
   * counties.
   */
  readonly countries?: readonly CountryDetails[] | undefined;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("explainLead", () => ({ users: iterable() }));

const checkOptions = /* @__PURE__ */ optionsCheck<ExplainLeadOptions>("explainLead", () =>
  options({ countries: countriesSchema(0), ...evaluation() }),
);

/**
 * Which users are eligible for a lead, and why: the answer of every rule, the assumptions of which another value would
 * change the verdict, and what those who are not eligible would need. A code that the lead leaves out restricts nothing.
 * A user without a known place covers nothing by distance, and a rule that is not valid admits no lead; `notCounted`
 * names both. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for a lead without a country, for a user without an
 * account number, and for two users with the same one.
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
  options: ExplainLeadOptions = {},
): Promise<LeadExplanation> {
  checkArguments({ users });
  checkOptions(options);
  const { assumptions: replaced, countries } = options;
  checkLead(lead);
  const assumptions = resolveAssumptions(replaced);
  const geography = new Geography(countries, checkedLocate(options.locate));
  const work = { caller: "explainLead", signal: undefined };
  const read = readUsers(users, assumptions, work.caller, options.receives);
  const othersHaveRules = someHaveRules(read.filter(({ notCounted }) => !notCounted));
  const members = read.map((user) => memberOf(user, geography, othersHaveRules));
  return rendered(await explanationOf(lead, { members, geography, assumptions }, work));
}

type Explanation = Omit<LeadExplanation, "render">;

interface Explainable {
  readonly members: readonly Member[];
  readonly geography: Geography;
  readonly assumptions: Assumptions;
}

// Users explained between two looks at the clock.
const AT_ONCE = 100;

export async function explanationOf(
  lead: Lead,
  { members: all, geography, assumptions }: Explainable,
  work: LongWork,
): Promise<Explanation> {
  const members = all.filter(({ user }) => !user.notCounted);
  const spot = geography.spotOf(lead);
  const told = all.filter((one) => one.excluded !== "users_left" || mayStillGet(one, lead, spot, assumptions));
  const others = variationsOf(assumptions);
  const explain = explainerOf(lead, geography, assumptions, others);
  const explained: Explained[] = [];
  const starts = Array.from({ length: Math.ceil(members.length / AT_ONCE) }, (_, index) => index * AT_ONCE);
  for await (const start of inTurns(starts, work)) {
    const end = Math.min(members.length, start + AT_ONCE);
    for (let at = start; at < end; at += 1) explained.push(explain(members[at] as Member));
  }
  const found = new Set<AssumptionName>(explained.flatMap(({ user }) => user.assumptions));
  const names = new Set(others.map(({ name }) => name).filter((name) => found.has(name)));
  const notCounted = notCountedMembers(told, assumptions);
  return { lead, assumptions: [...names], users: inOrder(explained), notCounted };
}

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
  not_set: "·",
};

const checkRender = /* @__PURE__ */ optionsCheck<LeadRenderOptions & { readonly as: "text" }>("render", () =>
  options(
    {
      language: oneOf("en", "fr"),
      names: valueThat((value) => value instanceof Map, tellValue("not_map")),
    },
    { as: oneOf("text") },
  ),
);

const LANGUAGES = {
  en: { texts: EXPLANATION, told: NOT_COUNTED, said: ({ message }: RuleAnswer | RuleChange) => message },
  fr: { texts: EXPLANATION_FR, told: NOT_COUNTED_FR, said: explainedInFrench },
};

// `render` is not enumerable, so that an explanation can be copied and compared as data.
export function rendered(explanation: Explanation): LeadExplanation {
  const render: LeadExplanation["render"] = async (as, given = {}) => {
    // A value that is no object is refused as it is.
    checkRender(isObject(given) ? { ...given, as } : (given as never));
    return textOf(explanation, given);
  };
  return Object.defineProperty({ ...explanation, render }, "render", { enumerable: false });
}

// Users shown who are not eligible, the nearest misses first.
const NEAR_MISSES = 5;

function textOf(explanation: Explanation, options: LeadRenderOptions): string {
  const { lead, users, assumptions, notCounted } = explanation;
  const { language = "en", names } = options;
  const nameOf = (user: string): string => (names?.has(user) ? ` · ${names.get(user)}` : "");
  const { texts, told, said } = LANGUAGES[language];
  const userLines = ({ accountNumber, assumptions: others, rules, changes }: UserVerdict): string[] => {
    const answers = Object.entries(rules).flatMap(([name, answer]) =>
      answer.result === "not_set" ? [] : [`    ${SIGNS[answer.result]} ${texts.rule({ name, answer: said(answer) })}`],
    );
    return [
      `  ${showIdentity(accountNumber)}${nameOf(accountNumber)}`,
      ...(answers.length > 0 || changes.length > 0 ? answers : [`    · ${texts.no_rule}`]),
      ...(changes.length > 0 ? [`    ${texts.to_be_eligible({ changes: changes.map(said) })}`] : []),
      ...(others.length > 0 ? [`    ${texts.otherwise({ names: others })}`] : []),
    ];
  };
  const eligible = users.filter(({ verdict }) => verdict === "eligible");
  const others = users.filter(({ verdict }) => verdict !== "eligible");
  const verdicts = { eligible: eligible.length, others: others.length };
  const lines = [texts.lead({ lead: leadText(lead) }), texts.verdicts(verdicts)];
  if (eligible.length > 0) lines.push("", texts.eligible, ...eligible.flatMap(userLines));
  const shown = others.slice(0, NEAR_MISSES);
  if (shown.length > 0) lines.push("", texts.not_eligible, ...shown.flatMap(userLines));
  if (others.length > shown.length) lines.push(`  ${texts.more_users({ count: others.length - shown.length })}`);
  const uncounted = notCounted.map((one) => {
    const parameters = { ...one.parameters, users: one.parameters.users.map((user) => user + nameOf(user)) };
    return toldBy([told], { ...one, parameters });
  });
  lines.push(...(uncounted.length > 0 ? ["", ...uncounted] : []), "", texts.assumptions({ names: assumptions }));
  return lines.join("\n");
}

function leadText(lead: Lead): string {
  const { country, zipCode, coordinates } = lead;
  const place = coordinates && `at ${coordinates.join(", ")}`;
  return [country, zipCode, place, ...AXES.map(({ field }) => lead[field])].filter(Boolean).join(" ");
}
