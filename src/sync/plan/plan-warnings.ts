import { tellWarning } from "../../locales/en/sync.ts";
import type { RateLimitOptions } from "../../transport/options.ts";
import { tally, usersAmong, who } from "../show.ts";
import type { Finding } from "../types/findings.ts";
import type { SyncWarning } from "../types/messages.ts";
import { isoTime } from "../types/records.ts";
import type { Change, Judgement } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

type UserWarning =
  | "damaged_entries"
  | "unreadable_fingerprints"
  | "incomparable_versions"
  | "leaver_rules_stay"
  | "unknown_parents";

export function againWarning(changes: readonly Change[], ledger: LedgerSnapshot): SyncWarning[] {
  const again = changes.filter(({ planned }) => planned.kind === "changed" && planned.doubted);
  const times = again.flatMap(({ planned }) => ledger.get(planned.accountNumber)?.intent?.at ?? []);
  if (times.length === 0) return [];
  return [tellWarning("sent_again", { count: again.length, at: isoTime(Math.min(...times)) })];
}

export function usersWarning(code: UserWarning, accountNumbers: readonly string[]): SyncWarning[] {
  return accountNumbers.length === 0 ? [] : [tellWarning(code, usersAmong(accountNumbers))];
}

export function keyWarnings({ fingerprints: { problem }, unreadable }: LedgerSnapshot): SyncWarning[] {
  return problem
    ? [tellWarning("ledger_key_unusable", { problem })]
    : usersWarning("unreadable_fingerprints", unreadable);
}

type WithNumber = { readonly accountNumber: string };

// Warns because, without fingerprints, a missing and a new user may be the same person.
export function perhapsMovedWarning(
  missing: readonly WithNumber[],
  added: number,
  ledger: LedgerSnapshot,
): SyncWarning[] {
  const isKnown = ({ accountNumber }: WithNumber) => {
    const { key, identity } = ledger.get(accountNumber) ?? {};
    return identity !== undefined && key !== undefined && ledger.fingerprints.reads(key);
  };
  if (added === 0 || missing.every(isKnown)) return [];
  return [tellWarning("perhaps_moved", { missing: missing.length, added })];
}

// Only a warning: Oplead may have parents that are not in the source.
export function unknownParentsWarning(unknown: Judgement["unknownParents"]): SyncWarning[] {
  if (unknown.length === 0) return [];
  const examples = unknown.slice(0, 5).map(({ accountNumber, parent }) => `${who(accountNumber)} → ${who(parent)}`);
  return [tellWarning("unknown_parents", { count: unknown.length, examples })];
}

export function suspiciousWarning(suspicious: readonly Finding<"suspicious">[]): SyncWarning[] {
  if (suspicious.length === 0) return [];
  // Counts have no separator of thousands, so the text is the same in each language.
  const paths = tally(
    suspicious.flatMap(({ issues }) => [...new Set(issues.map(({ path }) => path.replace(/\[.*/, "") || "record"))]),
    String,
  );
  return [tellWarning("suspicious_data", { count: suspicious.length, paths })];
}

// Guide, best practices: "Don't sync more than once a day unless strictly controlled."
export function tooSoonWarning(
  lastRunAt: number | undefined,
  now: number,
  rateLimit: RateLimitOptions | false,
): SyncWarning[] {
  if (rateLimit !== false || lastRunAt === undefined || now < lastRunAt || now - lastRunAt >= DAY_MS) return [];
  return [tellWarning("too_soon", { agoMs: now - lastRunAt })];
}
