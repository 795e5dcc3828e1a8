import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue, within } from "../core/issues.ts";
import { showIdentity } from "../core/redact.ts";
import { endIfAborted } from "../core/time.ts";
import { argumentsCheck, iterable, options, optionsCheck } from "../core/validate.ts";
import { append, overlaid } from "../core/values.ts";
import type { Coded } from "../locales/coded.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import { tellLeads } from "../locales/en/findings.ts";
import type { CountryDetails } from "../rules/countries.ts";
import type { RuleName } from "../rules/rules.ts";
import { dependsOn, resolveAssumptions } from "./assumptions.ts";
import { findLeadIssues } from "./explain.ts";
import { Geography, type Spot } from "./geography.ts";
import { admits, type Member, memberOf } from "./member.ts";
import { checkedLocate, countries, evaluation, type ReadUser, readUsers } from "./read-input.ts";
import { isCounted, someHaveRules } from "./receiving.ts";
import type { Result } from "./rules/rule.ts";
import { RULE_NAMES } from "./rules/rules.ts";
import type { AssumptionName, Assumptions, CoverageUser, EvaluationOptions, Lead } from "./types.ts";
import { explainerOf } from "./verdicts.ts";

/** A lead and the user who got it, for example a line of an export from Oplead. */
export interface ObservedLead extends Lead {
  /** The account number of the user who got the lead. */
  readonly accountNumber: string;
}

/** How many leads a set of assumptions explains. */
export interface AssumptionCheck {
  /**
   * The assumption in which this set differs from the assumptions that the caller uses; empty if there is no
   * difference.
   */
  readonly assumptions: Partial<Assumptions>;
  /** Leads whose user is eligible. */
  readonly explained: number;
  /** Leads for which it is uncertain whether their user is eligible. */
  readonly undecided: number;
  /** Leads whose user is not eligible. */
  readonly unexplained: number;
  /**
   * The average number of users who are eligible, or may be, for a lead that is explained or undecided. A set of
   * assumptions that makes all users eligible explains every lead but proves nothing. Users who got no lead and who are
   * not counted ({@link EvaluationOptions.receives}) are left out.
   */
  readonly sharing: number;
}

/**
 * A user who got leads that the best set of assumptions does not explain. `message` says it in a sentence. Switch on
 * `code`; it types `parameters`.
 */
export type LeadsAgainstRules = Coded<
  "leads_against_rules",
  {
    readonly user: string;
    readonly leads: number;
    readonly of: number;
    /**
     * The rules that exclude the unexplained leads, the rule that excludes the most leads first. Empty, if the option
     * `receives` says that the user gets no leads.
     */
    readonly rules: readonly string[];
  }
> & {
  readonly accountNumber: string;
  /** How many leads the user got although the best set of assumptions says that the user is not eligible. */
  readonly leads: number;
  /** How many leads the user got in all. */
  readonly of: number;
  /**
   * The rules that exclude the unexplained leads, sorted by how many leads they exclude, the highest number first.
   * Empty: {@link EvaluationOptions.receives} says that the user gets no leads.
   */
  readonly rules: readonly RuleName[];
  /** The indexes of the unexplained leads in the list of leads, from 0. */
  readonly places: readonly number[];
};

/** The result of {@link checkLeads}. Plain data. */
export interface LeadCheck {
  /** How many leads there are whose user is known. */
  readonly leads: number;
  /**
   * Every set of assumptions, the best first. A good set leaves few leads unexplained, and makes few users eligible for
   * each lead that it explains. If the assumptions in use are as good as another set, they come first.
   */
  readonly sets: readonly AssumptionCheck[];
  /**
   * The leads that the best set of assumptions does not explain, by user. Users with the most such leads come first.
   */
  readonly unexplained: readonly LeadsAgainstRules[];
  /** The account numbers that no user has. Their leads are left out. */
  readonly unknown: readonly string[];
}

/** Options of {@link checkLeads}. */
export interface CheckLeadsOptions extends EvaluationOptions {
  /**
   * The countries of the leads, as `getCountry` gives them. They tell in which counties a postcode lies. Without them,
   * only `locate` can tell that.
   */
  readonly countries?: readonly CountryDetails[] | undefined;
}

const checkArguments = /* @__PURE__ */ argumentsCheck("checkLeads", () => ({ leads: iterable(), users: iterable() }));

const checkOptions = /* @__PURE__ */ optionsCheck<CheckLeadsOptions>("checkLeads", () =>
  options({ countries: countries(0), ...evaluation() }),
);

/**
 * Counts how many of the leads that users really got are explained by the assumptions in use, and by each set that
 * differs from the assumptions in use in one assumption: a different way to combine area and radius, a rule that is not
 * enabled, and so on. For the best set it names the users whose leads their own rules exclude: leads that were moved by
 * hand, or rules that were edited in Oplead. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_input` for leads and users that are not valid, each with its place;
 * `invalid_options`; `aborted`.
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
  const read = readUsers(users, base, work.caller, options.receives);
  const known = new Set(read.map(({ accountNumber }) => accountNumber));
  const recipients = new Set(given.map(({ accountNumber }) => accountNumber));
  const othersHaveRules = someHaveRules(read);
  // A user that got one of the leads counts as receiving leads, even if `receives` says no.
  const rivals = new Set(
    read
      .filter((user) => recipients.has(user.accountNumber) || isCounted(user, othersHaveRules))
      .map(({ accountNumber }) => accountNumber),
  );
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
    const assumptions = overlaid(base, varied);
    sets.push(countOf(varied, assumptions, placed, { members: membersOf(read, geography, assumptions), rivals }));
  }
  // Sets of assumptions that explain the leads equally well keep their order, in which the assumptions in use come
  // first.
  sets.sort((one, other) => one.cost - other.cost);
  const [best] = sets;
  return {
    leads: placed.length,
    sets: sets.map(({ check }) => check),
    unexplained: best ? unexplainedIn(best, placed, geography) : [],
    unknown: [...new Set(given.map(({ accountNumber }) => accountNumber))].filter((one) => !known.has(one)),
  };
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

/**
 * For each assumption that observed leads can test, the values that are compared. `"uncertain"` is left out, because no
 * platform behaves that way.
 */
