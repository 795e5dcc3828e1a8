import type { Oplead } from "../../client/api.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { ApplyOptions } from "../options.ts";
import type { Change, News } from "../plan/draft.ts";

/** What a plan needs to be carried out. Holds personal data, so it stays inside. */
export interface PlanMeans {
  readonly oplead: Oplead;
  readonly ledger: Ledger;
  readonly changes: readonly Change[];
  readonly news: readonly News[];
  /** Whether the missing users are really missing: not when there are records of which nobody knows whom they are about. */
  readonly missingIsSure: boolean;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
  readonly concurrency: number;
  readonly now: () => number;
  readonly defaults: ApplyOptions;
}
