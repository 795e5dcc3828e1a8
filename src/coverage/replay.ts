import { invalid } from "../base/errors.ts";
import { within } from "../base/issues.ts";
import { counted } from "../base/words.ts";
import { findLeadIssues } from "./explain/explain-lead.ts";
import { leadText } from "./explain/explanation-text.ts";
import { internalsOf } from "./internals.ts";
import { checkReplayArguments } from "./read-options.ts";
import type { CoverageResult, EligibleUsers, Lead } from "./types.ts";
import { usersText } from "./words.ts";

/** A lead that reaches other users than before. */
export interface ReplayedLead {
  /** Its place in the leads given, from 0. */
  readonly index: number;
  readonly lead: Lead;
  readonly before: EligibleUsers;
  readonly after: EligibleUsers;
  /** Users who are eligible now and were not. */
  readonly gained: readonly string[];
  /** Users who were eligible and are not now. */
  readonly lost: readonly string[];
  /** The change as a sentence. Names the lead by its place and codes. */
  readonly message: string;
}

/** What {@link replay} returns. Plain data. */
export interface Replay {
  /** The names of the assumptions that either result depends on. */
  readonly assumptions: readonly string[];
  /** How many leads there were, and for how many of them something changes. */
  readonly leads: number;
  readonly changed: number;
  /** Leads without a certainly eligible user, before and now. */
  readonly unreached: { readonly before: number; readonly after: number };
  /** The leads for which something changes, in their order: those that lose every user first. */
  readonly changes: readonly ReplayedLead[];
  readonly summary: string;
}

/**
 * Runs leads, for example those of the last month, through two results of `coverage`, and says which would have reached other
 * users. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_input` for leads that are not valid, each with its place in the list.
 */
export function replay(leads: Iterable<Lead>, before: CoverageResult, after: CoverageResult): Replay {
  checkReplayArguments({ leads });
  for (const result of [before, after]) internalsOf(result, "replay");
  const changes: ReplayedLead[] = [];
  const unreached = { before: 0, after: 0 };
  const all = [...leads];
  const issues = all.flatMap((lead, index) => findLeadIssues(lead).map((issue) => within(`leads[${index}]`, issue)));
  if (issues.length > 0) throw invalid("invalid_input", "replay: the leads are not valid", issues);
  for (const [index, lead] of all.entries()) {
    const [old, now] = [before.eligible(lead), after.eligible(lead)];
    if (old.eligible.length === 0) unreached.before += 1;
    if (now.eligible.length === 0) unreached.after += 1;
    const gained = missingFrom(old.eligible, now.eligible);
    const lost = missingFrom(now.eligible, old.eligible);
    if (gained.length + lost.length === 0 && same(old.uncertain, now.uncertain)) continue;
    const change = { index, lead, before: old, after: now, gained, lost };
    changes.push({ ...change, message: messageOf(change) });
  }
  const losesAll = ({ before: was, after: is }: ReplayedLead) => was.eligible.length > 0 && is.eligible.length === 0;
  return {
    assumptions: [...new Set([...before.assumptions, ...after.assumptions])],
    leads: all.length,
    changed: changes.length,
    unreached,
    changes: changes.sort((a, b) => Number(losesAll(b)) - Number(losesAll(a)) || a.index - b.index),
    summary:
      `${counted(all.length, "lead")}: ${counted(changes.length, "reaches", "reach")} other users than before. ` +
      `${counted(unreached.after, "has", "have")} no certainly eligible user; before it was ${unreached.before}.`,
  };
}

function messageOf({ lead, before, after, gained, lost }: Omit<ReplayedLead, "message">): string {
  const changes = [
    ...(lost.length > 0 ? [`loses ${usersText(lost)}`] : []),
    ...(gained.length > 0 ? [`gains ${usersText(gained)}`] : []),
  ];
  if (changes.length === 0) return `${leadText(lead)}: other users are uncertain than before`;
  const now = after.eligible.length === 0 ? ", and has no certainly eligible user now" : "";
  const first = before.eligible.length === 0 ? ", and had no certainly eligible user before" : "";
  return `${leadText(lead)} ${changes.join(" and ")}${now}${first}`;
}

function missingFrom(some: readonly string[], others: readonly string[]): string[] {
  const known = new Set(some);
  return others.filter((one) => !known.has(one));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}
