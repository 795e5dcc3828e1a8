import { invalid } from "../../base/errors.ts";
import { issueAt, type OpleadIssue, within } from "../../base/issues.ts";
import { showIdentity } from "../../base/redact.ts";
import { endIfAborted } from "../../base/time/in-turns.ts";
import { iterable } from "../../base/validation/parts.ts";
import { argumentsCheck, options, optionsCheck } from "../../base/validation/validate.ts";
import { tellCoverageOption } from "../../locales/en/coverage.ts";
import { tellLeads } from "../../locales/en/findings.ts";
import type { CountryDetails } from "../../reference-types.ts";
import { resolveAssumptions } from "../assumptions.ts";
import { checkedLocate } from "../checked-locate.ts";
import { dependsOn } from "../depends-on.ts";
import { findLeadIssues } from "../explain/explain-lead.ts";
import { explainerOf } from "../explain/verdicts.ts";
import { append } from "../get-or-make.ts";
import { admits } from "../network/admits.ts";
import { Geography, type Spot } from "../network/geography.ts";
import { type Member, memberOf } from "../network/member.ts";
import { countries, evaluation } from "../read-options.ts";
import { type ReadUser, readUsers } from "../read-users.ts";
import type { Result } from "../rules/coverage-rule.ts";
import { RULE_NAMES } from "../rules/rules.ts";
import type { Assumptions, CoverageUser, EvaluationOptions } from "../types.ts";
import { setsOf } from "./sets.ts";
import type { AssumptionCheck, LeadCheck, LeadsAgainstRules, ObservedLead } from "./types.ts";

