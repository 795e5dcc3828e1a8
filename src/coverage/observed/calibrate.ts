import { issueBy, type OpleadIssue } from "../../base/issues.ts";
import { COVERAGE_OPTIONS } from "../../base/texts/en/coverage/options.ts";
import { TimeSlice } from "../../base/time/time-slice.ts";
import { resolveAssumptions } from "../assumptions.ts";
import { checkedLocate } from "../checked-locate.ts";
import { dependsOn } from "../depends-on.ts";
import { checkLeads, findLeadIssues } from "../explain/explain-lead.ts";
import { admits } from "../network/admits.ts";
import { Geography } from "../network/geography.ts";
import { type Member, memberOf } from "../network/member.ts";
import { checkCalibrateArguments, checkCalibrateOptions } from "../read-options.ts";
import { type ReadUser, readUsers } from "../read-users.ts";
import type { Result } from "../rules/coverage-rule.ts";
import { RULE_NAMES } from "../rules/rules.ts";
import type { AssumptionName, Assumptions, CoverageUser, EvaluationOptions, Universe } from "../types.ts";
import { type Candidate, defaultCandidates, type PlacedLead, type ScoredCandidate } from "./candidates.ts";
import { leastShare } from "./chance.ts";
import { driftOf } from "./drift.ts";
import type { AssumptionFit, Calibration, ObservedLead } from "./types.ts";

