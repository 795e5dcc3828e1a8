import { distanceKm } from "../distance.ts";
import { append } from "../get-or-make.ts";
import type { Coordinates } from "../types.ts";
import type { Located } from "./geography.ts";

/** Finds places near a point without looking at all of them. */
export class Grid {
  /** Places that are known about equally well are together, so that those known badly do not widen every search. */
  readonly #tiers: readonly Tier[] = UNCERTAIN_KM.map((mostKm) => ({ mostKm, cells: new Map() }));
  /** Places that are not known, or hardly: every search finds them. */
  readonly #vague: number[] = [];

  add(index: number, located: Located | undefined): void {
    const tier = located && this.#tiers.find(({ mostKm }) => located.uncertaintyKm <= mostKm);
    if (!located || !tier) {
      this.#vague.push(index);
      return;
    }
    const [latitude, longitude] = located.coordinates;
    append(tier.cells, keyOf(toStep(latitude), toStep(longitude)), index);
  }

  /** Every place that can be within a distance of a point, and perhaps others. */
  near([latitude, longitude]: Coordinates, kilometres: number): number[] {
    const found = [...this.#vague];
    for (const { mostKm, cells } of this.#tiers) {
      if (cells.size === 0) continue;
      const reach = (kilometres + mostKm) / KM_PER_DEGREE;
      const wide = reach / Math.cos(Math.min(89, Math.abs(latitude) + reach) * (Math.PI / 180));
      // Near a pole, or far over the earth, the rows are too short to count in.
      if (!(reach < 40 && wide < 90)) {
        for (const indexes of cells.values()) found.push(...indexes);
        continue;
      }
      for (let row = toStep(latitude - reach); row <= toStep(latitude + reach); row += 1) {
        for (let column = toStep(longitude - wide); column <= toStep(longitude + wide); column += 1) {
          for (const index of cells.get(keyOf(row, column)) ?? []) found.push(index);
        }
      }
    }
    return found;
  }
}

/** Places with at most this uncertainty, those with more than the number before. */
interface Tier {
  readonly mostKm: number;
  readonly cells: Map<number, number[]>;
}

const UNCERTAIN_KM = [8, 16, 32, 64, 128] as const;
/** A little less than a degree of latitude is long, so that rounding leaves nothing out. */
const KM_PER_DEGREE = 0.999 * distanceKm([0, 0], [1, 0]);
/** Cells of a quarter of a degree: 28 km from south to north. */
const PER_DEGREE = 4;
const COLUMNS = 360 * PER_DEGREE;

const toStep = (degrees: number): number => Math.floor(degrees * PER_DEGREE);

/** The columns go round the earth. */
function keyOf(row: number, column: number): number {
  return row * COLUMNS + (((column % COLUMNS) + COLUMNS) % COLUMNS);
}
