import { EARTH_KM, pointOn } from "../distance.ts";
import type { Coordinates } from "../types.ts";
import type { Located } from "./geography.ts";

/** Finds places near a point. Looks at all of them: a comparison for most costs less than to find and to sort parts of a map. */
export class Nearby {
  /** Of each place its point on the sphere, and by how much of a radius that can be wrong: infinite where it is not known. */
  readonly #places: number[] = [];
  /** The same numbers. In a list they may be objects, each in a place of its own. */
  #flat = new Float64Array();
  /** Where numbers are collected: used again for every point. */
  #found = new Int32Array();

  /** Adds the next place. */
  add(located: Located | undefined): void {
    this.#places.push(
      ...(located?.point ?? [0, 0, 0]),
      (located?.uncertaintyKm ?? Number.POSITIVE_INFINITY) / RADIUS_KM,
    );
  }

  /** Every place that can be within a distance of a point, and perhaps others, by its number, in ascending order. */
  near(place: Coordinates, kilometres: number): Int32Array {
    const [x, y, z] = pointOn(place);
    if (this.#flat.length < this.#places.length) {
      this.#flat = Float64Array.from(this.#places);
      this.#found = new Int32Array(this.#places.length / 4);
    }
    const [places, found] = [this.#flat, this.#found];
    const radius = kilometres / RADIUS_KM;
    let count = 0;
    for (let at = 0; at < places.length; at += 4) {
      // The straight line is never longer than the way over the surface. What is not a number may be anywhere.
      const most = radius + (places[at + 3] as number);
      const dz = z - (places[at + 2] as number);
      if (dz > most || -dz > most) continue;
      const dx = x - (places[at] as number);
      const dy = y - (places[at + 1] as number);
      if (dx * dx + dy * dy + dz * dz > most * most) continue;
      found[count] = at / 4;
      count += 1;
    }
    return found.slice(0, count);
  }
}

/** A little less than the radius of the earth, so that rounding leaves nothing out. */
const RADIUS_KM = 0.999 * EARTH_KM;
