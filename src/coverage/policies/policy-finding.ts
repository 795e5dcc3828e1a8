import { argumentsCheck, text } from "../../base/validation/validate.ts";
import { type PolicyFacts, tellPolicy } from "../../locales/en/findings.ts";
import type { PolicyFinding } from "../../policy-types.ts";

const checkArguments = /* @__PURE__ */ argumentsCheck("policyFinding", () => ({ policy: text() }));

/**
 * A finding for the `judge` of a policy of one's own. Without `problem` its sentence is `text`. It is certain, and about the plan, unless it says
 * otherwise.
 *
 * @throws {@link OpleadError} `invalid_input` without the name of the policy.
 * @experimental
 */
export function policyFinding(facts: Pick<PolicyFacts, "policy"> & Partial<PolicyFacts>): PolicyFinding {
  checkArguments({ policy: Object(facts).policy });
  return tellPolicy("policy", {
    problem: "other",
    text: undefined,
    certain: true,
    isState: false,
    zipCodes: [],
    places: facts.zipCodes?.length ?? 0,
    inhabitants: undefined,
    counties: [],
    kinds: [],
    users: [],
    causes: [],
    assumptions: [],
    unknown: 0,
    ...facts,
  });
}
