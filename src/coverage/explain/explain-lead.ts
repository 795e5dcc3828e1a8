import { invalid } from "../../base/errors.ts";
import { issueAt, type OpleadIssue } from "../../base/issues.ts";
import { inTurns, type LongWork } from "../../base/time/in-turns.ts";
import { iterable } from "../../base/validation/parts.ts";
import { argumentsCheck, options, optionsCheck } from "../../base/validation/validate.ts";
import { countryCodeProblem } from "../../base/validation/value-problems.ts";
import { tellCoverageOption } from "../../locales/en/coverage.ts";
import type { CountryDetails } from "../../reference-types.ts";
import { resolveAssumptions } from "../assumptions.ts";
import { checkedLocate } from "../checked-locate.ts";
import { dependsOn } from "../depends-on.ts";
import { Geography } from "../network/geography.ts";
import { type Member, memberOf } from "../network/member.ts";
import { countries as countriesSchema, evaluation } from "../read-options.ts";
import { areCoordinates, readUsers } from "../read-users.ts";
import { AXES } from "../rules/rules.ts";
import type { Assumptions, CoverageUser, EvaluationOptions, Lead, LeadExplanation } from "../types.ts";
import { type Explained, explainerOf, inOrder } from "./verdicts.ts";

/** Options of {@link explainLead}. */
export interface ExplainOptions extends EvaluationOptions {
  /**
   * As `getCountry` gives them. They say in which counties a postcode lies; without them `locate` may, and else it is not
   * known.
   */
  readonly countries?: readonly CountryDetails[] | undefined;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("explainLead", () => ({ users: iterable() }));

const checkOptions = /* @__PURE__ */ optionsCheck<ExplainOptions>("explainLead", () =>
  options({ countries: countriesSchema(0), ...evaluation() }),
);

/**
 * Which users are eligible for a lead, and why: the answer of every rule of every user, and for those who are not eligible
 * what would have to change. Sends nothing and changes nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for a lead without a country, for a user without an account number, and for
 * two users with the same one; `aborted`. Rules that are not valid are uncertain.
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
  const read = readUsers(users, assumptions, work.caller);
  const members = read.map((user) => memberOf(user, geography, assumptions));
  return explanationOf(lead, { members, geography, assumptions }, work);
}

/** Users whose rules have been read. */
interface Explainable {
  readonly members: readonly Member[];
  readonly geography: Geography;
  readonly assumptions: Assumptions;
}

/** So many users are explained between two looks at the clock. */
const AT_ONCE = 100;

/**
 * What {@link explainLead} answers.
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
    for (const member of members.slice(start, start + AT_ONCE)) explained.push(explain(member));
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

/** @throws {@link OpleadError} `invalid_input`. */
export function checkLead(lead: Lead): void {
  const issues = findLeadIssues(lead);
  if (issues.length > 0) throw invalid("invalid_input", "the lead is not valid", issues);
}

export function findLeadIssues(lead: Lead): OpleadIssue[] {
  const issues: OpleadIssue[] = [];
  const wrong = countryCodeProblem(lead?.country);
  if (wrong !== undefined) issues.push(issueAt("country", wrong));
  for (const field of ["zipCode", ...AXES.map((axis) => axis.field)] as const) {
    const value: unknown = lead?.[field];
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    issues.push(issueAt(field, tellCoverageOption("not_code_of_lead")));
  }
  if (!areCoordinates(lead?.coordinates)) issues.push(issueAt("coordinates", tellCoverageOption("not_coordinates")));
  return issues;
}
