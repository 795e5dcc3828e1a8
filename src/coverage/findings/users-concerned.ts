import type { Mask, MemberMasks } from "../network/cells.ts";
import type { SpotClass } from "../network/classes.ts";
import type { ClassStatus, Network } from "../network/network.ts";
import type { Reach } from "../network/reach.ts";
import type { Patch } from "./by-place.ts";

/**
 * The users a finding names: for places with one user, who that is; for uncertain gaps, who may be eligible; for the status
 * "eligible", who is eligible in these places, whatever their status. It is enough to
 * look at places and kinds of leads apart, because a patch holds for every pair of them.
 */
export class UsersConcerned {
  readonly #network: Network;
  readonly #status: keyof ClassStatus | "eligible";
  /** By class: the users who are eligible for some cell that has the status. Few, where few users is the finding. */
  readonly #usersOfClass = new Map<number, readonly number[]>();
  #last: { readonly spots: readonly number[]; readonly users: readonly number[] } | undefined;

  constructor(network: Network, status: keyof ClassStatus | "eligible") {
    this.#network = network;
    this.#status = status;
  }

  /** Account numbers, in the order of the users. */
  in(patch: Patch): string[] {
    if (this.#status === "gap") return [];
    const users =
      this.#status === "overlap" || this.#status === "eligible" ? this.#byUser(patch) : this.#byClass(patch);
    return users.map((user) => this.#network.users[user]?.accountNumber ?? "");
  }

  /** Where many users share a place, most users are found at their first place. */
  #byUser({ spots, cells }: Patch): number[] {
    const inPatch = new Uint8Array(this.#network.spots.all.length);
    for (const spot of spots) inPatch[spot] = 1;
    return [...this.#network.users.keys()].filter(
      (user) =>
        meets(this.#maskOf(user), cells) &&
        (this.#network.reachOf[user] as Reach).pass.some((spot) => inPatch[spot] === 1),
    );
  }

  #byClass({ spots, cells }: Patch): number[] {
    // Patches with the same places come one after the other.
    if (this.#last?.spots !== spots) {
      const users = new Set<number>();
      for (const index of new Set(spots.map((spot) => this.#network.classOf[spot] as number))) {
        for (const user of this.#inClass(index)) users.add(user);
      }
      this.#last = { spots, users: [...users].sort((a, b) => a - b) };
    }
    return this.#last.users.filter((user) => meets(this.#maskOf(user), cells));
  }

  #inClass(index: number): readonly number[] {
    let found = this.#usersOfClass.get(index);
    if (!found) {
      const spotClass = this.#network.classes[index] as SpotClass;
      const mask = (this.#network.status[index] as ClassStatus)[this.#status as keyof ClassStatus];
      const inReach = this.#network.usersOf(spotClass, "pass");
      if (this.#status === "uncertainGap") inReach.push(...this.#network.usersOf(spotClass, "uncertain"));
      found = inReach.filter((user) => meets(this.#maskOf(user), mask));
      this.#usersOfClass.set(index, found);
    }
    return found;
  }

  #maskOf(user: number): Mask {
    const { pass, possible } = this.#network.masks[user] as MemberMasks;
    return this.#status === "uncertainGap" ? possible : pass;
  }
}

function meets(one: Mask, other: Mask): boolean {
  for (let word = 0; word < one.length; word += 1) {
    if (((one[word] as number) & (other[word] as number)) !== 0) return true;
  }
  return false;
}
