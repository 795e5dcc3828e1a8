import { type Origin, type Problem, readClearingList } from "./reading.ts";
import { build, built, type ClearableRuleFactory, type Rule } from "./rule.ts";

/** Whose leads a user gets: `"pro"` professionals, `"single"` individuals (guide, contact profile types). */
export type ProfileType = "pro" | "single";

/** Whose leads a user gets, as it is sent. Empty: cleared (assumed). */
export type ProfileTypesRule = readonly ProfileType[];

/** What `rules.profileTypes` takes: the wire form, or what {@link profileTypes} built. */
export type ProfileTypesInput = ProfileTypesRule | Rule<"profileTypes", ProfileTypesRule>;

/** {@link profileTypes}: the function, and what hangs on it. */
export interface ProfileTypesFactory extends ClearableRuleFactory<Rule<"profileTypes", ProfileTypesRule>> {
  (...types: readonly ProfileType[]): Rule<"profileTypes", ProfileTypesRule>;
}

/**
 * Whose leads the user gets: `"pro"` professionals, `"single"` individuals (guide, contact profile types).
 *
 * @throws {@link OpleadError} `invalid_input` when there is none, or another.
 *
 * @example
 * ```ts
 * profileTypes("pro", "single")
 * ```
 */
export const profileTypes: ProfileTypesFactory = /* @__PURE__ */ Object.assign(
  (...types: readonly ProfileType[]) =>
    build("profileTypes", "profileTypes", (problem) => readProfileTypes(types, problem, "input")),
  {
    none: () => built("profileTypes", []),
    parse: (wire: unknown) =>
      build("profileTypes", "profileTypes.parse", (problem) => readProfileTypes(wire, problem, "wire")),
  },
);

/** Checks a plain rule, and gives it as it is sent: sorted, each once. */
export function readProfileTypes(value: unknown, problem: Problem, origin: Origin): ProfileTypesRule {
  const types = new Set<ProfileType>();
  for (const [index, type] of readClearingList(value, "", problem, origin, "profileTypes.none()").entries()) {
    if (type === "pro" || type === "single") types.add(type);
    else problem(`[${index}]`, 'must be "pro" (professionals) or "single" (individuals)');
  }
  return [...types].sort();
}
