import { inTurns, type LongWork } from "../../core/time.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import { comparable, identityOf, UNIQUE_FIELDS } from "../../reconcile/compare.ts";
import { type FindingDetails, NO_RECORD, type PlacedUser } from "../types/findings.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { Candidate, SourceRow, SourceRows } from "./source-users.ts";

export type Twin = FindingDetails["twin"];

export interface Identities {
  readonly twins: ReadonlyMap<string, Twin>;
  // By the account number of a user with another login or e-mail address than before: the user that has it.
  readonly owners: ReadonlyMap<string, PlacedUser>;
}

// A user is no twin if the plan takes the value from the known user, or several known users share the value.
export async function findTwins(
  rows: SourceRows,
  ledger: LedgerSnapshot,
  confirmed: readonly string[],
  { isFull, isFirstNight }: { readonly isFull: boolean; readonly isFirstNight: boolean },
  work: LongWork,
): Promise<Identities> {
  const { fingerprints } = ledger;
  const skipped = new Set(confirmed);
  const known: (readonly [accountNumber: string, row: SourceRow, candidate: Candidate])[] = [];
  const fresh: (readonly [accountNumber: string, row: SourceRow, candidate: Candidate])[] = [];
  for (const row of rows) {
    const { accountNumber } = row;
    if (typeof row.state !== "object" || skipped.has(accountNumber)) continue;
    const list = ledger.get(accountNumber)?.id === undefined ? fresh : known;
    list.push([accountNumber, row, row.state]);
  }
  const twins = new Map<string, Twin>();
  const placed = new Map<string, PlacedUser>();
  if (fresh.length + known.length === 0) return { twins, owners: placed };
  const keys = new Set<string>();
  for (const [, { key }] of ledger) {
    if (key !== undefined && fingerprints.reads(key)) keys.add(key);
  }
  for (const [accountNumber, of] of await findExchanged(known, rows, ledger, keys, work)) {
    twins.set(accountNumber, { of, by: "exchange", inSource: true });
  }
  const owners = new Map<string, string[]>();
  const sought: (readonly [accountNumber: string, row: SourceRow, candidate: Candidate, values: readonly Value[]])[] =
    [];
  const wanted = ({ content }: Candidate): Value[] =>
    [...keys].flatMap((key) => valuesOf(identityOf(content.user, fingerprints, key), key));
  const wanting = new Map<string, readonly Value[]>();
  for await (const [accountNumber, , candidate] of inTurns(known, work)) {
    const { identity = {}, key } = ledger.get(accountNumber) ?? {};
    const own = new Set(valuesOf(identity, key).map(({ text }) => text));
    const values = wanted(candidate).filter(({ text }) => !own.has(text));
    for (const { text } of values) owners.set(text, []);
    wanting.set(accountNumber, values);
  }
  for await (const [accountNumber, row, candidate] of inTurns(fresh, work)) {
    const values = wanted(candidate);
    for (const { text } of values) owners.set(text, []);
    sought.push([accountNumber, row, candidate, values]);
  }
  for (const [accountNumber, { id, key, identity }] of ledger) {
    if (id === undefined || !identity) continue;
    for (const { text } of valuesOf(identity, key)) owners.get(text)?.push(accountNumber);
  }
  for (const [accountNumber, values] of wanting) {
    const owner = values.flatMap(({ text }) => owners.get(text) ?? []).find((other) => other !== accountNumber);
    if (owner === undefined) continue;
    const { record, row } = rows.get(owner) ?? NO_RECORD;
    placed.set(accountNumber, { record, row, accountNumber: owner });
  }
  // Cached by value: thousands may use the same mailbox.
  const others = new Map<string, readonly string[]>();
  const othersWith = ({ by, text }: Value, { approved }: SourceRow, { content }: Candidate): readonly string[] => {
    const key = `${approved} ${text}`;
    const known = others.get(key);
    if (known) return known;
    const found = (owners.get(text) ?? []).filter((other) => {
      const owner = rows.get(other);
      // Assumes that records of one plan are different people.
      const isOfOnePlan = (approved && owner?.approved) || (isFirstNight && isKnown(owner));
      return !givesUp(owner, by, content.user) && !isOfOnePlan;
    });
    others.set(key, found);
    return found;
  };
  for (const [accountNumber, row, candidate, values] of sought) {
    let best: Twin | undefined;
    for (const value of values) {
      const [first, second] = othersWith(value, row, candidate);
      if (first === undefined || second !== undefined) continue;
      const twin = { of: first, by: value.by, inSource: rows.has(first) || !isFull };
      if (!best || rank(twin) < rank(best)) best = twin;
    }
    if (best) twins.set(accountNumber, best);
  }
  return { twins, owners: placed };
}

