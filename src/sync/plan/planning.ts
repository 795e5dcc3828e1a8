import type { Oplead } from "../../client/api.ts";
import type { LongWork } from "../../core/time.ts";
import { withFields } from "../../ledger/entry.ts";
import type { LedgerInfo } from "../../ledger/ledger.ts";
import { SYNC_DEFAULTS } from "../read-options.ts";
import type { Finding } from "../types/findings.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";
import type { FlatOptions, SyncOptions } from "../types/options.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { PlannedMove } from "../types/records.ts";
import type { KeptApproval } from "./approval.ts";
import type { GuardBasis } from "./guard.ts";
import type { Change, Judgement, PresentUser } from "./judge.ts";
import type { FoundLeavers } from "./leavers.ts";
import type { LedgerSnapshot, RetryPolicy } from "./ledger-snapshot.ts";
import type { OldValues } from "./old-values.ts";
import type { PolicyBasis, PolicyVerdict } from "./policies.ts";
import type { Reading, SourceRead } from "./read-source.ts";
import type { Refresh } from "./refresh.ts";
import type { SharedValues } from "./shared-values.ts";
import type { Refreshed, SourceUsers } from "./source-users.ts";

// Options left out of a plan, so that it does not keep the records in memory while it waits for its approval.
const OF_SOURCE = ["source", "map", "key", "rowOf"] as const;

type Defaulted = keyof typeof SYNC_DEFAULTS | "concurrency" | "now";

type Given = Omit<FlatOptions<never>, (typeof OF_SOURCE)[number]>;

export type PlanOptions = Omit<Given, Defaulted> & {
  readonly [Name in Defaulted]-?: Exclude<Given[Name], undefined>;
};

export function planOptions(given: Given, maxConcurrency: number): PlanOptions {
  const defaults = { ...SYNC_DEFAULTS, ledger: given.ledger, concurrency: maxConcurrency, now: Date.now };
  const kept: Given = { ...given };
  for (const name of OF_SOURCE) delete (kept as Partial<SyncOptions<never>>)[name];
  return withDefaults<PlanOptions>(defaults, kept);
}

export function withDefaults<Options extends object>(
  defaults: Options,
  given: { readonly [Name in keyof Options]?: Options[Name] | undefined },
): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return withFields(defaults, Object.fromEntries(set) as Partial<Options>);
}

// A plan in the making, with personal data.
export interface Planning {
  readonly oplead: Oplead;
  readonly options: PlanOptions;
  readonly work: LongWork;
  readonly warnings: SyncWarning[];
}

export interface LedgerRead extends Planning {
  readonly info: LedgerInfo | undefined;
  readonly plannedAt: number;
  readonly snapshot: LedgerSnapshot;
  readonly moves: readonly PlannedMove[];
  readonly approval: KeptApproval | undefined;
}

export interface Compared extends LedgerRead {
  readonly reading: Reading;
  readonly read: SourceRead;
  readonly users: SourceUsers;
  readonly retry: RetryPolicy;
  readonly shared: SharedValues | undefined;
  readonly refresh: Refresh | undefined;
}

export interface Judged extends Compared {
  readonly suspicious: readonly Finding<"suspicious">[];
  readonly judgement: Judgement;
  readonly refreshed: readonly Refreshed[];
  readonly leavers: FoundLeavers;
  readonly changes: readonly Change[];
  readonly old: PreparedPlan["old"];
}

export interface Guarded extends Judged {
  readonly guard: GuardBasis;
  readonly policies: JudgedPolicies | undefined;
  readonly refusals: readonly GuardFinding[];
}

export interface JudgedPolicies extends PolicyVerdict {
  readonly basis: PolicyBasis;
}

// Holds personal data.
export interface PreparedPlan extends Pick<Guarded, "oplead" | "options" | "changes" | "guard" | "policies"> {
  readonly facts: PlanFacts;
  readonly refreshes: readonly Change[];
  // Of `changes`, then of `refreshes`.
  readonly hashes: readonly string[];
  readonly old: ReadonlyMap<string, OldValues>;
  readonly notes: LedgerNotes;
  // Time to plan: minutes if the platform is slow to return its profiles.
  readonly planningMs: number;
}

export interface LedgerNotes {
  readonly present: readonly PresentUser[];
  readonly missing: readonly Finding<"leaver">[];
  // Records without an account number. Undefined unless the source gives all users.
  readonly unidentified: number | undefined;
  readonly sourceAt: number | undefined;
  readonly entries: number;
  /** Account numbers whose entries had only an intent. */
  readonly unknown: readonly string[];
  readonly reading: Reading;
  // Whether users are left out because of another record, the profiles, or an unanswered question.
  readonly areLeftOut: boolean;
  readonly isSourceRead: boolean;
  readonly problems: string | undefined;
  // By account number, when each user that is to be sent again was confirmed.
  readonly confirmed: ReadonlyMap<string, number>;
  readonly plannedAt: number;
}
