import type { Oplead } from "../../client/api.ts";
import type { LongWork } from "../../core/time.ts";
import { withFields } from "../../ledger/entry.ts";
import type { LedgerInfo } from "../../ledger/ledger.ts";
import { SYNC_DEFAULTS } from "../read-options.ts";
import type { SyncOptions } from "../types/options.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { GuardFinding, Leaver, PlannedMove, SuspiciousRecord, SyncWarning } from "../types/records.ts";
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
 * Options that are needed only to read the source. They are removed, so that a plan that waits for its approval does
 * not keep the records.
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

/** A plan in the making. Each step adds its results and reads those of the steps before it. It holds personal data. */
export interface Planning {
  readonly oplead: Oplead;
  readonly options: PlanOptions;
  /** Ends the planning with the caller's signal, and names the caller in errors. */
  readonly work: LongWork;
  /** {@link PlanFacts.warnings}: each step adds its own. */
  readonly warnings: SyncWarning[];
}

/** The result of the first step: the content of the ledger. */
export interface LedgerRead extends Planning {
  readonly info: LedgerInfo | undefined;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
  /** All entries, in which the moves are made already. */
  readonly snapshot: LedgerSnapshot;
  readonly moves: readonly PlannedMove[];
  /** The approval of a first night that was interrupted. */
  readonly approval: KeptApproval | undefined;
}

/** The result of the second step: every user of the source, compared with its entry. */
export interface Compared extends LedgerRead {
  readonly reading: Reading;
  readonly read: SourceRead;
  readonly users: SourceUsers;
  readonly retry: RetryPolicy;
  /** Values that only one user should have; undefined if data is not checked. */
  readonly shared: SharedValues | undefined;
}

/** The result of the third step: a verdict on every user of the source and every leaver. */
export interface Judged extends Compared {
  /** The changes whose data looks wrong. */
  readonly suspicious: readonly SuspiciousRecord[];
  readonly judgement: Judgement;
  readonly leavers: FoundLeavers;
  /** The changes of users and of leavers, parents first. */
  readonly changes: readonly Change[];
  readonly old: PreparedPlan["old"];
}

/** The result of the fourth step: the findings of the guard and the policies. */
export interface Guarded extends Judged {
  readonly guard: GuardBasis;
  /** The basis and the verdict of policies; undefined without a {@link PolicyCoverage}. */
  readonly policies: JudgedPolicies | undefined;
  /** {@link PlanFacts.refusals} */
  readonly refusals: readonly GuardFinding[];
}

/** The verdict of policies on a plan, and the basis on which a run asks them again. */
export interface JudgedPolicies extends PolicyVerdict {
  readonly basis: PolicyBasis;
}

/** A plan with everything that is needed to carry it out. It holds personal data, so it is not public. */
export interface PreparedPlan extends Pick<Guarded, "oplead" | "options" | "changes" | "guard" | "policies"> {
  /** Its public part. */
  readonly facts: PlanFacts;
  /** The hash of each change, in the same order. */
  readonly hashes: readonly string[];
  /** Oplead's present values of the users that change, by account number, as far as the ledger keeps them. */
  readonly old: ReadonlyMap<string, OldValues>;
  readonly notes: LedgerNotes;
  /** How long it took to make the plan. A platform that hangs may take minutes to give its profiles. */
  readonly planningMs: number;
}

/** Facts for the ledger after a run, besides the users that were sent. */
export interface LedgerNotes {
  readonly present: readonly PresentUser[];
  /** Leavers whose entry must be changed: they are missing, or they were reported. */
  readonly missing: readonly Leaver[];
  /** {@link LedgerInfo.unidentified}; undefined if the source does not give all users. */
  readonly unidentified: number | undefined;
  /** How many entries the ledger had. */
  readonly entries: number;
  readonly reading: Reading;
  /**
   * Whether users are left out for a reason outside of their own records: other records, profiles of the platform, or a
   * missing answer of a person.
   */
  readonly areLeftOut: boolean;
  /** Whether the source was read, and not a file in its place. */
  readonly isSourceRead: boolean;
  /** {@link LedgerInfo.problems}. */
  readonly problems: string | undefined;
  /** When the ledger was read, in milliseconds since 1970. */
  readonly plannedAt: number;
}
