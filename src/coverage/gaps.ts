import { intersection, isWithin, type Mask, meets, union, without } from "./masks.ts";
import type { Network } from "./network.ts";

/**
 * Places and kinds of leads for which a change makes a user eligible. The user becomes eligible for each of these kinds
 * in each of these places.
 */
export interface Gain {
  /** The numbers of the places. */
  readonly spots: readonly number[];
  readonly cells: Mask;
}

/**
 * For each place, the kinds of leads without a certainly eligible user. A kind is removed when a suggested change
 * closes its gap.
 */
export class Gaps {
  readonly #network: Network;
  readonly #open: Mask[];

  constructor(network: Network) {
    this.#network = network;
    this.#open = new Array<Mask>(network.spots.all.length);
    for (const { spots, status } of network.classes) {
      const open = union(status.gap, status.uncertainGap);
      for (const spot of spots) this.#open[spot] = open;
    }
  }

  /**
   * Whether a change for these kinds of leads would give one of them its first user at this place, and people live
   * there.
   */
  isClosedBy(cells: Mask, spot: number): boolean {
    return this.#peopleAt(spot) > 0 && meets(this.#openAt(spot), cells);
  }

  inhabitantsIn({ spots, cells }: Gain): number {
    let inhabitants = 0;
    for (const spot of spots) if (this.isClosedBy(cells, spot)) inhabitants += this.#peopleAt(spot);
    return inhabitants;
  }

  /**
   * True if the change helps all leads in its places: if it gives one kind of lead its first user in a place, it gives
   * every kind of lead its first user there.
   */
  isForAll({ spots, cells }: Gain): boolean {
    const all = this.#network.cells.all();
    return spots.every(
      (spot) => !this.isClosedBy(cells, spot) || isWithin(all, intersection(this.#openAt(spot), cells)),
    );
  }

  close({ spots, cells }: Gain): void {
    for (const spot of spots) this.#open[spot] = without(this.#openAt(spot), cells);
  }

  #openAt(spot: number): Mask {
    // The cast is safe: the classes hold every place, and the constructor sets a mask for each place of each class.
    return this.#open[spot] as Mask;
  }

  #peopleAt(spot: number): number {
    return this.#network.spots.at(spot).inhabitants ?? 0;
  }
}
