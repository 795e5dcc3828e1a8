import type { Assumptions } from "./assumptions.ts";
import type { Locate } from "./types.ts";

/** Options that {@link explainLead} and {@link coverage} share. */
export interface EvaluationOptions {
  /** Replaces some of {@link defaultAssumptions}. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /** Without it, distances are known only between coordinates that users and leads bring. */
  readonly locate?: Locate | undefined;
}
