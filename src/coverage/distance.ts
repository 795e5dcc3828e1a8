import type { Coordinates } from "./types.ts";

/** The mean radius of the earth. */
const EARTH_KM = 6371;
const RADIANS = Math.PI / 180;

/** The length of the great circle between two points, in kilometres. */
export function distanceKm([lat1, lon1]: Coordinates, [lat2, lon2]: Coordinates): number {
  const sinLat = Math.sin(((lat2 - lat1) * RADIANS) / 2);
  const sinLon = Math.sin(((lon2 - lon1) * RADIANS) / 2);
  const half = sinLat * sinLat + Math.cos(lat1 * RADIANS) * Math.cos(lat2 * RADIANS) * sinLon * sinLon;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Whole kilometres, or one decimal below ten. */
export function km(kilometres: number): string {
  return kilometres < 9.95 ? String(Math.round(kilometres * 10) / 10) : String(Math.round(kilometres));
}
