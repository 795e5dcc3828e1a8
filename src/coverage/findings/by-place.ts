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
  return [...spots.byCountry].flatMap(([country, inCountry]) => {
    /** For each cell, the spots where it is in the mask, one bit each. */
    const columns = new Map<number, Mask>();
    for (const spot of inCountry) {
      for (const cell of bitsOf(maskOf(spot)))
        setBit(
          getOrMake(columns, cell, () => new Uint32Array(words)),
          spot,
        );
    }
    const groups = new Map<string, { readonly spots: readonly number[]; readonly mask: Mask }>();
    for (const [cell, column] of columns) {
      const group = getOrMake(groups, column.join(), () => ({ spots: bitsOf(column), mask: cells.mask() }));
      setBit(group.mask, cell);
    }
    return [...groups.values()].flatMap((group) =>
      cells
        .boxes(group.mask)
        .map((dimensions) => ({ country, spots: group.spots, cells: cells.of(dimensions), dimensions })),
    );
  });
}