const VALUES = {
  absentRule: ["admits_all", "admits_none"],
  emptyRule: ["admits_none", "admits_all"],
  combination: ["all", "area_or_radius"],
  zipInTwoCounties: ["any", "all"],
  detourFactor: [1, 1.3],
} as const satisfies { readonly [Name in AssumptionName]?: readonly Assumptions[Name][] };

/**
 * The assumptions in use, and every set that differs from them in one assumption. Only assumptions that change answers
 * about these users are varied: the assumption gets a different value, or a rule that at least one of the users has is
 * assumed not to be enabled. To find a set that differs in two assumptions, call `checkLeads` again with the best set.
 */
function setsOf(
  base: Assumptions,
  matters: readonly AssumptionName[],
  members: readonly Member[],
): Partial<Assumptions>[] {
  const sets: Partial<Assumptions>[] = [{}];
  for (const name of Object.keys(VALUES) as (keyof typeof VALUES)[]) {
    if (!matters.includes(name) || (name === "combination" && !members.some(hasBothAreas))) continue;
    for (const value of VALUES[name]) if (value !== base[name]) sets.push({ [name]: value });
  }
  if (matters.includes("enabledRules")) {
    const used = RULE_NAMES.filter((name) => members.some(({ user }) => user.rules[name] !== undefined));
    for (const off of base.enabledRules.filter((name) => used.includes(name))) {
      sets.push({ enabledRules: base.enabledRules.filter((name) => name !== off) });
    }
  }
  return sets;
}

/** Whether a user has both an area (`geographical`) and a radius (`maxDistance`). */
function hasBothAreas({ rules: { geographical, maxDistance } }: Member): boolean {
  return geographical.kind === "set" && maxDistance.kind === "set";
}

/** A lead whose user is known, with its index in the list. */
interface Placed {
  readonly lead: ObservedLead;
  readonly place: number;
  readonly spot: Spot;
}

/**
 * What one set of assumptions says: the users as the set evaluates them, and for each lead the verdict on the user who
 * got it.
 */
interface Counted {
  readonly check: AssumptionCheck;
  /**
   * How many bits it takes to say which user got which lead, if the assumptions of the set are true. A set that takes
   * fewer bits explains the leads better.
   */
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
 * How many bits the cost of a lead has in addition if the user who got the lead is not eligible. If the user is
 * eligible, the lead costs `log2(e)` bits, where `e` is the number of eligible users. Otherwise it costs `log2(n)` bits
 * and this number, where `n` is the number of all users. So a set of assumptions under which all users are eligible for
 * all leads explains every lead and is still not a good set. 5 bits mean that about one lead in thirty is expected to
 * be an exception.
 */
const EXCEPTION = 5;
/**
 * How many bits are added to the cost of each set of assumptions that differs from the assumptions in use. The cost of
 * a set is the number of bits that it takes to say which user got which lead. A few leads prove little, so another set
 * comes first only if its cost is lower by more than this number.
 */
const OTHER = 10;

function countOf(
  varied: Partial<Assumptions>,
  assumptions: Assumptions,
  placed: readonly Placed[],
  { members, rivals }: { readonly members: ReadonlyMap<string, Member>; readonly rivals: ReadonlySet<string> },
): Counted {
  const counts: Record<Result, number> = { pass: 0, uncertain: 0, fail: 0 };
  const results: Result[] = [];
  /** For each combination of place and codes of a lead: how many users are eligible or may be. */
  const sharing = new Map<string, number>();
  let [cost, shares] = [Object.keys(varied).length === 0 ? 0 : OTHER, 0];
  for (const { lead, spot } of placed) {
    // The user exists, because leads of unknown users were left out before.
    const result = admits(members.get(lead.accountNumber) as Member, lead, spot, assumptions);
    results.push(result);
    counts[result] += 1;
    if (result === "fail") {
      cost += Math.log2(rivals.size) + EXCEPTION;
      continue;
    }
    const { accountNumber: _, ...facts } = lead;
    const key = JSON.stringify(facts);
    let users = sharing.get(key);
    if (users === undefined) {
      users = 0;
      for (const [accountNumber, member] of members) {
        if (rivals.has(accountNumber) && admits(member, lead, spot, assumptions) !== "fail") users += 1;
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

/** The leads that a set of assumptions does not explain, grouped by user. */
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
    const [leads, of] = [own.length, all.get(accountNumber) ?? 0];
    const rules = excluding.map(([name]) => name);
    const told = tellLeads("leads_against_rules", { user: showIdentity(accountNumber), leads, of, rules });
    found.push({ accountNumber, leads, of, rules, places: own.map(({ place }) => place), ...told });
  }
  return found.sort((a, b) => b.leads - a.leads || (a.accountNumber < b.accountNumber ? -1 : 1));
}
