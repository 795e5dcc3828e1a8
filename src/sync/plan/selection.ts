import type { ApplyOptions } from "../types/options.ts";
import type { Change } from "./judge.ts";

export interface Selection {
  readonly changes: readonly Change[];
  // The first to be left out.
  readonly refreshes: readonly Change[];
  readonly isPartial: boolean;
  readonly notSelected: number;
  // Chosen users that are not in the older plan that was approved.
  readonly notApproved: number;
  readonly notFound: readonly string[];
}

// In test mode, `limit` spreads evenly over the plan.
export function select(
  { changes: all, refreshes: unchanged }: Pick<Selection, "changes" | "refreshes">,
  { only, limit }: Pick<ApplyOptions, "only" | "limit">,
  isTest = false,
): Selection {
  const wanted = only && new Set(only);
  const isWanted = ({ planned }: Change): boolean => wanted?.has(planned.accountNumber) ?? true;
  const [chosen, again] = [all.filter(isWanted), unchanged.filter(isWanted)];
  const changes = limit === undefined ? chosen : isTest ? sampleOf(chosen, limit) : chosen.slice(0, limit);
  const refreshes = limit === undefined ? again : again.slice(0, Math.max(0, limit - chosen.length));
  const found = new Set([...chosen, ...again].map(({ planned }) => planned.accountNumber));
  const notFound = [...(wanted ?? [])].filter((accountNumber) => !found.has(accountNumber));
  const isPartial = only !== undefined || limit !== undefined;
  const notSelected = all.length + unchanged.length - changes.length - refreshes.length;
  return { changes, refreshes, isPartial, notSelected, notApproved: 0, notFound };
}

function sampleOf(changes: readonly Change[], limit: number): Change[] {
  const verifiable = changes.filter(({ newParent }) => newParent === undefined);
  const count = Math.min(limit, verifiable.length);
  return Array.from({ length: count }, (_, index) => {
    return verifiable[Math.floor((index * verifiable.length) / count)] as Change;
  });
}
