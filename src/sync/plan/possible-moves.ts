import type { TimeSlice } from "../../base/time/time-slice.ts";
import { comparable, identityOf, UNIQUE_FIELDS } from "../../reconcile/content/marks.ts";
import type { Change } from "./judge.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { SourceRow } from "./source/source-users.ts";

/** A new user with the login or the e-mail address of a user in the ledger: perhaps the same person with another account number. */
export interface PossibleMove {
  readonly from: string;
  readonly to: string;
  readonly by: (typeof UNIQUE_FIELDS)[number];
}

/**
 * The new users that may be known ones. Only among users whose fingerprints can be read. `confirmed`: account numbers of people who are really new. A user of the
 * source that gives the value up in this plan is another person; so are those who share an e-mail address in the ledger already.
 */
export async function possibleMoves(
  changes: readonly Change[],
  ledger: LedgerSnapshot,
  rows: ReadonlyMap<string, SourceRow>,
  confirmed: readonly string[],
  slice: TimeSlice,
): Promise<PossibleMove[]> {
  const { fingerprints } = ledger;
  const skipped = new Set(confirmed);
  const fresh = changes.filter(({ planned: { kind, accountNumber } }) => kind === "new" && !skipped.has(accountNumber));
  if (fresh.length === 0) return [];
  const wanted = new Map<string, Change>();
  for (const key of new Set([...ledger].map(([, entry]) => entry.key))) {
    if (key === undefined || !fingerprints.reads(key)) continue;
    for (const change of fresh) {
      if (slice.isOver) await slice.next();
      const identity = identityOf(change.content.user, fingerprints, key);
      for (const by of UNIQUE_FIELDS) if (identity[by]) wanted.set(`${by} ${key} ${identity[by]}`, change);
    }
  }
  const found = new Map<string, PossibleMove[]>();
  for (const [from, { id, key, identity }] of ledger) {
    if (slice.isOver) await slice.next();
    if (id === undefined || !identity) continue;
    for (const by of UNIQUE_FIELDS) {
      const value = `${by} ${key} ${identity[by]}`;
      const change = wanted.get(value);
      if (!change || givesUp(rows.get(from), by, change)) continue;
      // The plan that was approved had both of them.
      if (change.approved && rows.get(from)?.approved) continue;
      found.set(value, [...(found.get(value) ?? []), { from, to: change.planned.accountNumber, by }]);
    }
  }
  const pairs = [...found.values()].flatMap((owners) => (owners.length === 1 ? owners : []));
  // The most likely ones first: the person is missing; the login is the same.
  const rank = ({ from, by }: PossibleMove): number => (rows.has(from) ? 2 : 0) + (by === "login" ? 0 : 1);
  const taken = new Set<string>();
  return pairs
    .sort((a, b) => rank(a) - rank(b))
    .filter(({ from, to }) => {
      if (taken.has(`from ${from}`) || taken.has(`to ${to}`)) return false;
      taken.add(`from ${from}`).add(`to ${to}`);
      return true;
    });
}

function givesUp(row: SourceRow | undefined, by: PossibleMove["by"], { content }: Change): boolean {
  if (typeof row?.state !== "object") return false;
  return comparable(row.state.content.user[by]) !== comparable(content.user[by]);
}
