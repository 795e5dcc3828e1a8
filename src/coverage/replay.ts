import { showIdentity } from "../base/redact.ts";
import { type Coded, codedBy } from "../base/texts/coded.ts";
import { REPLAYED } from "../base/texts/en/coverage/findings.ts";
import { TimeSlice } from "../base/time/time-slice.ts";
import { checkLeads, findLeadIssues } from "./explain/explain-lead.ts";
import { leadText } from "./explain/explanation-text.ts";
import { internalsOf } from "./internals.ts";
import { checkReplayArguments, checkReplayOptions } from "./read-options.ts";
import type { AssumptionName, CoverageResult, EligibleUsers, Lead, SignalOptions } from "./types.ts";

/** The outcome for a lead, or for all leads, in `message` as a sentence. Switch on `code`; it types `parameters`. */
export type ReplayTold = Coded<typeof REPLAYED>;

/** A lead that reaches other users than before. */
export type ReplayedLead = ReplayTold & ReplayedLeadFacts;

/** The facts of a {@link ReplayedLead}. */
export interface ReplayedLeadFacts {
  /** Its place in the leads given, from 0. */
  readonly index: number;
  readonly lead: Lead;
  readonly before: EligibleUsers;
  readonly after: EligibleUsers;
  /** Users who are eligible now and were not. */
  readonly gained: readonly string[];
  /** Users who were eligible and are not now. */
  readonly lost: readonly string[];
}

/** The result of {@link replay}. Plain data. */
export interface Replay {
  /** The names of the assumptions that either result depends on. */
  readonly assumptions: readonly AssumptionName[];
  /** How many leads there were, and for how many of them something changes. */
  readonly leads: number;
  readonly changed: number;
  /** Leads without a certainly eligible user, before and now. */
  readonly unreached: { readonly before: number; readonly after: number };
  /** The leads for which something changes, in their order: those that lose every user first. */
  readonly changes: readonly ReplayedLead[];
  readonly summary: ReplayTold;
}

/**
 * Runs leads, for example those of the last month, through two results of `coverage`, and says which would have reached other
 * users. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_input` for leads that are not valid, each with its place in the list;
 * `invalid_options`; `aborted`.
 * @experimental
 */
export async function replay(
  leads: Iterable<Lead>,
  before: CoverageResult,
  after: CoverageResult,
  options: SignalOptions = {},
): Promise<Replay> {
  checkReplayArguments({ leads });
  checkReplayOptions(options);
  const slice = await TimeSlice.begin("replay", options.signal);
  for (const result of [before, after]) internalsOf(result, "replay");
  const all = [...leads];
  await checkLeads("leads", all, findLeadIssues, slice);
  const changes: ReplayedLead[] = [];
  const unreached = { before: 0, after: 0 };
  for (const [index, lead] of all.entries()) {
    if (slice.isOver) await slice.next();
    const [old, now] = [before.eligible(lead), after.eligible(lead)];
    if (old.eligible.length === 0) unreached.before += 1;
    if (now.eligible.length === 0) unreached.after += 1;
    const gained = missingFrom(old.eligible, now.eligible);
    const lost = missingFrom(now.eligible, old.eligible);
    if (gained.length + lost.length === 0 && same(old.uncertain, now.uncertain)) continue;
    const facts = { index, lead, before: old, after: now, gained, lost };
    changes.push({ ...facts, ...tellChange(facts) });
  }
  const losesAll = ({ before: was, after: is }: ReplayedLead) => was.eligible.length > 0 && is.eligible.length === 0;
  return {
    assumptions: [...new Set([...before.assumptions, ...after.assumptions])],
    leads: all.length,
    changed: changes.length,
    unreached,
    changes: changes.sort((a, b) => Number(losesAll(b)) - Number(losesAll(a)) || a.index - b.index),
    summary: told("leads_replayed", { leads: all.length, changed: changes.length, ...unreached }),
  };
}

const told = /* @__PURE__ */ codedBy(REPLAYED);

function tellChange({ lead: given, before, after, gained, lost }: ReplayedLeadFacts): ReplayTold {
  const lead = leadText(given);
  if (gained.length + lost.length === 0) return told("other_uncertain_users", { lead });
  const numbers = { before: before.eligible.length, after: after.eligible.length };
  return told("other_users", { lead, lost: lost.map(showIdentity), gained: gained.map(showIdentity), ...numbers });
}

function missingFrom(some: readonly string[], others: readonly string[]): string[] {
  const known = new Set(some);
  return others.filter((one) => !known.has(one));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}
