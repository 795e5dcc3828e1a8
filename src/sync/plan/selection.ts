import type { ApplyOptions } from "../types/options.ts";
import type { Change } from "./judge.ts";

export interface Selection {
  readonly changes: readonly Change[];
  readonly isPartial: boolean;
  readonly notSelected: number;
  // Chosen users that are not in the older plan that was approved.
  readonly notApproved: number;
  readonly notFound: readonly string[];
}

// In test mode, `limit` spreads evenly over the plan.
export function select(
  all: readonly Change[],
  { only, limit }: Pick<ApplyOptions, "only" | "limit">,
  isTest = false,
): Selection {
  const wanted = only && new Set(only);
  const chosen = wanted ? all.filter(({ planned }) => wanted.has(planned.accountNumber)) : all;
  const changes = limit === undefined ? chosen : isTest ? sampleOf(chosen, limit) : chosen.slice(0, limit);
  const found = new Set(chosen.map(({ planned }) => planned.accountNumber));
  const notFound = [...(wanted ?? [])].filter((accountNumber) => !found.has(accountNumber));
  const isPartial = only !== undefined || limit !== undefined;
  return { changes, isPartial, notSelected: all.length - changes.length, notApproved: 0, notFound };
}

function sampleOf(changes: readonly Change[], limit: number): Change[] {
  const verifiable = changes.filter(({ newParent }) => newParent === undefined);
  const count = Math.min(limit, verifiable.length);
  return Array.from({ length: count }, (_, index) => {
    return verifiable[Math.floor((index * verifiable.length) / count)] as Change;
  });
}
