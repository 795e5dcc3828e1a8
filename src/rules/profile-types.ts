import { oneOf } from "../core/validate.ts";
import { build, clearable, describeRule, type Rule } from "./rule.ts";
import { clearingListOf } from "./schemas.ts";
import type { RuleBodies } from "./types.ts";

export const profileTypesRule = /* @__PURE__ */ describeRule({
  name: "profileTypes",
  path: "/v1/users/{id}/rule/profile-types",
  schema: (origin) => clearingListOf(origin, oneOf("pro", "single"), "profileTypes.none()"),
  toBody: (types: RuleBodies["profileTypes"]) => [...new Set(types)].sort(),
});

/**
 * Limits the leads of the user to kinds of contacts: `"pro"` professionals, `"single"` individuals (guide, contact
 * profile types).
 *
 * @throws {@link OpleadError} `invalid_input` if no kind is given, or an unknown one.
 *
 * @example
 * ```ts
 * profileTypes("pro", "single")
 * ```
 */
export const profileTypes: {
  (...types: RuleBodies["profileTypes"]): Rule<"profileTypes">;
  /**
   * Makes a rule from its wire form. Unknown fields are ignored.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): Rule<"profileTypes">;
  /** An empty rule on purpose. Sending it clears the rule (assumed). */
  none(): Rule<"profileTypes">;
} = /* @__PURE__ */ Object.assign(
  (...types: RuleBodies["profileTypes"]) => build(profileTypesRule, types),
  /* @__PURE__ */ clearable(profileTypesRule),
);
