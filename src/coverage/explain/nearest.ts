import { distanceOfPoints } from "../distance.ts";
import type { Geography, Spot } from "../network/geography.ts";
import type { Area } from "../rules/area.ts";

/** The covered postcode that is nearest to a lead. */
export interface NearestCovered {
  readonly zipCode: string;
  /** As the crow flies, from centre to centre. */
  readonly km: number;
}

/** Looks at all postcodes in a user's area; undefined when no distance is known. */
export function nearestCovered(area: Area, spot: Spot, geography: Geography): NearestCovered | undefined {
  const country = area.get(spot.country);
  if (!country || !spot.located) return undefined;
  let nearest: NearestCovered | undefined;
  const look = (zipCode: string): void => {
    const located = geography.located(zipCode, spot.country);
    if (!located || !spot.located) return;
    const km = distanceOfPoints(spot.located.point, located.point);
    if (!nearest || km < nearest.km) nearest = { zipCode, km };
  };
  for (const zipCode of country.zips.keys()) look(zipCode);
  for (const county of country.counties) geography.zipsOf(spot.country, county).forEach(look);
  return nearest;
}
