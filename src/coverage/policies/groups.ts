import type { PolicyUser } from "../../policy-types.ts";
import { getOrMake } from "../get-or-make.ts";
import type { SpotClass } from "../network/classes.ts";
import { addTo, type Mask, meets } from "../network/masks.ts";
import type { PolicyMaps, Side } from "./maps.ts";
import type { Broken, BrokenPlaces } from "./violations.ts";

/**
 * The groups of the users of each reach on one side. Each is a row: its number, the cells that it certainly covers, and those that it perhaps covers
 * as well. In one block of memory, because every class reads hundreds of them.
 */
interface ReachGroups {
  readonly rows: Uint32Array;
  /** By the number of the reach: where its rows end; 0 where they are not filled in yet. */
  readonly ends: Int32Array;
  isSure: boolean;
}

/** The groups of the users of a plan, and the cells that several of them cover. */
export class Groups {
  readonly #maps: PolicyMaps;
  readonly #groupOf: (user: PolicyUser) => string | undefined;
  readonly #numbers = new Map<string, number>();
  readonly #ofReach: Record<Side, ReachGroups>;
  readonly #stride: number;
  /** By the number of the group: its cells in the class that is looked at. Empty in between. */
  readonly #covered: Mask[] = [];

  constructor(maps: PolicyMaps, groupOf: (user: PolicyUser) => string | undefined) {
    this.#maps = maps;
    this.#groupOf = groupOf;
    this.#stride = 1 + 2 * maps.network.cells.words;
    const none = (): ReachGroups => {
      const rows = new Uint32Array(maps.members.length * this.#stride);
      return { rows, ends: new Int32Array(maps.firstIn.length), isSure: true };
    };
    this.#ofReach = { before: none(), after: none() };
  }

  /** The cells of a class that users of different groups cover. */
  shared({ pass, uncertain }: SpotClass, side: Side): Broken {
    const { cells } = this.#maps.network;
    const { words } = cells;
    const { rows } = this.#ofReach[side];
    const [shared, covered] = [cells.mask(), cells.mask()];
    const touched: Mask[] = [];
    const add = (reaches: Int32Array, field: number): void => {
      for (const reach of reaches) {
        const end = this.#endOf(side, reach);
        for (let row = this.#startOf(reach); row < end; row += this.#stride) {
          for (let word = 0; word < words; word += 1) {
            const open = (rows[row + field + word] ?? 0) & ~(shared[word] ?? 0);
            if (open === 0) continue;
            const own = this.#coveredBy(rows[row] ?? 0);
            touched.push(own);
            // What is covered and not by this group is covered by another: what several groups cover is not open.
            shared[word] = (shared[word] ?? 0) | (open & (covered[word] ?? 0) & ~(own[word] ?? 0));
            own[word] = (own[word] ?? 0) | open;
            covered[word] = (covered[word] ?? 0) | open;
          }
        }
      }
    };
    add(pass, 1);
    const certain = shared.slice();
    if (!this.#ofReach[side].isSure) add(pass, 1 + words);
    add(uncertain, 1 + words);
    for (const own of touched) own.fill(0);
    return { certain, uncertain: shared };
  }

  /** The groups that cover some of the cells of places after the plan, perhaps. */
  namesIn(places: readonly BrokenPlaces[]): string[] {
    const found = new Set<number>();
    const { rows } = this.#ofReach.after;
    const { words } = this.#maps.network.cells;
    for (const { spotClass, cells } of places) {
      for (const reaches of [spotClass.pass, spotClass.uncertain]) {
        for (const reach of reaches) {
          const end = this.#endOf("after", reach);
          for (let row = this.#startOf(reach); row < end; row += this.#stride) {
            const number = rows[row] ?? 0;
            if (!found.has(number) && meets(cells, rows.subarray(row + 1 + words, row + this.#stride)))
              found.add(number);
          }
        }
      }
    }
    return [...this.#numbers].flatMap(([name, number]) => (found.has(number) ? [name] : [])).sort();
  }

  #coveredBy(group: number): Mask {
    const known = this.#covered[group];
    if (known) return known;
    const made = this.#maps.network.cells.mask();
    this.#covered[group] = made;
    return made;
  }

  #startOf(reach: number): number {
    return (this.#maps.firstIn[reach] ?? 0) * this.#stride;
  }

  #endOf(side: Side, reach: number): number {
    return this.#ofReach[side].ends[reach] || this.#fill(side, reach);
  }

  #fill(side: Side, reach: number): number {
    const groups = this.#ofReach[side];
    const { words } = this.#maps.network.cells;
    const rowOf = new Map<number, number>();
    let end = this.#startOf(reach);
    for (const { state, masks, [side]: counts } of this.#maps.membersIn(reach)) {
      const group = counts === false ? undefined : this.#groupOf(state);
      if (group === undefined) continue;
      const number = getOrMake(this.#numbers, group, () => this.#numbers.size);
      let row = rowOf.get(number);
      if (row === undefined) {
        row = end;
        rowOf.set(number, row);
        groups.rows[row] = number;
        end += this.#stride;
      }
      if (counts === true) addTo(groups.rows.subarray(row + 1, row + 1 + words), masks.pass);
      addTo(groups.rows.subarray(row + 1 + words, row + this.#stride), masks.possible);
      if (counts !== true || masks.pass !== masks.possible) groups.isSure = false;
    }
    groups.ends[reach] = end;
    return end;
  }
}
