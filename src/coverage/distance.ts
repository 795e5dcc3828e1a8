import type { Coordinates } from "./types.ts";

export const EARTH_KM = 6371;
const RADIANS = Math.PI / 180;

/** The length of the great circle between two points, in kilometres. */
export function distanceKm(one: Coordinates, other: Coordinates): number {
  return distanceOfPoints(pointOn(one), pointOn(other));
}

/** A place as a point on a sphere of radius 1: distances between many places then need no further trigonometry. */
export type SpherePoint = readonly [x: number, y: number, z: number];

export function pointOn([latitude, longitude]: Coordinates): SpherePoint {
  const ring = Math.cos(latitude * RADIANS);
  return [ring * Math.cos(longitude * RADIANS), ring * Math.sin(longitude * RADIANS), Math.sin(latitude * RADIANS)];
}

/** In kilometres, over the surface: from the straight line through the earth. */
export function distanceOfPoints(one: SpherePoint, other: SpherePoint): number {
  const [x, y, z] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(x * x + y * y + z * z) / 2));
}