// Known users in a ring: each now has the login and e-mail address that the next one had. A record that is not read
// (stale, invalid or a duplicate) may close a ring.
async function findExchanged(
  known: readonly (readonly [accountNumber: string, row: SourceRow, candidate: Candidate])[],
  rows: SourceRows,
  ledger: LedgerSnapshot,
  keys: ReadonlySet<string>,
  work: LongWork,
): Promise<readonly (readonly [accountNumber: string, of: string])[]> {
  const owners = new Map<string, string>();
  if (known.length > 0) {
    for (const [accountNumber, { id, key, identity }] of ledger) {
      const text = id === undefined ? undefined : personOf(identity, key);
      if (text !== undefined) owners.set(text, accountNumber);
    }
  }
  const takes = new Map<string, string>();
  const exchanged: (readonly [accountNumber: string, of: string])[] = [];
  const isUnread = (state: SourceRow["state"] | undefined) => typeof state === "string" && state !== "unchanged";
  for await (const [accountNumber, , { content }] of inTurns(owners.size > 1 ? known : [], work)) {
    for (const key of keys) {
      const owner = owners.get(personOf(identityOf(content.user, ledger.fingerprints, key), key) ?? "");
      if (owner === undefined || owner === accountNumber) continue;
      if (isUnread(rows.get(owner)?.state)) exchanged.push([accountNumber, owner]);
      else takes.set(accountNumber, owner);
    }
  }
  const seen = new Set<string>();
  for (const first of takes.keys()) {
    const chain: string[] = [];
    let at: string | undefined = first;
    for (; at !== undefined && !seen.has(at); at = takes.get(at)) {
      seen.add(at);
      chain.push(at);
    }
    const start = at === undefined ? -1 : chain.indexOf(at);
    if (start < 0) continue;
    for (const accountNumber of chain.slice(start)) exchanged.push([accountNumber, takes.get(accountNumber) ?? ""]);
  }
  return exchanged;
}

function personOf(identity: LedgerEntry["identity"], key: string | undefined): string | undefined {
  return identity?.login && identity.email ? `${key} ${identity.login} ${identity.email}` : undefined;
}

interface Value {
  readonly by: (typeof UNIQUE_FIELDS)[number];
  readonly text: string;
}

function valuesOf(identity: NonNullable<LedgerEntry["identity"]>, key: string | undefined): Value[] {
  return UNIQUE_FIELDS.flatMap((by) => (identity[by] ? [{ by, text: `${by} ${key} ${identity[by]}` }] : []));
}

// The lower the rank, the likelier the twin.
function rank({ inSource, by }: Twin): number {
  return (inSource ? 2 : 0) + (by === "login" ? 0 : 1);
}

function isKnown(row: SourceRow | undefined): boolean {
  return typeof row?.state === "object" || row?.state === "unchanged";
}

function givesUp(row: SourceRow | undefined, by: Value["by"], user: Candidate["content"]["user"]): boolean {
  if (typeof row?.state !== "object") return false;
  return comparable(row.state.content.user[by]) !== comparable(user[by]);
}
