import { isObject } from "../base/validation/is-object.ts";
import { type Origin, type Problem, refuseUnknownFields } from "./reading.ts";
import { build, type Rule, type RuleFactory } from "./rule.ts";

/** How far from a user a lead may be, as it is sent (guide, radius criteria). */
export interface MaxDistanceRule {
  /** Kilometres, more than 0. */
  readonly maxDistance: number;
}

/** What `rules.maxDistance` takes: kilometres, the wire form, or what {@link maxDistance} built. */
export type MaxDistanceInput = number | MaxDistanceRule | Rule<"maxDistance", MaxDistanceRule>;

/** {@link maxDistance}: the function, and what hangs on it. */
export interface MaxDistanceFactory extends RuleFactory<Rule<"maxDistance", MaxDistanceRule>> {
  (kilometres: number): Rule<"maxDistance", MaxDistanceRule>;
}

/**
 * How far from the user a lead may be, in kilometres: finite, and more than 0 (guide, radius criteria).
 *
 * It has no `none()`, unlike the others: no body is documented that takes the limit away. It can only be replaced.
 *
 * @throws {@link OpleadError} `invalid_input` for any other value.
 *
 * @example
 * ```ts
 * maxDistance(30)
 * ```
 */
export const maxDistance: MaxDistanceFactory = /* @__PURE__ */ Object.assign(
  (kilometres: number) =>
    build("maxDistance", "maxDistance", (problem) => readMaxDistance({ maxDistance: kilometres }, problem, "input")),
  {
    parse: (wire: unknown) =>
      build("maxDistance", "maxDistance.parse", (problem) => readMaxDistance(wire, problem, "wire")),
  },
);

/** Checks a plain rule, and gives it as it is sent. */
export function readMaxDistance(value: unknown, problem: Problem, origin: Origin): MaxDistanceRule {
  if (isObject(value)) refuseUnknownFields(value, ["maxDistance"], "", problem, origin);
  const [kilometres, path] = isObject(value) ? [value.maxDistance, ".maxDistance"] : [value, ""];
  if (typeof kilometres !== "number") problem(path, "must be a number of kilometres");
  else if (!(kilometres > 0 && Number.isFinite(kilometres))) problem(path, "must be finite kilometres, more than 0");
  // Whatever it is: a problem is reported for anything but a number, and the rule is not used then.
  return { maxDistance: kilometres as number };
}
