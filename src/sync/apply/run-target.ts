import type { Oplead } from "../../client/api.ts";
import type { PlanOptions } from "../plan/plan-options.ts";

/** Where a run sends users, and how. */
export interface RunTarget extends Pick<PlanOptions, "ledger" | "resend" | "concurrency" | "now"> {
  readonly oplead: Oplead;
  /** {@link SendOptions.lateUntil}, for the users of a run. */
  readonly lateUntil?: number | undefined;
}