/** Options of {@link calibrate}. */
export interface CalibrateOptions extends EvaluationOptions {
  /** Its countries say in which counties a postcode lies. */
  readonly universe: Pick<Universe, "countries">;
  /**
   * The sets of assumptions to compare; each is completed by `assumptions`. Default: every combination of `absentRule`, `emptyRule`,
   * `combination`, `zipInTwoCounties` and `detourFactor` (1 and 1.3) that matters for these users, each with all rules enabled and with one
   * of them disabled.
   */
  readonly candidates?: readonly Partial<Assumptions>[] | undefined;
  /**
   * The share of leads that reach a user for another reason than its rules: moved by hand, during a holiday. A set of assumptions is
   * refuted when more contradict it, with a confidence of 99.9 %, the tenth of the users with the most such leads left out: their rules may
   * have been edited. Default 0.05.
   */
  readonly noise?: number | undefined;
  /** The time after which a lead lies in the future, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Compares the leads that users really got with what their rules say, under many sets of assumptions: which of them agree with the
 * leads, and which users' leads contradict their own rules, so that these were probably edited in Oplead. It picks no set: the fits are
 * ordered by how likely the leads are if eligible users share them evenly, and each says how many leads set it apart from the first. A lead
 * that reached a user that is not in `users` is left out. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_input` for leads and users that are not valid, each with its place; `invalid_options`; `aborted`.
 * @experimental
 */
export async function calibrate(
  observed: Iterable<ObservedLead>,
  users: Iterable<CoverageUser>,
  options: CalibrateOptions,
): Promise<Calibration> {
  checkCalibrateArguments({ observed, users });
  checkCalibrateOptions(options);
  const slice = await TimeSlice.begin("calibrate", options.signal);
  const base = resolveAssumptions(options.assumptions);
  const geography = new Geography(options.universe.countries, checkedLocate(options.locate));
  const read = await readUsers(users, base, slice);
  const given = [...observed];
  await checkLeads("observed", given, findObservedIssues, slice);
  const known = new Set(read.map(({ accountNumber }) => accountNumber));
  const places = [...given.keys()].filter((place) => known.has((given[place] as ObservedLead).accountNumber));
  const leads = places.map((place) => {
    const lead = given[place] as ObservedLead;
    return { lead, spot: geography.spotOf(lead) };
  });
  const candidates: Candidate[] = [];
  for (const varied of options.candidates ?? candidatesFor(read, leads, geography, base)) {
    candidates.push(await candidateOf(varied, base, read, leads, geography, slice));
  }
  const { noise = 0.05, now = Date.now } = options;
  const isWrong = (lead: ObservedLead) => isMisdated(lead, now());
  const holds = (candidate: Candidate) => leastShare(...unexpectedOf(candidate, leads)) <= noise;
  const fits = await inOrder(candidates.filter(holds), leads, slice);
  const [best] = fits;
  const told = (some: readonly Candidate[]) => some.map((candidate) => fitOf(candidate, places, best ?? candidates[0]));
  return {
    observations: leads.length,
    fits: told(fits).map((fit, at) => ({ ...fit, lessLikely: lessLikely(fits[at], best) })),
    refuted: told(candidates.filter((candidate) => !holds(candidate))),
    drift: best ? await driftOf(best, leads, geography, slice, isWrong) : [],
    unexplained: (await unexplained(fits, leads, slice)).map((index) => places[index] as number),
    misdated: places.filter((place) => isWrong(given[place] as ObservedLead)),
    unknown: [...new Set(given.map(({ accountNumber }) => accountNumber))].filter((one) => !known.has(one)),
  };
}

/** How many leads are unexpected, of how many; without the tenth of the users that has the most: their rules may have been edited. */
function unexpectedOf({ results }: Candidate, leads: readonly PlacedLead[]): [unexpected: number, all: number] {
  const byUser = new Map<string, [unexpected: number, all: number]>();
  for (const [index, { lead }] of leads.entries()) {
    const [unexpected, all] = byUser.get(lead.accountNumber) ?? [0, 0];
    byUser.set(lead.accountNumber, [unexpected + Number(results[index] === "fail"), all + 1]);
  }
  const counts = [...byUser.values()].sort(([a], [b]) => b - a).slice(Math.floor(byUser.size / 10));
  return counts.reduce(([unexpected, all], [more, of]) => [unexpected + more, all + of], [0, 0]);
}

function candidatesFor(
  read: readonly ReadUser[],
  leads: readonly PlacedLead[],
  geography: Geography,
  base: Assumptions,
): readonly Partial<Assumptions>[] {
  const members = read.map((user) => memberOf(user, geography, base));
  const features = {
    hasRequestTypes: true,
    hasZipInTwoCounties: leads.some(({ spot }) => (spot.counties?.length ?? 0) > 1),
    leavesCodesOut: false,
  };
  const matters: readonly AssumptionName[] = dependsOn(members, features, base);
  const used = RULE_NAMES.filter((name) => members.some(({ rules }) => rules[name].kind !== "absent"));
  const canBeOff = matters.includes("enabledRules") ? base.enabledRules.filter((name) => used.includes(name)) : [];
  return defaultCandidates(matters, base.enabledRules, canBeOff);
}

async function candidateOf(
  varied: Partial<Assumptions>,
  base: Assumptions,
  read: readonly ReadUser[],
  leads: readonly PlacedLead[],
  geography: Geography,
  slice: TimeSlice,
): Promise<Candidate> {
  const assumptions = resolveAssumptions({ ...base, ...varied });
  const members = new Map<string, Member>();
  for (const user of read) {
    if (slice.isOver) await slice.next();
    members.set(user.accountNumber, memberOf(user, geography, assumptions));
  }
  const results: Result[] = [];
  for (const { lead, spot } of leads) {
    if (slice.isOver) await slice.next();
    // Leads of users that are not known were left out.
    results.push(admits(members.get(lead.accountNumber) as Member, lead, spot, assumptions));
  }
  return { varied, assumptions, members, results };
}

/** How many leads are looked at to put fits in order: for each, every user must be asked. */
const SAMPLE = 200;

/** Those under which the leads are most likely first, if eligible users share them evenly: who admits everything explains nothing. */
async function inOrder(
  candidates: readonly Candidate[],
  leads: readonly PlacedLead[],
  slice: TimeSlice,
): Promise<ScoredCandidate[]> {
  const step = Math.max(1, Math.floor(leads.length / SAMPLE));
  const scored: ScoredCandidate[] = [];
  for (const candidate of candidates) {
    const { members, assumptions, results } = candidate;
    const stray = Math.max(0.005, results.filter((result) => result === "fail").length / Math.max(1, results.length));
    let score = 0;
    for (let index = 0; index < leads.length; index += step) {
      const { lead, spot } = leads[index] as PlacedLead;
      const result = results[index] as Result;
      let weight = 0;
      for (const member of members.values()) {
        if (slice.isOver) await slice.next();
        weight += WEIGHTS[admits(member, lead, spot, assumptions)];
      }
      const share = weight === 0 ? 0 : WEIGHTS[result] / weight;
      score += Math.log((1 - stray) * share + stray / members.size);
    }
    scored.push({ ...candidate, score });
  }
  return scored.sort((a, b) => b.score - a.score);
}

/** As a power of ten. */
function lessLikely(fit: ScoredCandidate | undefined, best: ScoredCandidate | undefined): number {
  return Number((((best?.score ?? 0) - (fit?.score ?? 0)) / Math.LN10).toFixed(1));
}

const WEIGHTS: { readonly [Each in Result]: number } = { pass: 1, uncertain: 0.5, fail: 0 };

function fitOf({ varied, results }: Candidate, places: readonly number[], first: Candidate | undefined): AssumptionFit {
  const count = (wanted: Result) => results.filter((result) => result === wanted).length;
  return {
    assumptions: varied,
    predicted: count("pass"),
    undecided: count("uncertain"),
    unexpected: count("fail"),
    against: places.filter((_, index) => results[index] === "fail"),
    differs: results.filter((result, index) => result !== first?.results[index]).length,
  };
}

/** The leads that none of the fits gives to any user. */
async function unexplained(
  fits: readonly Candidate[],
  leads: readonly PlacedLead[],
  slice: TimeSlice,
): Promise<number[]> {
  const found: number[] = [];
  for (const [index, { lead, spot }] of leads.entries()) {
    if (fits.length === 0 || fits.some(({ results }) => results[index] !== "fail")) continue;
    if (slice.isOver) await slice.next();
    const reaches = ({ members, assumptions }: Candidate) =>
      [...members.values()].some((member) => admits(member, lead, spot, assumptions) !== "fail");
    if (!fits.some(reaches)) found.push(index);
  }
  return found;
}

const DAY_MS = 86_400_000;
/** No lead of Oplead is older: an earlier time is that of a clock that was never set. */
const FIRST_YEAR = Date.UTC(2000);

/** Whether a clock was wrong. A day is left for time zones. */
export function isMisdated({ at }: Pick<ObservedLead, "at">, now: number): boolean {
  const time = Date.parse(at);
  return time < FIRST_YEAR || time > now + DAY_MS;
}

const issue = /* @__PURE__ */ issueBy(COVERAGE_OPTIONS);

export function findObservedIssues(lead: ObservedLead): OpleadIssue[] {
  const found = findLeadIssues(lead);
  const user: unknown = lead?.accountNumber;
  if (typeof user !== "string" || user === "") found.push(issue("accountNumber", "names_recipient"));
  const time: unknown = lead?.at;
  if (typeof time !== "string" || !/^\d{4}-\d\d-\d\d/.test(time) || Number.isNaN(Date.parse(time)))
    found.push(issue("at", "not_time_of_lead"));
  return found;
}
