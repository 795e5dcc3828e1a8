import type { Change } from "../plan/judge.ts";
import type { ApplyOptions } from "../types/options.ts";

/** The changes that a run sends. */
export interface Selection {
  readonly changes: readonly Change[];
  /** Whether an option left changes out. */
  readonly isPartial: boolean;
  readonly notSelected: number;
  /** Account numbers of {@link ApplyOptions.only} that have no change in the plan. */
  readonly notFound: readonly string[];
}

/** The changes of a plan that `only` and `limit` leave. */
export function select(all: readonly Change[], { only, limit }: Pick<ApplyOptions, "only" | "limit">): Selection {
  const wanted = only && new Set(only);
  const chosen = wanted ? all.filter(({ planned }) => wanted.has(planned.accountNumber)) : all;
  const changes = limit === undefined ? chosen : chosen.slice(0, limit);
  const found = new Set(chosen.map(({ planned }) => planned.accountNumber));
  const notFound = [...(wanted ?? [])].filter((accountNumber) => !found.has(accountNumber));
  const isPartial = only !== undefined || limit !== undefined;
  return { changes, isPartial, notSelected: all.length - changes.length, notFound };
}

/** At most `sample` of the changes that test mode can verify, spread evenly. */
export function sampleOf(selection: Selection, sample: number | undefined): Selection {
  if (sample === undefined) return selection;
  const { changes } = selection;
  const verifiable = changes.filter(({ newParent }) => newParent === undefined);
  const count = Math.min(sample, verifiable.length);
  const chosen = Array.from({ length: count }, (_, index) => {
    return verifiable[Math.floor((index * verifiable.length) / count)] as Change;
  });
  const notSelected = selection.notSelected + changes.length - chosen.length;
  return { changes: chosen, isPartial: true, notSelected, notFound: selection.notFound };
}
