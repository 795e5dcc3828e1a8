import type { Slice } from "../../base/time/time-slice.ts";
import { getOrMake } from "../get-or-make.ts";
import type { Cells } from "../network/cells.ts";
import type { Mask } from "../network/masks.ts";
import { AXES } from "../rules/rules.ts";

/** Kinds of leads of one range that the same users' rules admit. */
export interface Kind {
  /** One of its cells, for all of them. */
  readonly cell: number;
  /** How many cells it has. */
  cells: number;
  /** Undefined where leads are not told apart by it. */
  readonly range: string | undefined;
}

export function hasBit(mask: Mask, bit: number): boolean {
  return (((mask[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

/** Puts the cells into as few groups as masks tell apart: hundreds of cells are often a handful of kinds. */
export async function kindsOf({ codes, size }: Cells, masks: Iterable<Mask>, slice: Slice): Promise<Kind[]> {
  // Users with the same competences have equal masks.
  const different = new Map<string, Mask>();
  for (const mask of masks) {
    if (slice.isOver) await slice.next();
    different.set(mask.join(), mask);
  }
  const perRange = AXES.slice(1).reduce((product, axis) => product * Math.max(1, codes[axis.codes].length), 1);
  const kinds = new Map<string, Kind>();
  for (let cell = 0; cell < size; cell += 1) {
    if (slice.isOver) await slice.next();
    const range = codes.ranges[Math.floor(cell / perRange)];
    const key = [...different.values()].map((mask) => Number(hasBit(mask, cell))).join("");
    getOrMake(kinds, `${range} ${key}`, () => ({ cell, cells: 0, range })).cells += 1;
  }
  return [...kinds.values()];
}
