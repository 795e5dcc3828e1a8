import type { Oplead } from "../../client/api.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { ApplyOptions, GuardOptions } from "../options.ts";
import type { PlanFacts } from "../plan.ts";
import type { GuardFacts } from "./guard/guard.ts";
import type { Judgement } from "./judge.ts";

/** A plan with everything that is needed to carry it out. Holds personal data, so it stays inside. */
export interface PreparedPlan extends Pick<Judgement, "changes" | "present"> {
  readonly facts: PlanFacts;
  readonly oplead: Oplead;
  readonly ledger: Ledger;
  readonly guard: GuardOptions | false;
  readonly guardFacts: GuardFacts;
  /** Whether the missing users are really missing: not if there are records without an account number. */
  readonly missingIsSure: boolean;
  readonly adoptPlatform: boolean;
  readonly resend: boolean;
  readonly concurrency: number;
  readonly now: () => number;
  /** How many entries the ledger had. */
  readonly entries: number;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
  /** What was given to planSync. */
  readonly defaults: ApplyOptions;
}
