import { invalid } from "../base/errors.ts";
import { issueAt } from "../base/issues.ts";
import { isRecord } from "../base/validation/is-object.ts";
import { tellCoverageOption } from "../locales/en/coverage.ts";
import type { Locate } from "./types.ts";

/**
 * The `locate` of a caller. An async one is refused: its promise would count as a place without coordinates.
 *
 * @throws {@link OpleadError} `invalid_options`, when it is asked.
 */
export function checkedLocate(locate: Locate | undefined): Locate | undefined {
  if (locate === undefined) return undefined;
  return (zipCode, country) => {
    const place = locate(zipCode, country) ?? undefined;
    if (place === undefined || isRecord(place)) return place;
    throw invalid("invalid_options", "locate gave something else than a place.", [
      issueAt("locate", tellCoverageOption("not_located")),
    ]);
  };
}
