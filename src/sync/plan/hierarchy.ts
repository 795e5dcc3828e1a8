import type { OpleadIssue } from "../../core/issues.ts";
import { issueAt } from "../../core/issues.ts";
import { tellRecord } from "../../locales/en/core.ts";
import type { UserProfile } from "../../rules/countries.ts";
import { who } from "../show.ts";
import { NO_RECORD, type WaitingRoot } from "../types/findings.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { SourceRow, SourceRows } from "./source-users.ts";

export interface Visit {
  readonly accountNumber: string;
  readonly cycle: readonly string[] | undefined;
}

const NAMED = 10;

// Yields each user after its parent, also a parent outside of the list. Takes linear time, however long the chains are.
export function* parentsFirst(
  accountNumbers: Iterable<string>,
  parentOf: (accountNumber: string) => string | undefined,
): Generator<Visit> {
  const visited = new Set<string>();
  for (const start of accountNumbers) {
    const path: string[] = [];
    const places = new Map<string, number>();
    let at: string | undefined = start;
    while (at !== undefined && !visited.has(at) && !places.has(at)) {
      places.set(at, path.length);
      path.push(at);
      at = parentOf(at);
    }
    const firstOfCycle = at === undefined ? undefined : places.get(at);
    for (let place = path.length - 1; place >= 0; place -= 1) {
      const accountNumber = path[place] as string;
      visited.add(accountNumber);
      const isInCycle = firstOfCycle !== undefined && place >= firstOfCycle;
      yield { accountNumber, cycle: isInCycle ? cycleFrom(path, firstOfCycle, place) : undefined };
    }
  }
}

function cycleFrom(path: readonly string[], first: number, place: number): string[] {
  const length = path.length - first;
  return Array.from({ length: Math.min(length, NAMED) }, (_, offset) => {
    return path[first + ((place - first + offset) % length)] as string;
  });
}

export type Parents = ReturnType<typeof findParents>;

export function findParents(rows: SourceRows, ledger: LedgerSnapshot) {
  const isAccountNumber = (identifier: string): boolean => rows.has(identifier) || ledger.get(identifier) !== undefined;
  const ids = new Set<string>();
  for (const { parentIdentifier } of rows) {
    if (parentIdentifier !== undefined && !isAccountNumber(parentIdentifier)) ids.add(parentIdentifier);
  }
  const ownersOfIds = ledger.accountNumbersOf(ids);

  const of = (row: SourceRow | undefined): string | undefined => {
    const identifier = row?.parentIdentifier;
    if (identifier === undefined) return undefined;
    return isAccountNumber(identifier) ? identifier : ownersOfIds.get(identifier);
  };
  const isUnknown = (row: SourceRow | undefined): boolean => {
    return row?.parentIdentifier !== undefined && of(row) === undefined;
  };
  const unknownOf = (row: SourceRow | undefined): WaitingRoot | undefined => {
    const accountNumber = row?.parentIdentifier;
    if (accountNumber === undefined || !isUnknown(row)) return undefined;
    return { ...NO_RECORD, accountNumber, because: "unknown" };
  };
  const visit = (accountNumbers: readonly string[]): Iterable<Visit> => {
    return parentsFirst(accountNumbers, (accountNumber) => of(rows.get(accountNumber)));
  };
  // Users below an unknown parent come last: Oplead probably refuses them, and no other user should wait for them.
  const inOrder = (accountNumbers: readonly string[]): Iterable<Visit> => {
    const doubtful = new Set<string>();
    for (const { accountNumber } of visit(accountNumbers)) {
      const row = rows.get(accountNumber);
      const parent = of(row);
      if (isUnknown(row) || (parent !== undefined && doubtful.has(parent))) doubtful.add(accountNumber);
    }
    const others = accountNumbers.filter((accountNumber) => !doubtful.has(accountNumber));
    return visit([...others, ...accountNumbers.filter((accountNumber) => doubtful.has(accountNumber))]);
  };
  return { of, isUnknown, unknownOf, inOrder };
}

export function cycleIssue(cycle: readonly string[]): OpleadIssue {
  const [first = ""] = cycle;
  const names = [...cycle, ...(cycle.length === NAMED ? ["…"] : []), first].map(who);
  return issueAt("parentUserIdentifier", tellRecord("parent_cycle", { cycle: names }));
}

export function profileIssues(
  profile: string | undefined,
  parentProfile: string | undefined,
  profiles: ReadonlyMap<string, UserProfile>,
): OpleadIssue[] {
  if (profile === undefined) return [];
  if (!profiles.has(profile))
    return [issueAt("profile.code", tellRecord("unknown_profile", { profile: shown(profile) }))];
  if (parentProfile === undefined || !profiles.has(parentProfile)) return [];
  const ancestors = ancestorsOf(profile, profiles);
  // Accepts a parent of any level above: Oplead may allow it.
  if (ancestors.length === 0 || ancestors.includes(parentProfile)) return [];
  const codes = { profile: shown(profile), parentProfile: shown(parentProfile) };
  return [issueAt("parentUserIdentifier", tellRecord("parent_not_above", codes))];
}

function ancestorsOf(profile: string, profiles: ReadonlyMap<string, UserProfile>): string[] {
  const ancestors: string[] = [];
  for (let at = profiles.get(profile)?.parent?.code; at !== undefined; at = profiles.get(at)?.parent?.code) {
    if (ancestors.includes(at)) break;
    ancestors.push(at);
  }
  return ancestors;
}

// Hides what is no short code: a source may have personal data in its place.
function shown(code: string): string {
  return /^[\w.-]{1,40}$/.test(code) ? code : "[not shown]";
}
