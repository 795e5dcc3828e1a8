import { SYNC_DEFAULTS } from "../read-options.ts";
import type { SyncOptions } from "../types/options.ts";

/** Options that are used up when the source is read, so that a plan that waits for its approval does not keep the records. */
type OfSource = "source" | "map" | "key" | "rowOf";

type Defaulted = keyof typeof SYNC_DEFAULTS | "concurrency" | "now";

type Given = Omit<SyncOptions<never>, OfSource>;

/** The options of a plan, and of its run, with their defaults. */
export type PlanOptions = Omit<Given, Defaulted> & {
  readonly [Name in Defaulted]-?: Exclude<Given[Name], undefined>;
};

export function planOptions(given: Given, maxConcurrency: number): PlanOptions {
  const defaults = { ...SYNC_DEFAULTS, ledger: given.ledger, concurrency: maxConcurrency, now: Date.now };
  const ofSource = { source: undefined, map: undefined, key: undefined, rowOf: undefined };
  return withDefaults<PlanOptions>(defaults, { ...given, ...ofSource });
}

/** An option that is set to `undefined` falls back to its default. */
export function withDefaults<Options extends object>(
  defaults: Options,
  given: { readonly [Name in keyof Options]?: Options[Name] | undefined },
): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as Partial<Options>) };
}
