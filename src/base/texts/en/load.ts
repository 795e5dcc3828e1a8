import { number, percent } from "../../words.ts";

/** The load of users: a sentence each. */
export const LOAD_FINDINGS = {
  above_ceiling: ({ user, leads, limit }: LoadTold) =>
    `${user} gets at least ${amount(leads)} leads a month, whoever gets the shared ones; the ceiling is ${amount(limit)}`,
  above_ceiling_if_shared: ({ user, leads, limit }: LoadTold) =>
    `${user} gets ${amount(leads)} leads a month if users share as expected; the ceiling is ${amount(limit)}`,
  below_floor: ({ user, leads, limit }: LoadTold) =>
    `${user} gets at most ${amount(leads)} leads a month, even with all shared ones; the floor is ${amount(limit)}`,
  below_floor_if_shared: ({ user, leads, limit }: LoadTold) =>
    `${user} gets ${amount(leads)} leads a month if users share as expected; the floor is ${amount(limit)}`,
};

/** How evenly leads are spread over users, with its meaning. */
export const FAIRNESS = {
  spread: ({ gini, ratio }: Spread & { readonly ratio: number }) =>
    `${giniText(gini)} The user at the 90th percentile gets ${amount(ratio)} times as many leads as the one at the 10th.`,
  spread_with_idle_users: ({ gini }: Spread) => `${giniText(gini)} The user at the 10th percentile gets no leads.`,
  no_leads: () => "No user gets leads.",
};

function giniText(gini: number): string {
  const told = Math.round(gini * 100) / 100;
  return `Gini ${told}: the leads of two users picked at random differ by ${percent(2 * gini)} of the average on average.`;
}

/** Whole leads, or one decimal below ten. */
export function amount(leads: number): string {
  return leads < 9.95 ? String(Math.round(leads * 10) / 10) : number(leads);
}

export interface LoadTold {
  readonly user: string;
  /** Leads per month; so is `limit`. */
  readonly leads: number;
  readonly limit: number;
}
export interface Spread {
  readonly gini: number;
}
