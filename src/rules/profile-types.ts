import { oneOf } from "../core/validate.ts";
import { build, type ClearableRuleFactory, clearable, describeRule, type Rule } from "./rule.ts";
import { clearingListOf } from "./schemas.ts";

/**
 * Kinds of contacts whose leads a user gets: `"pro"` professionals, `"single"` individuals (guide, contact profile
 * types).
 */
export type ProfileType = "pro" | "single";

/** Wire form. An empty list clears the rule (assumed). */
export type ProfileTypesRule = readonly ProfileType[];

/** What `rules.profileTypes` accepts: the wire form, or a rule from {@link profileTypes}. */
export type ProfileTypesInput = ProfileTypesRule | Rule<"profileTypes", ProfileTypesRule>;

export const profileTypesRule = /* @__PURE__ */ describeRule({
  name: "profileTypes",
  path: "/v1/users/{id}/rule/profile-types",
  schema: (origin) => clearingListOf(origin, oneOf("pro", "single"), "profileTypes.none()"),
  toBody: (types: ProfileTypesRule): ProfileTypesRule => [...new Set(types)].sort(),
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
export const profileTypes: ((...types: readonly ProfileType[]) => Rule<"profileTypes", ProfileTypesRule>) &
  ClearableRuleFactory<Rule<"profileTypes", ProfileTypesRule>> = /* @__PURE__ */ Object.assign(
  (...types: readonly ProfileType[]) => build(profileTypesRule, types),
  /* @__PURE__ */ clearable(profileTypesRule),
);
