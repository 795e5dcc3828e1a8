import type { Oplead } from "../../client/api.ts";
import type { Ledger, LedgerInfo } from "../../ledger/ledger.ts";
import type { SyncPolicy } from "../../policy-types.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { Leaver } from "../types/records.ts";
import type { GuardBasis } from "./guard/guard.ts";
import type { Change, PresentUser } from "./judge.ts";
import type { OldValues } from "./old-values.ts";
import type { PolicyBasis, PolicyVerdict } from "./policies/judge-policies.ts";
import type { Reading } from "./source/reading.ts";

/** A plan with what is needed to carry it out. Holds personal data, so it stays inside. */
export interface PreparedPlan {
  /** Its public part. */
  readonly facts: PlanFacts;
  /** The users to send, parents first. */
  readonly changes: readonly Change[];
  /** What each of them is recognised by, in the same order. */
  readonly hashes: readonly string[];
  /** Oplead's present values of the users that change, by account number, as far as the ledger keeps them. */
  readonly old: ReadonlyMap<string, OldValues>;
  readonly guard: GuardBasis;
  /** The policies, with the findings that refuse the plan; undefined without any. */
  readonly policies: JudgedPolicies | undefined;
  readonly target: RunTarget;
  readonly notes: LedgerNotes;
  /** The options of a run that were given to planSync. */
  readonly defaults: ApplyOptions;
}

/** The policies of a plan, and what they say of it. */
export interface JudgedPolicies extends Pick<PolicyVerdict, "refusals"> {
  readonly policies: readonly SyncPolicy[];
  readonly basis: PolicyBasis;
}

/** Where a run sends users, and how. */
export interface RunTarget {
  readonly oplead: Oplead;
  readonly ledger: Ledger;
  readonly adoptPlatform: boolean | undefined;
  readonly resend: boolean;
  readonly concurrency: number;
  /** {@link SendOptions.lateUntil}, for the users of a run. */
  readonly lateUntil?: number | undefined;
  readonly now: () => number;
}

/** Facts for the ledger after a run, besides the users that were sent. */
export interface LedgerNotes {
  readonly present: readonly PresentUser[];
  /** Leavers of which the ledger must learn something: that they are missing, or that they were reported. */
  readonly missing: readonly Leaver[];
  /** {@link LedgerInfo.unidentified}; undefined if the source does not give all users. */
  readonly unidentified: number | undefined;
  /** How many entries the ledger had. */
  readonly entries: number;
  readonly reading: Reading;
  /** Whether users are left out for a reason outside of their own records: other records, profiles of the platform, an answer of a person. */
  readonly areLeftOut: boolean;
  /** Whether the source was read, and no file in its place. */
  readonly isSourceRead: boolean;
  /** {@link LedgerInfo.problems}. */
  readonly problems: string | undefined;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
}
