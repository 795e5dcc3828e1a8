import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import type { Network } from "./network.ts";
import type { CoverageResult, CoverageUser, EvaluationOptions, Locate } from "./types.ts";

export interface CoverageInternals {
  readonly network: Network;
  readonly locate: Locate | undefined;
  readonly receives: EvaluationOptions["receives"];
  // The users as the caller gave them: the report reads their names.
  readonly users: readonly CoverageUser[];
}

// Kept outside of the result, whose JSON they would make long and fill with personal data.
const internals = new WeakMap<object, CoverageInternals>();

export function keepInternals(result: CoverageResult, kept: CoverageInternals): void {
  internals.set(result, kept);
}

export function internalsOf(result: CoverageResult): CoverageInternals {
  const kept = typeof result === "object" && result !== null ? internals.get(result) : undefined;
  if (kept) return kept;
  throw invalid("invalid_input", "compareCoverage", [issueAt("", tellCoverageOption("not_coverage_result"))]);
}
