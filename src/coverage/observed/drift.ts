import { showIdentity } from "../../base/redact.ts";
import { type Coded, codedBy } from "../../base/texts/coded.ts";
import { type ContradictingLeads, DRIFT } from "../../base/texts/en/coverage/findings.ts";
import type { TimeSlice } from "../../base/time/time-slice.ts";
import { day } from "../../base/wording/words.ts";
import type { RuleName } from "../../rules/rules.ts";
import { explainMember } from "../explain/verdicts.ts";
import type { Geography } from "../network/geography.ts";
import type { Member } from "../network/member.ts";
import { RULE_NAMES } from "../rules/rules.ts";
import type { Candidate, PlacedLead } from "./candidates.ts";
import { chanceOfAtLeast, changePoint } from "./chance.ts";
import type { Drift, ObservedLead } from "./types.ts";

/** One user's leads in the order of time, each with whether its rules exclude it. */
interface History {
  readonly accountNumber: string;
  readonly leads: readonly ObservedLead[];
  readonly flags: readonly boolean[];
  readonly contradictions: number;
}

/** The chance of naming a user, among all users, whose leads contradict its rules by accident only. */
const FALSE_ALARM = 0.01;
const LEAST = 3;

/** Users whose leads contradict their own rules more often than the noise of the others explains. */
export async function driftOf(
  fit: Candidate,
  leads: readonly PlacedLead[],
  geography: Geography,
  slice: TimeSlice,
  isMisdated: (lead: ObservedLead) => boolean,
): Promise<Drift[]> {
  const histories = await historiesOf(fit, leads, slice, isMisdated);
  const drifting: History[] = [];
  let rest = histories;
  // Users that drift are no part of the noise, by which the others are judged.
  for (let found = rest; found.length > 0; drifting.push(...found)) {
    const total = sumOf(rest);
    found = rest.filter((history) => isDrifting(history, noiseBeside(history, total), fit.members.size));
    rest = rest.filter((history) => !found.includes(history));
  }
  return drifting
    .map((history) => driftIn(history, fit, geography))
    .sort((a, b) => b.leads - a.leads || (a.accountNumber < b.accountNumber ? -1 : 1));
}

async function historiesOf(
  { results }: Candidate,
  leads: readonly PlacedLead[],
  slice: TimeSlice,
  isMisdated: (lead: ObservedLead) => boolean,
): Promise<History[]> {
  const byUser = new Map<string, { readonly lead: ObservedLead; readonly at: number; readonly flag: boolean }[]>();
  for (const [index, { lead }] of leads.entries()) {
    if (slice.isOver) await slice.next();
    const flag = results[index] === "fail";
    const known = byUser.get(lead.accountNumber) ?? [];
    byUser.set(lead.accountNumber, known);
    // Leads with a wrong time stand at the end, where they begin nothing.
    known.push({ lead, at: isMisdated(lead) ? Number.MAX_VALUE : Date.parse(lead.at), flag });
  }
  return [...byUser].map(([accountNumber, list]) => {
    const sorted = list.sort((a, b) => a.at - b.at);
    const flags = sorted.map(({ flag }) => flag);
    const contradictions = flags.filter(Boolean).length;
    return { accountNumber, leads: sorted.map(({ lead }) => lead), flags, contradictions };
  });
}

/** Leads that came for another reason than rules: as a share of all, and for each user. */
interface Noise {
  readonly share: number;
  readonly perUser: number;
}

interface Sum {
  readonly users: number;
  readonly leads: number;
  readonly stray: number;
}

function sumOf(histories: readonly History[]): Sum {
  const leads = histories.reduce((sum, { flags }) => sum + flags.length, 0);
  const stray = histories.reduce((sum, { contradictions }) => sum + contradictions, 0);
  return { users: histories.length, leads, stray };
}

/** The noise of the others. */
function noiseBeside({ flags, contradictions }: History, { users, leads, stray }: Sum): Noise {
  const others = stray - contradictions + 0.5;
  return {
    share: Math.min(0.5, Math.max(0.005, others / (leads - flags.length + 1))),
    perUser: others / Math.max(1, users - 1),
  };
}

/** A lead that is moved reaches anybody: a user with few leads of its own has as many of them as the others. Both views must be exceeded. */
function isDrifting({ flags, contradictions }: History, { share, perUser }: Noise, users: number): boolean {
  if (contradictions < LEAST || contradictions < 3 * Math.max(share * flags.length, perUser)) return false;
  const chance = Math.max(
    chanceOfAtLeast(contradictions, flags.length, share),
    chanceOfAtLeast(contradictions, 1_000, Math.min(0.5, perUser / 1_000)),
  );
  return chance * users < FALSE_ALARM;
}

function driftIn(
  { accountNumber, leads, flags, contradictions }: History,
  fit: Candidate,
  geography: Geography,
): Drift {
  const member = fit.members.get(accountNumber) as Member; // leads of other users were left out
  const votes = new Map<RuleName, number>();
  for (const [index, lead] of leads.entries()) {
    if (!flags[index]) continue;
    const { rules } = explainMember(lead, member, geography, fit.assumptions).user;
    for (const name of RULE_NAMES) if (rules[name].result === "fail") votes.set(name, (votes.get(name) ?? 0) + 1);
  }
  const [rule = "geographical"] = [...votes].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const { at } = leads[changePoint(flags)] as ObservedLead;
  const facts = { accountNumber, leads: contradictions, of: flags.length, since: at, rule };
  const parameters = {
    user: showIdentity(accountNumber),
    leads: contradictions,
    of: flags.length,
    since: day(Date.parse(at)),
  };
  return { ...facts, ...tell(rule, parameters, member) };
}

const told = /* @__PURE__ */ codedBy(DRIFT);

function tell(rule: RuleName, parameters: ContradictingLeads, { rules: { maxDistance } }: Member): Coded<typeof DRIFT> {
  switch (rule) {
    case "maxDistance":
      if (maxDistance.kind !== "set") return told("leads_outside_area", parameters);
      return told("leads_outside_radius", { ...parameters, radiusKm: maxDistance.value });
    case "competences":
      return told("leads_outside_competences", parameters);
    case "contactProfiles":
      return told("leads_of_other_contact_profiles", parameters);
    case "profileTypes":
      return told("leads_of_other_profile_type", parameters);
    default:
      return told("leads_outside_area", parameters);
  }
}
