import type { LongWork } from "../../src/core/time.ts";
import type { OpleadIssue, UserProfile } from "../../src/index.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import type { SourceUser } from "../../src/reconcile/content.ts";
import { type Judgement, judge } from "../../src/sync/plan/judge.ts";
import type { RetryPolicy } from "../../src/sync/plan/ledger-snapshot.ts";
import { LedgerSnapshot } from "../../src/sync/plan/ledger-snapshot.ts";
import { type MappedRecord, mapRecord } from "../../src/sync/plan/map-record.ts";
import { SourceUsers } from "../../src/sync/plan/source-users.ts";
import type { UserOptions } from "../../src/user/user.ts";
import { setEntry } from "./entries.ts";
import { TEST_KEY } from "./fingerprints.ts";

export const planning: LongWork = { caller: "planSync", signal: undefined };

const NO_RETRY: RetryPolicy = { retryHeld: false, now: 0 };

export async function snapshotOf(entries: Readonly<Record<string, LedgerEntry>> = {}): Promise<LedgerSnapshot> {
  const ledger = memoryLedger({ ledgerKey: TEST_KEY });
  for (const [accountNumber, entry] of Object.entries(entries)) await setEntry(ledger, accountNumber, entry);
  return LedgerSnapshot.read(ledger, planning);
}

export function usersOf(
  source: readonly SourceUser[],
  snapshot: LedgerSnapshot,
  { retry = NO_RETRY, resend = false, users: platform = {} }: Pick<Judging, "retry" | "resend" | "users"> = {},
): SourceUsers {
  const users = new SourceUsers(snapshot, {
    ...{ retry, resend, lateMs: 0, shared: undefined, users: platform },
    mayHaveLeaverRules: () => false,
  });
  for (const [at, record] of source.entries()) {
    users.take(mapRecord({ map: (one: SourceUser) => one }, at, record) as MappedRecord);
  }
  return users;
}

export interface Judging {
  readonly entries?: Readonly<Record<string, LedgerEntry>>;
  readonly profiles?: readonly UserProfile[];
  readonly dataIssues?: ReadonlyMap<string, readonly OpleadIssue[]>;
  readonly retry?: RetryPolicy;
  readonly resend?: boolean;
  readonly users?: UserOptions;
}

export async function judged(source: readonly SourceUser[], options: Judging = {}): Promise<Judgement> {
  const { entries, profiles, dataIssues = new Map(), resend = false } = options;
  const ledger = await snapshotOf(entries);
  const { rows } = usersOf(source, ledger, options);
  const byCode = profiles && new Map(profiles.map((profile) => [profile.code, profile]));
  return judge({ rows, ledger, profiles: byCode, dataIssues, resend }, planning);
}
