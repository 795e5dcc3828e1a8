import type { Assumptions } from "../assumptions.ts";
import { distanceOfPoints, km } from "../distance.ts";
import type { Located } from "../network/geography.ts";
import type { Result } from "./state.ts";

/** How far it is, and by how much that can be wrong. */
export interface Measured {
  readonly km: number;
  readonly uncertaintyKm: number;
}

/** Undefined when one of the two places is not known. */
export function measure(
  home: Located | undefined,
  place: Located | undefined,
  { detourFactor }: Assumptions,
): Measured | undefined {
  if (!home || !place) return undefined;
  return {
    km: distanceOfPoints(home.point, place.point) * detourFactor,
    uncertaintyKm: (home.uncertaintyKm + place.uncertaintyKm) * detourFactor,
  };
}

export function radiusResult(radius: number, measured: Measured | undefined): Result {
  if (!measured) return "uncertain";
  if (measured.km + measured.uncertaintyKm <= radius) return "pass";
  return measured.km - measured.uncertaintyKm > radius ? "fail" : "uncertain";
}

export function radiusReason(
  radius: number,
  measured: Measured | undefined,
  result: Result,
  homeIsKnown: boolean,
): string {
  if (!measured) return homeIsKnown ? "the place of the lead is not known" : "the place of this user is not known";
  const within = result === "uncertain" ? ` give or take ${km(measured.uncertaintyKm)}` : "";
  return `${km(measured.km)} km${within}, the radius is ${km(radius)}`;
}

export function radiusChange(radius: number, measured: Measured | undefined): string {
  const needed = measured ? Math.ceil(measured.km + measured.uncertaintyKm) : undefined;
  return needed === undefined ? "another radius" : `a radius of ${needed} km instead of ${km(radius)}`;
}
