import { showIdentity } from "../../base/redact.ts";
import { tellFinding } from "../../locales/en/findings.ts";
import { append, getOrMake } from "../get-or-make.ts";
import { isWithin } from "../network/masks.ts";
import type { Network, NetworkClass, NetworkUser } from "../network/network.ts";
import type { CoverageFinding } from "../types.ts";
import { aboutUsers, placesOf, usersTold } from "./finding.ts";
import { isUnreachable } from "./unreachable.ts";

/**
 * Users all of whose leads also reach another user. One finding for each: the first such other user, or all users with exactly
 * the same leads.
 */
export function subsumedFindings(network: Network): CoverageFinding[] {
  const findings: CoverageFinding[] = [];
  const largerThan = largerFinder(network);
  for (const twins of twinsOf(network)) {
    const [first, ...others] = twins;
    const places = placesOf(network, first.reach.pass);
    if (others.length > 0 && isCertain(first)) {
      const names = twins.map(({ accountNumber }) => accountNumber);
      findings.push(aboutUsers("subsumed", names, tellFinding("same_leads", usersTold(names)), places));
    }
    const larger = largerThan(first);
    if (!larger) continue;
    for (const twin of twins) {
      const names = [twin.accountNumber, larger.accountNumber];
      const [user, other] = [showIdentity(twin.accountNumber), showIdentity(larger.accountNumber)];
      findings.push(aboutUsers("subsumed", names, tellFinding("leads_of_another", { user, other }), places));
    }
  }
  return findings;
}

type Twins = [NetworkUser, ...NetworkUser[]];

/** Users with the same places and the same kinds of leads, together; those who get no lead are left out. */
function twinsOf({ users }: Network): Iterable<Twins> {
  const groups = new Map<string, Twins>();
  for (const user of users) {
    if (isUnreachable(user)) continue;
    const { masks, reach } = user;
    append(groups, `${reach.number} ${masks.pass.join()} ${masks.possible.join()}`, user);
  }
  return groups.values();
}

/** Whether nothing about a user's leads is uncertain. */
function isCertain({ masks, reach }: NetworkUser): boolean {
  return reach.uncertain.length === 0 && isWithin(masks.possible, masks.pass);
}

/** Finds another user that certainly gets every lead which may reach a user, and more besides. */
function largerFinder(network: Network): (user: NetworkUser) => NetworkUser | undefined {
  const usersOfClass = new Map<NetworkClass, readonly NetworkUser[]>();
  return (user) => {
    const { masks, reach } = user;
    // A user that covers all places is also found in the one with the fewest users.
    let fewest: NetworkClass | undefined;
    let size = Number.POSITIVE_INFINITY;
    for (const spots of [reach.pass, reach.uncertain]) {
      for (const spot of spots) {
        const spotClass = network.classAt(spot);
        const { length } = spotClass.pass;
        if (length >= size) continue;
        size = length;
        fewest = spotClass;
      }
    }
    if (!fewest) return undefined;
    const spotClass = fewest;
    return getOrMake(usersOfClass, spotClass, () => network.usersOf(spotClass, "pass")).find(
      (other) =>
        other !== user &&
        isWithin(masks.possible, other.masks.pass) &&
        isSubset(reach.pass, other.reach.pass) &&
        isSubset(reach.uncertain, other.reach.pass) &&
        !isSame(user, other),
    );
  };
}

function isSame(one: NetworkUser, other: NetworkUser): boolean {
  return (
    one.reach === other.reach &&
    isWithin(other.masks.pass, one.masks.pass) &&
    isWithin(other.masks.possible, one.masks.possible)
  );
}

/** Both in ascending order. */
function isSubset(small: readonly number[], large: readonly number[]): boolean {
  if (small === large) return true;
  if (small.length > large.length) return false;
  let at = 0;
  for (const number of small) {
    while ((large[at] ?? number) < number) at += 1;
    if (large[at] !== number) return false;
  }
  return true;
}
