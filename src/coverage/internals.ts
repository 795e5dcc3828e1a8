import { invalid } from "../base/errors.ts";
import type { Network } from "./network/network.ts";
import type { CoverageResult, CoverageUser, Locate } from "./types.ts";

/** What a result was made from. */
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
  throw invalid("invalid_input", what, [{ path: "", message: "takes what coverage returned, not a copy of it" }]);
}
