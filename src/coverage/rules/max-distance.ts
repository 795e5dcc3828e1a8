import { distanceOfPoints } from "../distance.ts";
import { type CoverageRule, change, type Question, reason } from "./coverage-rule.ts";

/** How far it is, and by how much that can be wrong. */
interface Measured {
  readonly km: number;
  readonly uncertaintyKm: number;
}

/** Undefined when one of the two places is not known. */
function measure({ home, spot: { located }, assumptions: { detourFactor } }: Question): Measured | undefined {
  if (!home || !located) return undefined;
  return {
    km: distanceOfPoints(home.point, located.point) * detourFactor,
    uncertaintyKm: (home.uncertaintyKm + located.uncertaintyKm) * detourFactor,
  };
}

export const maxDistanceCoverage: CoverageRule<"maxDistance", number, number> = {
  axes: [],
  read: ({ maxDistance }) => maxDistance,
  ask: (radius, question) => {
    const measured = measure(question);
    if (!measured) return "uncertain";
    if (measured.km + measured.uncertaintyKm <= radius) return "pass";
    return measured.km - measured.uncertaintyKm > radius ? "fail" : "uncertain";
  },
  explain: (radiusKm, question, result) => {
    const measured = measure(question);
    if (!measured) {
      const unknown = reason(question.home ? "no_lead_place" : "no_user_place");
      return { reason: unknown, change: change("other_radius") };
    }
    const { km, uncertaintyKm } = measured;
    return {
      reason: reason("distance", { km, giveOrTakeKm: result === "uncertain" ? uncertaintyKm : undefined, radiusKm }),
      change: change("larger_radius", { km: Math.ceil(km + uncertaintyKm), radiusKm }),
      missedByKm: result === "fail" ? km - radiusKm : undefined,
    };
  },
  encode: ({ maxDistance }) => maxDistance,
  decode: (maxDistance) => ({ maxDistance }),
};
