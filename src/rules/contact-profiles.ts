import { report } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { type ContactProfileCode, codeProblem, isCode, textOf } from "./codes.ts";
import { build, type ClearableRuleFactory, clearable, describeRule, type Rule } from "./rule.ts";
import { clearingListOf } from "./schemas.ts";

/**
 * Wire form (guide, contact profiles). An empty list clears the rule (assumed).
 * @experimental
 */
export type ContactProfilesRule = readonly ContactProfile[];

/** A contact profile by its code. */
export interface ContactProfile<ProfileCode = string> {
  readonly code: ProfileCode;
}

/** What `rules.contactProfiles` accepts: codes, the wire form, or a rule from {@link contactProfiles}. */
export type ContactProfilesInput =
  | readonly (ContactProfileCode | ContactProfile<ContactProfileCode>)[]
  | Rule<"contactProfiles", ContactProfilesRule>;

type Entry = ContactProfileCode | ContactProfile<ContactProfileCode>;

export const contactProfilesRule = /* @__PURE__ */ describeRule({
  name: "contactProfiles",
  path: "/v1/users/{id}/rule/contact-profiles",
  schema: (origin) =>
    clearingListOf(
      origin,
      z.checked(z.custom(), (payload) => {
        const [code, path] = codeIn(payload.value);
        const problem = codeProblem(code, "contactProfile", origin);
        if (problem) report(payload, problem, path);
      }),
      "contactProfiles.none()",
    ),
  toBody: (profiles: readonly Entry[]): ContactProfilesRule =>
    [...new Set(profiles.map((entry) => textOf(codeIn(entry)[0])))].sort().map((code) => ({ code })),
});

export function codeIn(entry: unknown): [code: unknown, path: string[]] {
  return isObject(entry) && !isCode(entry) ? [entry.code, ["code"]] : [entry, []];
}

/**
 * The contact profiles a user handles, by code (guide, contact profiles).
 *
 * @throws {@link OpleadError} `invalid_input` if no code is given, or if one is not a code.
 *
 * @example
 * ```ts
 * contactProfiles("CPR_OWNER", "CPR_ARCHITECT")
 * ```
 * @experimental
 */
export const contactProfiles: ((
  ...codes: readonly ContactProfileCode[]
) => Rule<"contactProfiles", ContactProfilesRule>) &
  ClearableRuleFactory<Rule<"contactProfiles", ContactProfilesRule>> = /* @__PURE__ */ Object.assign(
  (...codes: readonly ContactProfileCode[]) => build(contactProfilesRule, codes),
  /* @__PURE__ */ clearable(contactProfilesRule),
);
