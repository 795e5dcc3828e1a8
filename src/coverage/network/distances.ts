import { distanceOfPoints } from "../distance.ts";
import { getOrMake } from "../get-or-make.ts";
import type { Geography, Spot } from "./geography.ts";

/** A postcode, and how far it is from a lead, as the crow flies, from centre to centre. */
interface NearestZip {
  readonly zipCode: string | undefined;
  /** Infinite when no distance is known. */
  readonly km: number;
}

/** How far the postcodes of a lead's country are from it. Each is measured once, because many users cover the same ones. */
export class Distances {
  readonly #spot: Spot;
  readonly #geography: Geography;
  readonly #zips = new Map<string, number>();
  readonly #counties = new Map<string, NearestZip>();

  constructor(spot: Spot, geography: Geography) {
    this.#spot = spot;
    this.#geography = geography;
  }

  /** The nearest of some postcodes and of those in some counties. The first of those that are equally far. */
  nearest(
    zips: Iterable<string>,
    counties: Iterable<string>,
  ): { readonly zipCode: string; readonly km: number } | undefined {
    if (!this.#spot.located) return undefined;
    let nearest = this.#nearestOf(zips);
    for (const county of counties) {
      const own = getOrMake(this.#counties, county, () =>
        this.#nearestOf(this.#geography.zipsOf(this.#spot.country, county)),
      );
      if (own.km < nearest.km) nearest = own;
    }
    const { zipCode, km } = nearest;
    return zipCode === undefined ? undefined : { zipCode, km };
  }

  #nearestOf(zips: Iterable<string>): NearestZip {
    let nearest: string | undefined;
    let km = Number.POSITIVE_INFINITY;
    for (const zipCode of zips) {
      // Without a function for each: thousands of users cover dozens of postcodes.
      let own = this.#zips.get(zipCode);
      if (own === undefined) {
        own = this.#kmTo(zipCode);
        this.#zips.set(zipCode, own);
      }
      if (own >= km) continue;
      nearest = zipCode;
      km = own;
    }
    return { zipCode: nearest, km };
  }

  #kmTo(zipCode: string): number {
    const { located, country } = this.#spot;
    const centre = this.#geography.located(zipCode, country);
    return centre && located ? distanceOfPoints(located.point, centre.point) : Number.POSITIVE_INFINITY;
  }
}
