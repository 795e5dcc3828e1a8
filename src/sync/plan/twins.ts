import type { TimeSlice } from "../../base/time/time-slice.ts";
import { comparable, identityOf, UNIQUE_FIELDS } from "../../reconcile/content/marks.ts";
import type { TwinUser } from "../types/records.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { Candidate, SourceRow } from "./source/source-users.ts";

/** What tells a new user from the user whose login or e-mail address it has. */
export type Twin = Pick<TwinUser, "of" | "by" | "inSource">;

/**
 * The new users that may be known ones, by account number. Only among users whose fingerprints can be read. `confirmed`: account numbers of people
 * who are really new. `isFull`: whether the source gives all users. `isFirstNight`: no run has come to its end, and none was approved, so users may be new only because one was
 * interrupted. A user of the source that gives the value up in this plan is another person; so are those who share an e-mail address in
 * the ledger already.
 */
export async function findTwins(
  rows: ReadonlyMap<string, SourceRow>,
  ledger: LedgerSnapshot,
  confirmed: readonly string[],
  { isFull, isFirstNight }: { readonly isFull: boolean; readonly isFirstNight: boolean },
  slice: TimeSlice,
): Promise<ReadonlyMap<string, Twin>> {
  const { fingerprints } = ledger;
  const skipped = new Set(confirmed);
  const fresh: (readonly [accountNumber: string, row: SourceRow, candidate: Candidate])[] = [];
  for (const [accountNumber, row] of rows) {
    if (slice.isOver) await slice.next();
    if (typeof row.state !== "object" || skipped.has(accountNumber)) continue;
    if (ledger.get(accountNumber)?.id === undefined) fresh.push([accountNumber, row, row.state]);
  }
  const twins = new Map<string, Twin>();
  if (fresh.length === 0) return twins;
  const keys = new Set<string>();
  for (const [, { key }] of ledger) {
    if (slice.isOver) await slice.next();
    if (key !== undefined && fingerprints.reads(key)) keys.add(key);
  }
  const owners = await ownersOf(fresh, ledger, keys, slice);
  for (const [accountNumber, row, { content }] of fresh) {
    let best: Twin | undefined;
    for (const key of keys) {
      if (slice.isOver) await slice.next();
      const identity = identityOf(content.user, fingerprints, key);
      for (const by of UNIQUE_FIELDS) {
        const of = owners.get(`${by} ${key} ${identity[by]}`)?.filter((other) => {
          const owner = rows.get(other);
          // The plan of the first night had both of them.
          const isOfOnePlan = (row.approved && owner?.approved) || (isFirstNight && isKnown(owner));
          return !givesUp(owner, by, content.user) && !isOfOnePlan;
        });
        const [first, second] = of ?? [];
        if (first === undefined || second !== undefined) continue;
        const twin = { of: first, by, inSource: rows.has(first) || !isFull };
        if (!best || rank(twin) < rank(best)) best = twin;
      }
    }
    if (best) twins.set(accountNumber, best);
  }
  return twins;
}

/** The users that Oplead has and that have a login or an e-mail address of one of these new users. */
async function ownersOf(
  fresh: readonly (readonly [string, SourceRow, Candidate])[],
  ledger: LedgerSnapshot,
  keys: ReadonlySet<string>,
  slice: TimeSlice,
): Promise<Map<string, string[]>> {
  const owners = new Map<string, string[]>();
  for (const key of keys) {
    for (const [, , { content }] of fresh) {
      if (slice.isOver) await slice.next();
      const identity = identityOf(content.user, ledger.fingerprints, key);
      for (const by of UNIQUE_FIELDS) if (identity[by]) owners.set(`${by} ${key} ${identity[by]}`, []);
    }
  }
  for (const [accountNumber, { id, key, identity }] of ledger) {
    if (slice.isOver) await slice.next();
    if (id === undefined || !identity) continue;
    for (const by of UNIQUE_FIELDS) owners.get(`${by} ${key} ${identity[by]}`)?.push(accountNumber);
  }
  return owners;
}

/** The most likely ones first: the person is missing; the login is the same. */
function rank({ inSource, by }: Twin): number {
  return (inSource ? 2 : 0) + (by === "login" ? 0 : 1);
}

/** Whether the record of a user can be compared with its entry, and is not older. */
function isKnown(row: SourceRow | undefined): boolean {
  return typeof row?.state === "object" || row?.state === "unchanged";
}

function givesUp(row: SourceRow | undefined, by: Twin["by"], user: Candidate["content"]["user"]): boolean {
  if (typeof row?.state !== "object") return false;
  return comparable(row.state.content.user[by]) !== comparable(user[by]);
}
