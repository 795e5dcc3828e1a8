import { report } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { type CodeText, codeProblem, isCode, textOf } from "./codes.ts";
import { build, clearable, describeRule, type Rule } from "./rule.ts";
import { clearingListOf } from "./schemas.ts";

type Entry = CodeText<"CPR"> | { readonly code: CodeText<"CPR"> };

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
  toBody: (profiles: readonly Entry[]) =>
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
export const contactProfiles: {
  (...codes: readonly CodeText<"CPR">[]): Rule<"contactProfiles">;
  /**
   * Makes a rule from its wire form. Unknown fields are ignored.
   *
   * @throws {@link OpleadError} `invalid_input`, with the path of each problem.
   */
  parse(wire: unknown): Rule<"contactProfiles">;
  /** An empty rule on purpose. Sending it clears the rule (assumed). */
  none(): Rule<"contactProfiles">;
} = /* @__PURE__ */ Object.assign(
  (...codes: readonly CodeText<"CPR">[]) => build(contactProfilesRule, codes),
  /* @__PURE__ */ clearable(contactProfilesRule),
);
