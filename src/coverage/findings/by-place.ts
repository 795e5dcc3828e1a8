import { getOrMake } from "../get-or-make.ts";
import { bitsOf, type Mask, setBit } from "../network/masks.ts";
import type { Network } from "../network/network.ts";
import type { Dimensions } from "../types.ts";

/** Places and kinds of leads for which the same thing holds: for each of the cells in each of the places. */
export interface Patch {
  readonly country: string;
  /** Numbers of spots, in ascending order. */
  readonly spots: readonly number[];
  readonly cells: Mask;
  readonly dimensions: Dimensions;
}

/** Puts together the kinds of leads for which something holds in the same places, country by country. */
export function patchesOf({ spots, cells }: Network, maskOf: (spot: number) => Mask): Patch[] {
  const words = Math.ceil(spots.all.length / 32);
  const patches: Patch[] = [];
  for (const [country, inCountry] of spots.byCountry) {
    /** For each cell, the spots where it is in the mask, one bit each. */
    const columns = new Uint32Array(cells.size * words);
    const inAny = cells.mask();
    for (const spot of inCountry) {
      const mask = maskOf(spot);
      const [place, bit] = [spot >>> 5, 1 << (spot & 31)];
      for (let word = 0; word < mask.length; word += 1) {
        inAny[word] = (inAny[word] ?? 0) | (mask[word] ?? 0);
        for (let rest = mask[word] ?? 0; rest !== 0; rest &= rest - 1) {
          const at = (word * 32 + 31 - Math.clz32(rest & -rest)) * words + place;
          columns[at] = (columns[at] ?? 0) | bit;
        }
      }
    }
    const groups = new Map<string, { readonly spots: readonly number[]; readonly mask: Mask }>();
    for (const cell of bitsOf(inAny)) {
      const column = columns.subarray(cell * words, (cell + 1) * words);
      const group = getOrMake(groups, column.join(), () => ({ spots: bitsOf(column), mask: cells.mask() }));
      setBit(group.mask, cell);
    }
    for (const { mask, spots } of groups.values()) {
      for (const dimensions of cells.boxes(mask)) {
        patches.push({ country, spots, cells: cells.of(dimensions), dimensions });
      }
    }
  }
  return patches;
}
