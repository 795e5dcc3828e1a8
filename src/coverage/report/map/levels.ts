import { isWithin, type Mask, meets } from "../../network/masks.ts";
import type { Network, NetworkClass, NetworkUser } from "../../network/network.ts";
import type { Label, ScriptTexts } from "../words.ts";

/** How many users a place has, as the map shows it. */
export const LEVELS: readonly { readonly name: string; readonly label: Label<ScriptTexts> }[] = [
  { name: "none", label: "no_user" },
  { name: "uncertain", label: "uncertain" },
  { name: "one", label: "one_user" },
  { name: "two", label: "two_users" },
  { name: "few", label: "few_users" },
  { name: "many", label: "many_users" },
];

/**
 * The figure that is counted. `"fewest"`: the users of the kind of lead that has the fewest, so a place without any user for some leads shows.
 * `"any"`: the users who get at least one kind of lead.
 */
export type Counting = "fewest" | "any";

/** For each spot the place of its level in {@link LEVELS}. */
export function levelsOf(network: Network, mask: Mask, counting: Counting): Uint8Array {
  const levels = new Uint8Array(network.spots.all.length);
  for (const spotClass of network.classes) setLevel(levels, spotClass, levelIn(network, spotClass, mask, counting));
  return levels;
}

function levelIn(network: Network, spotClass: NetworkClass, mask: Mask, counting: Counting): number {
  return counting === "fewest" ? fewestLevel(network, spotClass, mask) : anyLevel(network, spotClass, mask);
}

function setLevel(levels: Uint8Array, { spots }: NetworkClass, level: number): void {
  for (const spot of spots) levels[spot] = level;
}

export function countLevel(levels: Uint8Array, level: number): number {
  return levels.reduce((sum, one) => sum + Number(one === level), 0);
}

/** For each spot: 5 where a user is eligible for some of the leads, 1 where that is uncertain, else 0. */
export function levelsOfUser({ spots }: Network, { masks, reach }: NetworkUser, mask: Mask): Uint8Array {
  const levels = new Uint8Array(spots.all.length);
  if (!meets(masks.possible, mask)) return levels;
  for (const spot of reach.uncertain) levels[spot] = 1;
  for (const spot of reach.pass) levels[spot] = meets(masks.pass, mask) ? 5 : 1;
  return levels;
}

function fewestLevel(network: Network, spotClass: NetworkClass, mask: Mask): number {
  const { gap, uncertainGap, thin, uncertainThin } = spotClass.status;
  if (meets(gap, mask)) return 0;
  if (meets(uncertainGap, mask)) return 1;
  if (meets(thin, mask) || meets(uncertainThin, mask)) return 2;
  const tally = network.countOf(network.usersOf(spotClass, "pass"), "pass");
  if (!isWithin(mask, tally.moreThan(2))) return 3;
  return isWithin(mask, tally.moreThan(5)) ? 5 : 4;
}

function anyLevel(network: Network, spotClass: NetworkClass, mask: Mask): number {
  const count = network.usersOf(spotClass, "pass").filter(({ masks }) => meets(masks.pass, mask)).length;
  if (count > 0) return count > 5 ? 5 : count > 2 ? 4 : count + 1;
  const possible = network.usersOf(spotClass, "pass", "uncertain");
  return possible.some(({ masks }) => meets(masks.possible, mask)) ? 1 : 0;
}
