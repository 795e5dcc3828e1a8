import { isEmpty, type Mask, meets } from "../../network/masks.ts";
import type { Network, NetworkUser } from "../../network/network.ts";

/** The places of a user for some leads: for each spot how many other users can get at least one of these leads there. */
export interface UserArea {
  /** By the number of the spot; {@link NOT_REACHED} or {@link OPEN} where the user is not certainly eligible. */
  readonly others: Int32Array;
  /** With how many spots each of the other users shares. */
  readonly sharers: ReadonlyMap<NetworkUser, number>;
}

export const NOT_REACHED = -2;
/** Whether the user is eligible is uncertain. */
export const OPEN = -1;

/** Others count as soon as they may be eligible: then the user is not certainly alone. */
export function areaOf(network: Network, user: NetworkUser, leads: Mask): UserArea {
  const others = new Int32Array(network.spots.all.length).fill(NOT_REACHED);
  const sharers = new Map<NetworkUser, number>();
  const sure = user.masks.pass.map((word, index) => word & (leads[index] ?? 0));
  const possible = user.masks.possible.map((word, index) => word & (leads[index] ?? 0));
  if (isEmpty(possible)) return { others, sharers };
  for (const spotClass of network.classes) {
    const isIn = spotClass.pass.includes(user.reach.number);
    if (!isIn && !spotClass.uncertain.includes(user.reach.number)) continue;
    const isSure = isIn && !isEmpty(sure);
    const found = isSure
      ? network.usersOf(spotClass, "pass", "uncertain").filter((one) => one !== user && meets(one.masks.possible, sure))
      : [];
    for (const spot of spotClass.spots) others[spot] = isSure ? found.length : OPEN;
    for (const one of found) sharers.set(one, (sharers.get(one) ?? 0) + spotClass.spots.length);
  }
  return { others, sharers };
}
