import { checkedBy, valueWithout } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellRule } from "../locales/en/core.ts";
import { build, describeRule, type Rule } from "./rule.ts";
import { objectOf } from "./schemas.ts";
import type { RuleBodies } from "./types.ts";

export const maxDistanceRule = /* @__PURE__ */ describeRule({
  name: "maxDistance",
  path: "/v1/users/{id}/rule/max-distance",
  schema: (origin) => {
    const kilometres = valueWithout(kilometresProblem);
    const [checkObject, checkNumber] = [objectOf(origin, { maxDistance: kilometres }), kilometres].map(checkedBy);
    return z.checked(z.custom(), (payload) => (isObject(payload.value) ? checkObject : checkNumber)?.(payload));
  },
  toBody: (distance: number | RuleBodies["maxDistance"]) => ({
    maxDistance: typeof distance === "number" ? distance : distance.maxDistance,
  }),
});

function kilometresProblem(value: unknown) {
  if (typeof value !== "number") return tellRule("not_kilometres");
  return value > 0 && Number.isFinite(value) ? undefined : tellRule("not_distance");
}

/**
 * How far from the user a lead may be, in kilometres: finite, and more than 0 (guide, radius criteria).
 *
 * It has no `none()`: Oplead documents no body that removes the limit. The rule can
 * only be replaced.
 *
 * @throws {@link OpleadError} `invalid_input` for a value that is not a finite number above 0.
 *
 * @example
 * ```ts
 * maxDistance(30)
 * ```
 */
export const maxDistance: {
  (kilometres: number): Rule<"maxDistance">;
  /**
   * Makes a rule from its wire form. Unknown fields are ignored.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): Rule<"maxDistance">;
} = /* @__PURE__ */ Object.assign((kilometres: number) => build(maxDistanceRule, { maxDistance: kilometres }), {
  parse: (wire: unknown) => build(maxDistanceRule, wire, "wire"),
});
