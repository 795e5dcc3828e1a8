import { isEmpty, type Mask, type MemberMasks, setBit } from "../network/cells.ts";
import type { SpotClass } from "../network/classes.ts";
import type { ClassStatus, Network } from "../network/network.ts";

/** How many users a place has, as the map shows it. */
export const LEVELS = [
  { name: "none", label: "no user" },
  { name: "uncertain", label: "uncertain" },
  { name: "one", label: "1 user" },
  { name: "two", label: "2 users" },
  { name: "few", label: "3 to 5 users" },
  { name: "many", label: "6 or more users" },
] as const;

/** Leads to look at: what is left out means all. */
export interface LeadFilter {
  readonly range?: string | undefined;
  readonly requestType?: string | undefined;
  readonly contactProfile?: string | undefined;
  readonly profileType?: string | undefined;
}

/**
 * What is counted. `"fewest"`: the users of the kind of lead that has the fewest, so a place without any user for some leads shows.
 * `"any"`: the users who get at least one kind of lead.
 */
export type Counting = "fewest" | "any";

/** The cells of the leads that a filter lets through. */
export function cellsOfFilter({ cells }: Network, filter: LeadFilter): Mask {
  const mask = cells.mask();
  for (let cell = 0; cell < cells.size; cell += 1) {
    const lead = cells.lead(cell);
    const passes = (["range", "requestType", "contactProfile", "profileType"] as const).every(
      (field) => filter[field] === undefined || filter[field] === lead[field],
    );
    if (passes) setBit(mask, cell);
  }
  return mask;
}

/** For each spot the place of its level in {@link LEVELS}. */
export function levelsOf(network: Network, mask: Mask, counting: Counting): Uint8Array {
  const ofClass = network.classes.map((spotClass, index) =>
    counting === "fewest"
      ? fewestLevel(network, spotClass, network.status[index] as ClassStatus, mask)
      : anyLevel(network, spotClass, mask),
  );
  return Uint8Array.from(network.classOf, (index) => ofClass[index] ?? 0);
}

/** For each spot: 5 where a user is eligible for some of the leads, 1 where that is uncertain, else 0. */
export function levelsOfUser(network: Network, user: number, mask: Mask): Uint8Array {
  const levels = new Uint8Array(network.spots.all.length);
  const { pass, possible } = network.masks[user] as MemberMasks;
  const reach = network.reachOf[user];
  if (!reach || !meets(possible, mask)) return levels;
  for (const spot of reach.uncertain) levels[spot] = 1;
  for (const spot of reach.pass) levels[spot] = meets(pass, mask) ? 5 : 1;
  return levels;
}

function fewestLevel(network: Network, spotClass: SpotClass, status: ClassStatus, mask: Mask): number {
  if (meets(status.gap, mask)) return 0;
  if (meets(status.uncertainGap, mask)) return 1;
  if (meets(status.thin, mask) || meets(status.uncertainThin, mask)) return 2;
  const tally = network.countEligible(spotClass);
  if (!isWithin(mask, tally.moreThan(2))) return 3;
  return isWithin(mask, tally.moreThan(5)) ? 5 : 4;
}

function anyLevel(network: Network, spotClass: SpotClass, mask: Mask): number {
  const masks = (user: number): MemberMasks => network.masks[user] as MemberMasks;
  const inReach = network.usersOf(spotClass, "pass");
  const count = inReach.filter((user) => meets(masks(user).pass, mask)).length;
  if (count > 0) return count > 5 ? 5 : count > 2 ? 4 : count + 1;
  const possible = [...inReach, ...network.usersOf(spotClass, "uncertain")];
  return possible.some((user) => meets(masks(user).possible, mask)) ? 1 : 0;
}

function meets(one: Mask, other: Mask): boolean {
  return !isEmpty(one.map((word, index) => word & (other[index] as number)));
}

function isWithin(small: Mask, large: Mask): boolean {
  return isEmpty(small.map((word, index) => word & ~(large[index] as number)));
}
