import { isObject } from "../validation/is-object.ts";
import { type ContactProfileCode, isCode, readCode } from "./codes.ts";
import { type Origin, type Problem, readClearingList, readOrThrow } from "./reading.ts";
import { built, type Rule } from "./rule.ts";

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
export interface ContactProfilesFactory {
  (...codes: readonly ContactProfileCode[]): Rule<"contactProfiles", ContactProfilesRule>;
  /** No contact profiles, on purpose: clears the rule (that an empty list does so is assumed). */
  none(): Rule<"contactProfiles", ContactProfilesRule>;
  /**
   * Reads a wire form back. Fields it does not know are passed over.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): Rule<"contactProfiles", ContactProfilesRule>;
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
  (...codes: readonly ContactProfileCode[]) => build("contactProfiles", codes, "input"),
  {
    none: () => built("contactProfiles", []),
    parse: (wire: unknown) => build("contactProfiles.parse", wire, "wire"),
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

function build(what: string, value: unknown, origin: Origin): Rule<"contactProfiles", ContactProfilesRule> {
  return built(
    "contactProfiles",
    readOrThrow(what, (problem) => readContactProfiles(value, problem, origin)),
  );
}
