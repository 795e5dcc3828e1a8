import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import { distanceOfPoints } from "../geography.ts";
import type { CoverageRule, Question } from "./rule.ts";

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
      const unknown = tellReason(question.home ? "no_lead_place" : "no_user_place");
      return { reason: unknown, change: tellRuleChange("other_radius") };
    }
    const { km, uncertaintyKm } = measured;
    return {
      reason: tellReason("distance", {
        km,
        giveOrTakeKm: result === "uncertain" ? uncertaintyKm : undefined,
        radiusKm,
      }),
      change: tellRuleChange("larger_radius", { km: Math.ceil(km + uncertaintyKm), radiusKm }),
    };
  },
  missedByKm: (radiusKm, question) => {
    const measured = measure(question);
    return measured && measured.km - radiusKm;
  },
  encode: ({ maxDistance }) => maxDistance,
  decode: (maxDistance) => ({ maxDistance }),
};

/** A distance in kilometres, and its possible error. */
interface Measured {
  readonly km: number;
  readonly uncertaintyKm: number;
}

/** The distance between a user and a lead; undefined if one of the two places is not known. */
function measure({
  home,
  spot: { located },
  assumptions: { detourFactor },
}: Omit<Question, "lead">): Measured | undefined {
  if (!home || !located) return undefined;
  return {
    km: distanceOfPoints(home.point, located.point) * detourFactor,
    uncertaintyKm: (home.uncertaintyKm + located.uncertaintyKm) * detourFactor,
  };
}
