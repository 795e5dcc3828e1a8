import { canonicalJson } from "../../core/hash.ts";
import type { OpleadIssue } from "../../core/issues.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { Content } from "../../reconcile/content.ts";
import type { KeptOf } from "../../reconcile/presence.ts";
import { isoTime, type SuspiciousRecord } from "../types/records.ts";
import { together } from "./check-data.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { SharedValues } from "./shared-values.ts";
import type { SourceRow } from "./source-users.ts";

/*
 * Data that looks wrong and was sent all the same: the entry of the user keeps it, so that it stays in the list each night until it is right,
 * and no night has to check users of whom nothing is sent.
 */

type KnownSuspicious = NonNullable<LedgerEntry["suspicious"]>;

interface Compared {
  readonly rows: ReadonlyMap<string, SourceRow>;
  readonly ledger: LedgerSnapshot;
  readonly shared: SharedValues;
  /** Whether the source gave all users. */
  readonly isFull: boolean;
  /** What the source itself suspects. It says so each night. */
  readonly bySource: ReadonlyMap<string, readonly OpleadIssue[]>;
}

/** The users of whom nothing is sent, and whose data looks wrong as it did when it was sent. By account number. */
export function findKnown({ rows, ledger, shared, isFull, bySource }: Compared): Map<string, SuspiciousRecord> {
  const found = new Map<string, SuspiciousRecord>();
  const unchanged = ledger.suspicious.filter((accountNumber) => {
    const row = rows.get(accountNumber);
    return row ? isUnsent(row, ledger.get(accountNumber)) : !isFull;
  });
  const sharing = shared.findAmong(unchanged.filter((one) => rows.has(one)));
  const accountNumbers = new Set(unchanged);
  for (const accountNumber of bySource.keys()) {
    if (rows.get(accountNumber)?.state === "unchanged") accountNumbers.add(accountNumber);
  }
  for (const accountNumber of accountNumbers) {
    const entry = ledger.get(accountNumber);
    const row = rows.get(accountNumber);
    const kept = entry?.suspicious?.of === (entry && stateOf(entry)) ? entry?.suspicious : undefined;
    // Whether two users still have the same value depends on both, so it is looked at again.
    const others = kept?.issues.filter(({ code }) => code !== "shared_value" || !row) ?? [];
    const shares = kept && others.length < kept.issues.length ? (sharing.get(accountNumber) ?? []) : [];
    const issues = together([...others, ...shares], bySource.get(accountNumber));
    if (issues.length === 0) continue;
    const { record, row: name } = row ?? { record: -1, row: undefined };
    const since = isoTime(kept?.since ?? entry?.at ?? 0);
    found.set(accountNumber, { record, row: name, accountNumber, issues, since });
  }
  return found;
}

/** Whether nothing of a user is sent, and the user is as Oplead has it. One of its rules may be held. */
export function isUnsent({ state }: SourceRow, entry: LedgerEntry | undefined): boolean {
  if (typeof state !== "object") return state === "unchanged";
  const { content, open } = state;
  return !open.user && open.rules.length === 0 && content.userHash === entry?.user;
}

/**
 * What looked wrong in those parts of users that are not sent now, while another part is: the user itself, or its area. By account number. What
 * is sent is checked anew.
 */
export function knownInPart({ rows, ledger, shared }: Omit<Compared, "isFull" | "bySource">) {
  const partly = ledger.suspicious.flatMap((accountNumber) => {
    const [state, entry] = [rows.get(accountNumber)?.state, ledger.get(accountNumber)];
    const isPart = typeof state === "object" && (state.open.user || state.open.rules.length > 0);
    return isPart && entry?.suspicious && entry.suspicious.of === stateOf(entry)
      ? [{ accountNumber, state, entry }]
      : [];
  });
  const sharing = shared.findAmong(partly.map(({ accountNumber }) => accountNumber));
  return new Map(
    partly.map(({ accountNumber, state: { open, content }, entry }) => {
      const isUserTheSame = !open.user && content.userHash === entry.user;
      const area = content.rules.find(({ name }) => name === "geographical");
      const isAreaTheSame = area === undefined || area.hash === entry.rules.geographical;
      const issues = entry.suspicious?.issues.filter(({ path, code }) => {
        if (path.startsWith("rules.")) return isAreaTheSame && !open.rules.some(({ name }) => name === "geographical");
        return isUserTheSame && (code !== "shared_value" || sharing.has(accountNumber));
      });
      return [accountNumber, issues ?? []] as const;
    }),
  );
}

/** Has the entry of a user keep what looks wrong in the content that is sent, once Oplead has it. Undefined if it need not be asked. */
export function keepSuspicious(
  content: Content,
  issues: readonly OpleadIssue[] = [],
  before: LedgerEntry | undefined,
  now: number,
): KeptOf | undefined {
  if (issues.length === 0 && !before?.suspicious) return undefined;
  return (entry) => {
    if (entry.user !== content.userHash) return undefined;
    if (issues.length === 0) return entry.suspicious && { suspicious: undefined };
    const suspicious: KnownSuspicious = { of: stateOf(entry), since: entry.suspicious?.since ?? now, issues };
    return canonicalJson(suspicious) === canonicalJson(entry.suspicious) ? undefined : { suspicious };
  };
}

/** Has the entry of an unchanged user forget what is right by now. */
export function forgetSuspicious(
  before: LedgerEntry | undefined,
  known: SuspiciousRecord | undefined,
): KeptOf | undefined {
  if (!before?.suspicious || known) return undefined;
  return (entry) => entry.suspicious && { suspicious: undefined };
}

/** What Oplead has of a user, as far as data checks look at it. With another state they say nothing. */
function stateOf({ user = "", rules }: LedgerEntry): string {
  return `${user} ${rules.geographical ?? ""}`.trimEnd();
}
