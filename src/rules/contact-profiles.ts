import { isObject } from "../base/validation/is-object.ts";
import { type ContactProfileCode, isCode, readCode } from "./codes.ts";
import { type Origin, type Problem, readClearingList } from "./reading.ts";
import { build, built, type ClearableRuleFactory, type Rule } from "./rule.ts";

/** The contact profiles a user handles, as they are sent (guide, contact profiles). Empty: cleared (assumed). */
export type ContactProfilesRule = readonly ContactProfile[];

/** A contact profile, by its code. */
export interface ContactProfile<ProfileCode = string> {
  readonly code: ProfileCode;
}

/** What `rules.contactProfiles` takes: codes, the wire form, or what {@link contactProfiles} built. */
export type ContactProfilesInput =
  | readonly (ContactProfileCode | ContactProfile<ContactProfileCode>)[]
  | Rule<"contactProfiles", ContactProfilesRule>;

/** {@link contactProfiles}: the function, and what hangs on it. */
export interface ContactProfilesFactory extends ClearableRuleFactory<Rule<"contactProfiles", ContactProfilesRule>> {
  (...codes: readonly ContactProfileCode[]): Rule<"contactProfiles", ContactProfilesRule>;
}

/**
 * The contact profiles a user handles, by code (guide, contact profiles).
 *
 * @throws {@link OpleadError} `invalid_input` if there is none, or one of them is not a code.
 *
 * @example
 * ```ts
 * contactProfiles("CPR_OWNER", "CPR_ARCHITECT")
 * ```
 */
export const contactProfiles: ContactProfilesFactory = /* @__PURE__ */ Object.assign(
  (...codes: readonly ContactProfileCode[]) =>
    build("contactProfiles", "contactProfiles", (problem) => readContactProfiles(codes, problem, "input")),
  {
    none: () => built("contactProfiles", []),
    parse: (wire: unknown) =>
      build("contactProfiles", "contactProfiles.parse", (problem) => readContactProfiles(wire, problem, "wire")),
  },
);

/** Checks a plain rule, and gives it as it is sent: sorted, each once. */
export function readContactProfiles(value: unknown, problem: Problem, origin: Origin): ContactProfilesRule {
  const codes = readClearingList(value, "", problem, origin, "contactProfiles.none()").map((entry, index) =>
    isObject(entry) && !isCode(entry)
      ? readCode(entry.code, "contactProfile", `[${index}].code`, problem, origin)
      : readCode(entry, "contactProfile", `[${index}]`, problem, origin),
  );
  return [...new Set(codes)].sort().map((code) => ({ code }));
}
