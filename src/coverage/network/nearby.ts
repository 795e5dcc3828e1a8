import { EARTH_KM, pointOn } from "../distance.ts";
import type { Coordinates } from "../types.ts";
import type { Located } from "./geography.ts";

/** Finds places near a point. Looks at all of them: three products for each cost less than to find and to sort parts of a map. */
export class Nearby {
  /** Of each place its point on the sphere, and by how many kilometres that can be wrong: infinite where it is not known. */
  readonly #places: number[] = [];

  /** Adds the next place. */
  add(located: Located | undefined): void {
    this.#places.push(...(located?.point ?? [0, 0, 0]), located?.uncertaintyKm ?? Number.POSITIVE_INFINITY);
  }

  /** Every place that can be within a distance of a point, and perhaps others, by its number, in ascending order. */
  near(place: Coordinates, kilometres: number): number[] {
    const [x, y, z] = pointOn(place);
    const places = this.#places;
    const found: number[] = [];
    for (let at = 0; at < places.length; at += 4) {
      const [dx, dy, dz] = [x - (places[at] ?? 0), y - (places[at + 1] ?? 0), z - (places[at + 2] ?? 0)];
      // The straight line is never longer than the way over the surface. What is not a number may be anywhere.
      const most = (kilometres + (places[at + 3] ?? 0)) / RADIUS_KM;
      if (!(dx * dx + dy * dy + dz * dz > most * most)) found.push(at / 4);
    }
    return found;
  }
}

/** A little less than the radius of the earth, so that rounding leaves nothing out. */
const RADIUS_KM = 0.999 * EARTH_KM;
