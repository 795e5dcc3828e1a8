import { invalid } from "../base/errors.ts";
import { issueAt } from "../base/issues.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import type { Network } from "./network/network.ts";
import type { CoverageResult, CoverageUser, Locate } from "./types.ts";

export interface CoverageInternals {
  readonly network: Network;
  readonly locate: Locate | undefined;
  /** As they were given: the report takes names from them, if it is asked to. */
  readonly users: readonly CoverageUser[];
}

// Not fields of the result: printed or written as JSON they would be long, and the users hold personal data.
export const internals = new WeakMap<object, CoverageInternals>();

/** @throws {@link OpleadError} `invalid_input` for a result that `coverage` did not return. */
export function internalsOf(result: CoverageResult, what: string): CoverageInternals {
  const kept = typeof result === "object" && result !== null ? internals.get(result) : undefined;
  if (kept) return kept;
  throw invalid("invalid_input", what, [issueAt("", tellCoverageOption("not_coverage_result"))]);
}
