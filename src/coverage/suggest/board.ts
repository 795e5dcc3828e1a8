import type { Slice } from "../../base/time/time-slice.ts";
import { hasBit, type Kind, kindsOf } from "../load/kinds.ts";
import type { Mask } from "../network/masks.ts";
import type { Member } from "../network/member.ts";
import type { Network } from "../network/network.ts";

/** A user as it is after the changes so far. */
export interface Player {
  readonly accountNumber: string;
  readonly member: Member;
  /** The spots that its area rules certainly admit: in order, and as a set. */
  readonly spots: readonly number[];
  readonly inReach: Mask;
  /** The cells that its other rules certainly admit. */
  readonly mask: Mask;
}

/** The effect of making a user eligible for some kinds of leads in some spots. */
export interface Effect {
  readonly inhabitants: number;
  /** Inhabitants times cells. */
  readonly gain: number;
  /** Whether all kinds of leads in all these spots get their first user. */
  readonly isForAll: boolean;
}

/** How many users are certainly eligible in each spot for each kind of lead. */
export class Board {
  readonly network: Network;
  readonly kinds: readonly Kind[];
  readonly #counts: Uint16Array;

  private constructor(network: Network, kinds: readonly Kind[], counts: Uint16Array) {
    this.network = network;
    this.kinds = kinds;
    this.#counts = counts;
  }

  /** The same counts, to be changed on their own. */
  copy(): Board {
    return new Board(this.network, this.kinds, this.#counts.slice());
  }

  static async of(
    network: Network,
    players: readonly Player[],
    further: readonly Mask[],
    slice: Slice,
  ): Promise<Board> {
    const masks = [...players.map(({ mask }) => mask), ...further];
    const kinds = await kindsOf(network.cells, masks, slice);
    const board = new Board(network, kinds, new Uint16Array(network.spots.all.length * kinds.length));
    for (const { spots, mask } of players) {
      const kinds = board.kindsIn(mask);
      for (const spot of spots) {
        if (slice.isOver) await slice.next();
        board.add([spot], kinds);
      }
    }
    return board;
  }

  /** The numbers of the kinds that a mask has, and another has not. */
  kindsIn(mask: Mask, before?: Mask): number[] {
    return [...this.kinds.keys()].filter((kind) => {
      const { cell } = this.kinds[kind] as Kind;
      return hasBit(mask, cell) && !(before && hasBit(before, cell));
    });
  }

  add(spots: readonly number[], kinds: readonly number[]): void {
    for (const spot of spots) {
      for (const kind of kinds) {
        const at = spot * this.kinds.length + kind;
        this.#counts[at] = (this.#counts[at] ?? 0) + 1;
      }
    }
  }

  /** Inhabitants times the cells of those kinds that have no user. */
  gainAt(spot: number, kinds: readonly number[]): number {
    const inhabitants = this.network.spots.at(spot).inhabitants ?? 0;
    if (inhabitants === 0) return 0;
    let cells = 0;
    for (const kind of kinds) {
      if (this.#counts[spot * this.kinds.length + kind] === 0) cells += this.kinds[kind]?.cells ?? 0;
    }
    return inhabitants * cells;
  }

  gainOf(spots: readonly number[], kinds: readonly number[]): number {
    let gain = 0;
    for (const spot of spots) gain += this.gainAt(spot, kinds);
    return gain;
  }

  /** Whether one more user would be an overlap for one of the kinds. */
  isFull(spot: number, kinds: readonly number[]): boolean {
    const { overlapAbove } = this.network;
    if (overlapAbove === undefined) return false;
    return kinds.some((kind) => (this.#counts[spot * this.kinds.length + kind] ?? 0) >= overlapAbove);
  }

  /** The effect of a user who becomes eligible there. */
  effectOf(spots: readonly number[], kinds: readonly number[]): Effect {
    const total = { inhabitants: 0, gain: 0 };
    for (const spot of spots) {
      const gain = this.gainAt(spot, kinds);
      total.gain += gain;
      if (gain > 0) total.inhabitants += this.network.spots.at(spot).inhabitants ?? 0;
    }
    return { ...total, isForAll: total.gain === total.inhabitants * this.network.cells.size };
  }
}
