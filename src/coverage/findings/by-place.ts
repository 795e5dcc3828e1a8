import { bitsOf, type Cells, type Mask, setBit } from "../network/cells.ts";
import type { Spot } from "../network/geography.ts";
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
export function patchesOf(spots: readonly Spot[], cells: Cells, maskOf: (spot: number) => Mask): Patch[] {
  return [...byCountry(spots)].flatMap(([country, indexes]) => {
    const columns = columnsOf(indexes, maskOf);
    const groups = new Map<string, { spots: number[]; mask: Mask }>();
    for (const [cell, column] of columns) {
      const key = column.join();
      let group = groups.get(key);
      if (!group) {
        group = { spots: bitsOf(column).map((place) => indexes[place] as number), mask: cells.mask() };
        groups.set(key, group);
      }
      setBit(group.mask, cell);
    }
    return [...groups.values()].flatMap((group) =>
      cells.boxes(group.mask).map((box) => ({ country, spots: group.spots, ...box })),
    );
  });
}

function byCountry(spots: readonly Spot[]): Map<string, number[]> {
  const indexes = new Map<string, number[]>();
  for (const [index, { country }] of spots.entries()) {
    const known = indexes.get(country);
    if (known) known.push(index);
    else indexes.set(country, [index]);
  }
  return indexes;
}

/** For each cell, the places for which it is in the mask. */
function columnsOf(indexes: readonly number[], maskOf: (spot: number) => Mask): Map<number, Mask> {
  const words = Math.ceil(indexes.length / 32);
  const columns = new Map<number, Mask>();
  for (const [place, spot] of indexes.entries()) {
    for (const cell of bitsOf(maskOf(spot))) {
      let column = columns.get(cell);
      if (!column) {
        column = new Uint32Array(words);
        columns.set(cell, column);
      }
      setBit(column, place);
    }
  }
  return columns;
}
