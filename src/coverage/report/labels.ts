import { iterable } from "../../base/validation/parts.ts";
import { argumentsCheck } from "../../base/validation/validate.ts";
import type { Texts } from "../../locales/coded.ts";
import { NEAREST, RULE_CHANGES } from "../../locales/en/coverage.ts";
import { COVERAGE_FINDINGS } from "../../locales/en/findings.ts";
import { labels as labelsSchema } from "../read-options.ts";
import type { CoverageFinding } from "../types.ts";
import { CoverageWords } from "./words.ts";

const checkArguments = /* @__PURE__ */ argumentsCheck("labelFindings", () => ({
  findings: iterable(),
  labels: labelsSchema(),
}));

/**
 * Findings with names for people before the codes of their messages and parameters: `Voitures (RNG_CARS)`. The fields `dimensions`, `zipCodes` and
 * `accountNumbers` stay as they are. `labels`: the name of each code; a code without one stays alone.
 *
 * @throws {@link OpleadError} `invalid_input` for arguments of another type.
 *
 * @example
 * ```ts
 * for (const { message } of labelFindings(findings, { RNG_CARS: "Voitures" })) console.log(message);
 * ```
 * @experimental
 */
export function labelFindings(
  findings: Iterable<CoverageFinding>,
  labels: Readonly<Record<string, string>>,
): CoverageFinding[] {
  checkArguments({ findings, labels });
  const words = new CoverageWords<Texts>("en", {}, [COVERAGE_FINDINGS, NEAREST, RULE_CHANGES], { labels, users: {} });
  return [...findings].map((finding) => ({
    ...words.named(finding),
    // A finding that was saved by another version has none.
    nearest: (finding.nearest ?? []).map((one) => words.named(one)),
  }));
}
