import type { OpleadIssue } from "../../errors.ts";
import { showIdentity } from "../../redact.ts";
import type { UserProfile } from "../../reference-types.ts";

/** A user on the way through the hierarchy. */
export interface Visit {
  readonly accountNumber: string;
  /** The users from this one up to itself again, if its parents form a cycle. */
  readonly cycle: readonly string[] | undefined;
}

/** A message names so many users of a cycle. */
const NAMED = 10;

/**
 * Visits users after their parents, and otherwise in the order given. Parents that are not among the users are visited
 * too, as long as `parentOf` knows them. Takes time in proportion to the number of visits, however long the chains are.
 */
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

/** The cycle as seen from one of its users, cut short if it is long. */
function cycleFrom(path: readonly string[], first: number, place: number): string[] {
  const length = path.length - first;
  return Array.from({ length: Math.min(length, NAMED) }, (_, step) => {
    return path[first + ((place - first + step) % length)] as string;
  });
}

/** What is wrong with a cycle of parents. */
export function cycleIssue(cycle: readonly string[]): OpleadIssue {
  const [first = ""] = cycle;
  const names = [...cycle, ...(cycle.length === NAMED ? ["…"] : []), first].map((name) => showIdentity(name));
  return { path: "parentUserIdentifier", message: `is in a cycle of parents: ${names.join(" → ")}` };
}

/** What is wrong with a user's profile, or with that of its parent. */
export function profileIssues(
  profile: string | undefined,
  parentProfile: string | undefined,
  profiles: ReadonlyMap<string, UserProfile>,
): OpleadIssue[] {
  if (profile === undefined) return [];
  if (!profiles.has(profile)) {
    return [{ path: "profile.code", message: `${shown(profile)} is not a profile of this platform` }];
  }
  if (parentProfile === undefined || !profiles.has(parentProfile)) return [];
  const ancestors = ancestorsOf(profile, profiles);
  // Oplead may allow a parent several levels up. A profile without any level above it tells nothing about its parent.
  if (ancestors.length === 0 || ancestors.includes(parentProfile)) return [];
  const message = `the parent has the profile ${shown(parentProfile)}, which is not above ${shown(profile)}`;
  return [{ path: "parentUserIdentifier", message }];
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
