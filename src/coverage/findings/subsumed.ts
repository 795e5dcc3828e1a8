import { showIdentity } from "../../redact.ts";
import type { Mask, MemberMasks } from "../network/cells.ts";
import type { Network } from "../network/network.ts";
import type { Reach } from "../network/reach.ts";
import type { CoverageFinding } from "../types.ts";
import { aboutUsers, inhabitantsOf, zipCodesOf } from "./finding.ts";
import { isUnreachable } from "./unreachable.ts";

/**
 * Users all of whose leads also reach another user. One finding for each: the first such other user, or all users with exactly
 * the same leads.
 */
export function subsumedFindings(network: Network): CoverageFinding[] {
  const findings: CoverageFinding[] = [];
  const comparison = new Comparison(network);
  const twins = twinsOf(network);
  const nameOf = (user: number): string => network.users[user]?.accountNumber ?? "";
  for (const group of twins) {
    const [user = 0, ...others] = group;
    if (others.length > 0 && comparison.isCertain(user)) {
      const names = group.map(nameOf);
      const shown = names.slice(0, 3).map(showIdentity).join(", ");
      findings.push(
        aboutUsers(
          "subsumed",
          names,
          `${shown}${names.length > 3 ? ` and ${names.length - 3} more` : ""} get exactly the same leads`,
          placesOf(network, user),
        ),
      );
    }
    const larger = comparison.firstLarger(user);
    if (larger === undefined) continue;
    for (const one of group) {
      const message = `all leads of ${showIdentity(nameOf(one))} also reach ${showIdentity(nameOf(larger))}`;
      findings.push(aboutUsers("subsumed", [nameOf(one), nameOf(larger)], message, placesOf(network, one)));
    }
  }
  return findings;
}

/** Where the leads of a user can be. */
function placesOf(network: Network, user: number): Pick<CoverageFinding, "zipCodes" | "inhabitants"> {
  const { pass } = network.reachOf[user] as Reach;
  return { zipCodes: zipCodesOf(network, pass), inhabitants: inhabitantsOf(network, pass) };
}

/** Users with the same places and the same kinds of leads, together; those who get no lead are left out. */
function twinsOf(network: Network): number[][] {
  const groups = new Map<string, number[]>();
  const numbers = new Map<Reach, number>();
  for (const [user, reach] of network.reachOf.entries()) {
    if (isUnreachable(network, user)) continue;
    const number = numbers.get(reach) ?? numbers.size;
    numbers.set(reach, number);
    const { pass, possible } = network.masks[user] as MemberMasks;
    const key = `${number} ${pass.join()} ${possible.join()}`;
    const group = groups.get(key);
    if (group) group.push(user);
    else groups.set(key, [user]);
  }
  return [...groups.values()];
}

class Comparison {
  readonly #network: Network;
  /** The users who are certainly eligible in a class: asked for once per class. */
  readonly #usersOfClass = new Map<number, readonly number[]>();

  constructor(network: Network) {
    this.#network = network;
  }

  /** Whether nothing about a user's leads is uncertain. */
  isCertain(user: number): boolean {
    const { pass, possible } = this.#network.masks[user] as MemberMasks;
    return (this.#network.reachOf[user] as Reach).uncertain.length === 0 && isWithin(possible, pass);
  }

  /** Another user that certainly gets every lead which may reach this one, and more besides. */
  firstLarger(user: number): number | undefined {
    const { masks, reachOf } = this.#network;
    const reach = reachOf[user] as Reach;
    const { possible } = masks[user] as MemberMasks;
    for (const other of this.#candidates(reach)) {
      if (other === user || !isWithin(possible, (masks[other] as MemberMasks).pass)) continue;
      const otherReach = reachOf[other] as Reach;
      if (!isSubset(reach.pass, otherReach.pass) || !isSubset(reach.uncertain, otherReach.pass)) continue;
      if (!this.#isSame(user, other)) return other;
    }
    return undefined;
  }

  /** The users in the place with the fewest: a user that covers all places is among them. */
  #candidates(reach: Reach): readonly number[] {
    const { classOf, classes } = this.#network;
    let fewest: readonly number[] | undefined;
    let size = Number.POSITIVE_INFINITY;
    let at = 0;
    for (const spots of [reach.pass, reach.uncertain]) {
      for (const spot of spots) {
        const index = classOf[spot] as number;
        const { length } = classes[index]?.pass ?? [];
        if (length >= size) continue;
        size = length;
        at = index;
      }
    }
    fewest = this.#usersOfClass.get(at);
    if (!fewest) {
      const spotClass = classes[at];
      fewest = spotClass ? this.#network.usersOf(spotClass, "pass") : [];
      this.#usersOfClass.set(at, fewest);
    }
    return fewest;
  }

  #isSame(user: number, other: number): boolean {
    const { masks, reachOf } = this.#network;
    const [own, others] = [masks[user] as MemberMasks, masks[other] as MemberMasks];
    return (
      reachOf[user] === reachOf[other] && isWithin(others.pass, own.pass) && isWithin(others.possible, own.possible)
    );
  }
}

function isWithin(small: Mask, large: Mask): boolean {
  for (let word = 0; word < small.length; word += 1) {
    if (((small[word] as number) & ~(large[word] as number)) !== 0) return false;
  }
  return true;
}

/** Both in ascending order. */
function isSubset(small: readonly number[], large: readonly number[]): boolean {
  if (small === large) return true;
  if (small.length > large.length) return false;
  let at = 0;
  for (const number of small) {
    while (at < large.length && (large[at] as number) < number) at += 1;
    if (large[at] !== number) return false;
  }
  return true;
}
