import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import { distanceOfPoints } from "../geography.ts";
import type { CoverageRule, Question } from "./rule.ts";

export const maxDistanceCoverage: CoverageRule<"maxDistance", number, number> = {
  axes: [],
  read: ({ maxDistance }) => maxDistance,
  passes: (radius, question) => {
    const measured = measure(question);
    return measured !== undefined && measured.km <= radius;
  },
  explain: (radiusKm, question) => {
    const measured = measure(question);
    if (!measured) {
      const unknown = tellReason(question.home ? "no_lead_place" : "no_user_place");
      return { reason: unknown, change: tellRuleChange("known_place") };
    }
    const { km, giveOrTakeKm } = measured;
    return {
      reason: tellReason("distance", {
        km,
        giveOrTakeKm: Math.abs(km - radiusKm) < giveOrTakeKm ? giveOrTakeKm : undefined,
        radiusKm,
      }),
      change: tellRuleChange("larger_radius", { km: Math.ceil(km + giveOrTakeKm), radiusKm }),
    };
  },
  missedByKm: (radiusKm, question) => {
    const measured = measure(question);
    return measured && measured.km - radiusKm;
  },
  encode: ({ maxDistance }) => maxDistance,
  decode: (maxDistance) => ({ maxDistance }),
};

// Measures from centre to centre. `giveOrTakeKm`: the size of both postcodes.
function measure({
  home,
  spot: { located },
  assumptions: { detourFactor },
}: Question): { readonly km: number; readonly giveOrTakeKm: number } | undefined {
  if (!home || !located) return undefined;
  return {
    km: distanceOfPoints(home.point, located.point) * detourFactor,
    giveOrTakeKm: (home.uncertaintyKm + located.uncertaintyKm) * detourFactor,
  };
}
