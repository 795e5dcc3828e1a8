import type { PolicyUser } from "../../policy-types.ts";
import { getOrMake } from "../get-or-make.ts";
import type { SpotClass } from "../network/classes.ts";
import { addTo, type Mask, meets } from "../network/masks.ts";
import { listFor, type PolicyMaps, type Side } from "./maps.ts";
import type { Broken, BrokenPlaces } from "./violations.ts";

/** The cells that the users of a reach cover, by the number of their group. */
type ByGroup = ReadonlyMap<number, Mask>;

/** The groups of the users of a plan, and the cells that several of them cover. */
export class Groups {
  readonly #maps: PolicyMaps;
  readonly #groupOf: (user: PolicyUser) => string | undefined;
  readonly #numbers = new Map<string, number>();
  /** By the number of the reach; the same for all classes. Both are the same object where nothing is uncertain. */
  readonly #ofReach: Record<Side, { readonly certain: ByGroup; readonly possible: ByGroup }[]>;

  constructor(maps: PolicyMaps, groupOf: (user: PolicyUser) => string | undefined) {
    this.#maps = maps;
    this.#groupOf = groupOf;
    this.#ofReach = { before: listFor(maps.members), after: listFor(maps.members) };
  }

  /** The cells of a class that users of different groups cover. */
  shared({ pass, uncertain }: SpotClass, side: Side): Broken {
    for (const reaches of [pass, uncertain]) for (const reach of reaches) this.#in(side, reach);
    const { words } = this.#maps.network.cells;
    // For each binary digit of the numbers of groups: the cells of groups in which it is 0, then of those in which it is 1.
    const digits = 32 - Math.clz32(this.#numbers.size);
    const covered = new Uint32Array(2 * digits * words);
    const add = (groups: ByGroup): void => {
      for (const [number, mask] of groups) {
        for (let digit = 0; digit < digits; digit += 1) {
          const start = (2 * digit + ((number >>> digit) & 1)) * words;
          for (let word = 0; word < words; word += 1) {
            covered[start + word] = (covered[start + word] ?? 0) | (mask[word] ?? 0);
          }
        }
      }
    };
    // The numbers of two groups differ in a digit.
    const inTwo = (): Mask => {
      const shared = new Uint32Array(words);
      for (let start = 0; start < covered.length; start += 2 * words) {
        for (let word = 0; word < words; word += 1) {
          shared[word] = (shared[word] ?? 0) | ((covered[start + word] ?? 0) & (covered[start + words + word] ?? 0));
        }
      }
      return shared;
    };
    for (const reach of pass) add(this.#in(side, reach).certain);
    const certain = inTwo();
    for (const reach of pass) {
      const groups = this.#in(side, reach);
      if (groups.possible !== groups.certain) add(groups.possible);
    }
    for (const reach of uncertain) add(this.#in(side, reach).possible);
    return { certain, uncertain: inTwo() };
  }

  /** The groups that cover some of the cells of places after the plan, perhaps. */
  async namesIn(places: readonly BrokenPlaces[]): Promise<string[]> {
    const found = new Set<number>();
    for (const { spotClass, cells } of places) {
      if (this.#maps.slice.isOver) await this.#maps.slice.next();
      for (const reaches of [spotClass.pass, spotClass.uncertain]) {
        for (const reach of reaches) {
          for (const [number, mask] of this.#in("after", reach).possible) {
            if (!found.has(number) && meets(mask, cells)) found.add(number);
          }
        }
      }
    }
    return [...this.#numbers].flatMap(([name, number]) => (found.has(number) ? [name] : [])).sort();
  }

  #in(side: Side, reach: number) {
    const known = this.#ofReach[side][reach];
    if (known) return known;
    const [certain, possible] = [new Map<number, Mask>(), new Map<number, Mask>()];
    let isSure = true;
    for (const { state, masks, [side]: counts } of this.#maps.membersIn(reach)) {
      const group = counts === false ? undefined : this.#groupOf(state);
      if (group === undefined) continue;
      const number = getOrMake(this.#numbers, group, () => this.#numbers.size);
      const add = (groups: Map<number, Mask>, mask: Mask) =>
        addTo(
          getOrMake(groups, number, () => this.#maps.network.cells.mask()),
          mask,
        );
      if (counts === true) add(certain, masks.pass);
      add(possible, masks.possible);
      isSure &&= counts === true && masks.pass === masks.possible;
    }
    const made = { certain, possible: isSure ? certain : possible };
    this.#ofReach[side][reach] = made;
    return made;
  }
}
