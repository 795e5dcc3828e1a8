import type { Oplead } from "../../client/api.ts";
import type { LongWork } from "../../core/time.ts";
import { withFields } from "../../ledger/entry.ts";
import type { LedgerInfo } from "../../ledger/ledger.ts";
import { SYNC_DEFAULTS } from "../read-options.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";
import type { SyncOptions } from "../types/options.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { Leaver, PlannedMove, SuspiciousRecord } from "../types/records.ts";
import type { KeptApproval } from "./approval.ts";
import type { GuardBasis } from "./guard.ts";
import type { Change, Judgement, PresentUser } from "./judge.ts";
import type { FoundLeavers } from "./leavers.ts";
import type { LedgerSnapshot, RetryPolicy } from "./ledger-snapshot.ts";
import type { OldValues } from "./old-values.ts";
import type { PolicyBasis, PolicyVerdict } from "./policies.ts";
import type { Reading, SourceRead } from "./read-source.ts";
import type { SharedValues } from "./shared-values.ts";
import type { SourceUsers } from "./source-users.ts";

/**
 * Options that only the reading of the source needs. They are removed afterwards, so that a plan that waits for its
 * approval does not keep the records in memory.
 */
const OF_SOURCE = ["source", "map", "key", "rowOf"] as const;

type Defaulted = keyof typeof SYNC_DEFAULTS | "concurrency" | "now";

type Given = Omit<SyncOptions<never>, (typeof OF_SOURCE)[number]>;

/** The options of a plan, and of its run, with their defaults. */
export type PlanOptions = Omit<Given, Defaulted> & {
  readonly [Name in Defaulted]-?: Exclude<Given[Name], undefined>;
};

export function planOptions(given: Given, maxConcurrency: number): PlanOptions {
  const defaults = { ...SYNC_DEFAULTS, ledger: given.ledger, concurrency: maxConcurrency, now: Date.now };
  const kept: Given = { ...given };
  for (const name of OF_SOURCE) delete (kept as Partial<SyncOptions<never>>)[name];
  return withDefaults<PlanOptions>(defaults, kept);
}

/** An option that is set to `undefined` falls back to its default. */
export function withDefaults<Options extends object>(
  defaults: Options,
  given: { readonly [Name in keyof Options]?: Options[Name] | undefined },
): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return withFields(defaults, Object.fromEntries(set) as Partial<Options>);
}

/**
 * A plan that is being made. Planning has several stages. Each stage adds its results and reads the results of the
 * stages before it. It holds personal data.
 */
export interface Planning {
  readonly oplead: Oplead;
  readonly options: PlanOptions;
  /** The ongoing work. It ends if the caller's signal aborts, and its errors name the function that was called. */
  readonly work: LongWork;
  /** The warnings of the plan so far: {@link PlanFacts.warnings}. Each stage of planning adds warnings. */
  readonly warnings: SyncWarning[];
}

/** The result of the first stage of planning: the content of the ledger. */
export interface LedgerRead extends Planning {
  readonly info: LedgerInfo | undefined;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
  /** All entries of the ledger, in which the moves of the plan are already made. */
  readonly snapshot: LedgerSnapshot;
  readonly moves: readonly PlannedMove[];
  /** The approval of a first run that was interrupted. A first run sends all users for the first time. */
  readonly approval: KeptApproval | undefined;
}

/** The result of the second stage of planning: every user of the source, compared with its entry. */
export interface Compared extends LedgerRead {
  readonly reading: Reading;
  readonly read: SourceRead;
  readonly users: SourceUsers;
  readonly retry: RetryPolicy;
  /** Values that only one user should have; undefined if data is not checked. */
  readonly shared: SharedValues | undefined;
}

/** The result of the third stage of planning: a verdict on every user of the source and every leaver. */
export interface Judged extends Compared {
  /** The changes whose data looks wrong. */
  readonly suspicious: readonly SuspiciousRecord[];
  readonly judgement: Judgement;
  readonly leavers: FoundLeavers;
  /** The changes of users and of leavers, parents first. */
  readonly changes: readonly Change[];
  readonly old: PreparedPlan["old"];
}

/** The result of the fourth stage of planning: the findings of the guard and the policies. */
export interface Guarded extends Judged {
  readonly guard: GuardBasis;
  /** The findings of policies, and the data that the policies judged. Undefined without a {@link PolicyCoverage}. */
  readonly policies: JudgedPolicies | undefined;
  /** Why the plan is refused, if it is: {@link PlanFacts.refusals}. */
  readonly refusals: readonly GuardFinding[];
}

/** The findings of policies about a plan, and the data with which a run lets the policies judge again. */
export interface JudgedPolicies extends PolicyVerdict {
  readonly basis: PolicyBasis;
}

/** A plan with everything that is needed to carry it out. It holds personal data, so it is not public. */
export interface PreparedPlan extends Pick<Guarded, "oplead" | "options" | "changes" | "guard" | "policies"> {
  /** The part of the plan that is public. */
  readonly facts: PlanFacts;
  /** The hash of each change, in the order of the changes. */
  readonly hashes: readonly string[];
  /**
   * The values that Oplead has now, for each user that changes, indexed by account number. Only values that the ledger
   * keeps.
   */
  readonly old: ReadonlyMap<string, OldValues>;
  readonly notes: LedgerNotes;
  /** How many milliseconds the planning took. It may be minutes if the platform is slow to return its profiles. */
  readonly planningMs: number;
}

/** What a run notes in the ledger besides the users that it sent. */
export interface LedgerNotes {
  readonly present: readonly PresentUser[];
  /** Leavers whose entry must be changed, because they are newly missing or have now been reported. */
  readonly missing: readonly Leaver[];
  /**
   * How many records had no account number: {@link LedgerInfo.unidentified}. Undefined if the source does not give all
   * users.
   */
  readonly unidentified: number | undefined;
  /** How many entries the ledger had. */
  readonly entries: number;
  readonly reading: Reading;
  /**
   * Whether users are left out for a reason that is not in their own records: another record, the profiles of the
   * platform, or a question that no person has answered yet.
   */
  readonly areLeftOut: boolean;
  /** Whether the plan was made from the source, and not from a file instead of it. */
  readonly isSourceRead: boolean;
  /** The problems of the run, as the ledger will keep them: {@link LedgerInfo.problems}. */
  readonly problems: string | undefined;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
}