/** Options of {@link checkLeads}. */
export interface CheckLeadsOptions extends EvaluationOptions {
  /**
   * As `getCountry` gives them. They say in which counties a postcode lies; without them `locate` may, and else it is not
   * known.
   */
  readonly countries?: readonly CountryDetails[] | undefined;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("checkLeads", () => ({ leads: iterable(), users: iterable() }));

const checkOptions = /* @__PURE__ */ optionsCheck<CheckLeadsOptions>("checkLeads", () =>
  options({ countries: countries(0), ...evaluation() }),
);

/**
 * Counts how many of the leads that users really got are explained by the assumptions in use, and by each set that differs from them in one: another
 * way to combine area and radius, a rule that is not enabled, and so on. For the best set it names the users whose leads their own rules exclude: leads
 * that were moved by hand, or rules that were edited in Oplead. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_input` for leads and users that are not valid, each with its place; `invalid_options`; `aborted`.
 *
 * @example
 * ```ts
 * const { sets, unexplained } = await checkLeads(leads, records, { countries: [franceCountry()], locate });
 * ```
 * @experimental
 */
export async function checkLeads(
  leads: Iterable<ObservedLead>,
  users: Iterable<CoverageUser>,
  options: CheckLeadsOptions = {},
): Promise<LeadCheck> {
  checkArguments({ leads, users });
  checkOptions(options);
  const work = { caller: "checkLeads", signal: options.signal };
  endIfAborted(work);
  const base = resolveAssumptions(options.assumptions);
  const geography = new Geography(options.countries, checkedLocate(options.locate));
  const given = [...leads];
  requireLeads(given);
  const read = readUsers(users, base, work.caller);
  const known = new Set(read.map(({ accountNumber }) => accountNumber));
  const placed: Placed[] = [];
  for (const [place, lead] of given.entries()) {
    if (known.has(lead.accountNumber)) placed.push({ lead, place, spot: geography.spotOf(lead) });
  }
  const members = [...membersOf(read, geography, base).values()];
  const features = {
    hasRequestTypes: placed.some(({ lead }) => lead.requestType !== undefined),
    hasZipInTwoCounties: placed.some(({ spot }) => (spot.counties?.length ?? 0) > 1),
    leavesCodesOut: false,
  };
  const sets: Counted[] = [];
  for (const varied of setsOf(base, dependsOn(members, features, base), members)) {
    const assumptions = resolveAssumptions({ ...base, ...varied });
    sets.push(countOf(varied, assumptions, placed, membersOf(read, geography, assumptions)));
  }
  // Equal ones stay in their order, which begins with the one in use.
  sets.sort((one, other) => one.cost - other.cost);
  const [best] = sets;
  return {
    leads: placed.length,
    sets: sets.map(({ check }) => check),
    unexplained: best ? unexplainedIn(best, placed, geography) : [],
    unknown: [...new Set(given.map(({ accountNumber }) => accountNumber))].filter((one) => !known.has(one)),
  };
}

/** A lead whose user is known, with its place in the list. */
interface Placed {
  readonly lead: ObservedLead;
  readonly place: number;
  readonly spot: Spot;
}

/** A set of assumptions with its users, and the verdict on the user of each lead. */
interface Counted {
  readonly check: AssumptionCheck;
  /** How much is left to say of who got which lead: the less, the better the set. */
  readonly cost: number;
  readonly assumptions: Assumptions;
  readonly members: ReadonlyMap<string, Member>;
  readonly results: readonly Result[];
}

function membersOf(read: readonly ReadUser[], geography: Geography, assumptions: Assumptions): Map<string, Member> {
  const members = new Map<string, Member>();
  for (const user of read) {
    members.set(user.accountNumber, memberOf(user, geography, assumptions));
  }
  return members;
}

/**
 * Which of `n` users got a lead is told by `log2(n)` answers yes or no. A lead that a set does not explain went to any user, and that it is such an
 * exception must be said as well: as much as where one lead in thirty is one. So who admits everybody is no better than who admits nobody.
 */
const EXCEPTION = 5;
/** Another set must be better than the one in use by so much: a handful of leads proves little. */
const OTHER = 10;

function countOf(
  varied: Partial<Assumptions>,
  assumptions: Assumptions,
  placed: readonly Placed[],
  members: ReadonlyMap<string, Member>,
): Counted {
  const counts: Record<Result, number> = { pass: 0, uncertain: 0, fail: 0 };
  const results: Result[] = [];
  /** By the place and the codes of a lead: how many users are eligible, or may be. */
  const sharing = new Map<string, number>();
  let [cost, shares] = [Object.keys(varied).length === 0 ? 0 : OTHER, 0];
  for (const { lead, spot } of placed) {
    // Leads of users that are not known were left out.
    const result = admits(members.get(lead.accountNumber) as Member, lead, spot, assumptions);
    results.push(result);
    counts[result] += 1;
    if (result === "fail") {
      cost += Math.log2(members.size) + EXCEPTION;
      continue;
    }
    const { accountNumber: _, ...facts } = lead;
    const key = JSON.stringify(facts);
    let users = sharing.get(key);
    if (users === undefined) {
      users = 0;
      for (const member of members.values()) {
        if (admits(member, lead, spot, assumptions) !== "fail") users += 1;
      }
      sharing.set(key, users);
    }
    cost += Math.log2(users);
    shares += users;
  }
  const check = {
    assumptions: varied,
    explained: counts.pass,
    undecided: counts.uncertain,
    unexplained: counts.fail,
    sharing: Number((shares / Math.max(1, counts.pass + counts.uncertain)).toFixed(1)),
  };
  return { check, cost, assumptions, members, results };
}

/** The leads that a set does not explain, by user. */
function unexplainedIn(
  { assumptions, members, results }: Counted,
  placed: readonly Placed[],
  geography: Geography,
): LeadsAgainstRules[] {
  const against = new Map<string, Placed[]>();
  const all = new Map<string, number>();
  for (const [index, one] of placed.entries()) {
    const { accountNumber } = one.lead;
    all.set(accountNumber, (all.get(accountNumber) ?? 0) + 1);
    if (results[index] === "fail") append(against, accountNumber, one);
  }
  const found: LeadsAgainstRules[] = [];
  for (const [accountNumber, own] of against) {
    const votes = new Map(RULE_NAMES.map((name) => [name, 0]));
    for (const { lead } of own) {
      const { rules } = explainerOf(lead, geography, assumptions)(members.get(accountNumber) as Member).user;
      for (const [name, count] of votes) if (rules[name].result === "fail") votes.set(name, count + 1);
    }
    const excluding = [...votes].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
    const facts = {
      leads: own.length,
      of: all.get(accountNumber) ?? 0,
      rules: excluding.map(([name]) => name),
    };
    const message = tellLeads("leads_against_rules", { user: showIdentity(accountNumber), ...facts });
    found.push({ accountNumber, ...facts, places: own.map(({ place }) => place), ...message });
  }
  return found.sort((a, b) => b.leads - a.leads || (a.accountNumber < b.accountNumber ? -1 : 1));
}

/** @throws {@link OpleadError} `invalid_input`, with every problem. */
function requireLeads(leads: readonly ObservedLead[]): void {
  const issues: OpleadIssue[] = [];
  for (const [index, lead] of leads.entries()) {
    const found = findLeadIssues(lead);
    const user: unknown = lead?.accountNumber;
    if (typeof user !== "string" || user === "")
      found.push(issueAt("accountNumber", tellCoverageOption("names_recipient")));
    issues.push(...found.map((one) => within(`leads[${index}]`, one)));
  }
  if (issues.length > 0) throw invalid("invalid_input", "checkLeads: the leads are not valid", issues);
}
