import { getOrMake } from "../get-or-make.ts";
import { type Mask, meets } from "../network/masks.ts";
import type { ClassStatus, Network, NetworkClass, NetworkUser } from "../network/network.ts";
import type { Patch } from "./by-place.ts";

/** The account numbers of the users that a finding about a patch names, in the order of the users. */
export type UsersConcerned = (patch: Patch) => string[];

/**
 * For places with one user, who that is; for uncertain gaps, who may be eligible; for overlaps, who is eligible. It is enough to
 * look at places and kinds of leads apart, because a patch holds for every pair of them.
 */
export function usersConcerned(network: Network, status: keyof ClassStatus): UsersConcerned {
  if (status === "gap") return () => [];
  if (status === "overlap") return usersEligible(network);
  const isOpen = status === "uncertainGap";
  const fields = isOpen ? (["pass", "uncertain"] as const) : (["pass"] as const);
  const maskOf = ({ masks }: NetworkUser): Mask => (isOpen ? masks.possible : masks.pass);
  /** By class: the users who are eligible for some cell that has the status. Few, where few users is the finding. */
  const usersOfClass = new Map<NetworkClass, readonly NetworkUser[]>();
  const inClass = (spotClass: NetworkClass): readonly NetworkUser[] =>
    getOrMake(usersOfClass, spotClass, () =>
      network.usersOf(spotClass, ...fields).filter((user) => meets(maskOf(user), spotClass.status[status])),
    );
  // Patches with the same places come one after the other.
  let last: { readonly spots: readonly number[]; readonly users: readonly NetworkUser[] } | undefined;
  return ({ spots, cells }) => {
    if (last?.spots !== spots) {
      const users = new Set<NetworkUser>();
      for (const spotClass of new Set(spots.map((spot) => network.classAt(spot)))) {
        for (const user of inClass(spotClass)) users.add(user);
      }
      last = { spots, users: [...users].sort((a, b) => a.index - b.index) };
    }
    return last.users.filter((user) => meets(maskOf(user), cells)).map(({ accountNumber }) => accountNumber);
  };
}

/** The users that are eligible in the patch. Where many users share a place, most users are found at their first place. */
export function usersEligible({ spots, users }: Network): UsersConcerned {
  return (patch) => {
    const inPatch = new Uint8Array(spots.all.length);
    for (const spot of patch.spots) inPatch[spot] = 1;
    return users
      .filter(({ masks, reach }) => meets(masks.pass, patch.cells) && reach.pass.some((spot) => inPatch[spot] === 1))
      .map(({ accountNumber }) => accountNumber);
  };
}
