import type { OpleadIssue } from "../../errors.ts";
import { showIdentity } from "../../redact.ts";
import type { UserProfile } from "../../reference-types.ts";

/** Where a user of the source stands. */
export interface Place {
  readonly profile: string | undefined;
  /** The account number of the parent. Undefined for a user at the top, or whose parent nobody here knows. */
  readonly parent: string | undefined;
}

/** Looks a user of the source up; undefined for any other. */
export type PlaceOf = (accountNumber: string) => Place | undefined;

/** What is wrong with a user's place: its profile, its parent's profile, or a parent below it. */
export function placeIssues(
  accountNumber: string,
  placeOf: PlaceOf,
  profiles: ReadonlyMap<string, UserProfile> | undefined,
): OpleadIssue[] {
  const issues: OpleadIssue[] = [];
  const cycle = cycleOf(accountNumber, placeOf);
  if (cycle) {
    const names = [...cycle, accountNumber].map(showIdentity).join(" → ");
    issues.push({ path: "parentUserIdentifier", message: `is in a cycle of parents: ${names}` });
  }
  const { profile, parent } = placeOf(accountNumber) ?? {};
  if (!profiles || profile === undefined) return issues;
  if (!profiles.has(profile)) {
    issues.push({ path: "profile.code", message: `${shown(profile)} is not a profile of this platform` });
    return issues;
  }
  const above = parent === undefined ? undefined : placeOf(parent)?.profile;
  if (above === undefined || !profiles.has(above)) return issues;
  const ancestors = ancestorsOf(profile, profiles);
  // A level that is left out may be allowed; that is for Oplead to say. A profile with nothing above says nothing.
  if (ancestors.length > 0 && !ancestors.includes(above)) {
    issues.push({
      path: "parentUserIdentifier",
      message: `the parent has the profile ${shown(above)}, which is not above ${shown(profile)}`,
    });
  }
  return issues;
}

/** Parents before their children, otherwise in the order given. Whoever is in a cycle has been taken out before. */
export function parentsFirst<T>(
  items: ReadonlyMap<string, T>,
  parentOf: (accountNumber: string) => string | undefined,
): T[] {
  const ordered: T[] = [];
  const placed = new Set<string>();
  for (const accountNumber of items.keys()) {
    const line: string[] = [];
    for (let at: string | undefined = accountNumber; at !== undefined && !placed.has(at); at = parentOf(at)) {
      placed.add(at);
      line.push(at);
    }
    for (const name of line.reverse()) {
      const item = items.get(name);
      if (item !== undefined) ordered.push(item);
    }
  }
  return ordered;
}

/** The users from this one up to itself again; undefined when the way up ends elsewhere. */
function cycleOf(accountNumber: string, placeOf: PlaceOf): string[] | undefined {
  const way = [accountNumber];
  const seen = new Set(way);
  for (let at = placeOf(accountNumber)?.parent; at !== undefined; at = placeOf(at)?.parent) {
    if (at === accountNumber) return way;
    if (seen.has(at)) return undefined;
    seen.add(at);
    way.push(at);
  }
  return undefined;
}

function ancestorsOf(profile: string, profiles: ReadonlyMap<string, UserProfile>): string[] {
  const ancestors: string[] = [];
  for (let at = profiles.get(profile)?.parent?.code; at !== undefined; at = profiles.get(at)?.parent?.code) {
    if (ancestors.includes(at)) break;
    ancestors.push(at);
  }
  return ancestors;
}

/** A code may be shown; what stands in its place by mistake may not. */
function shown(code: string): string {
  return /^[\w.-]{1,40}$/.test(code) ? `"${code}"` : "what is given";
}
