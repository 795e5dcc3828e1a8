import { type AnyCoded, type Texts, toldBy } from "../coded.ts";
import { COVERAGE_CHANGES_FR, COVERAGE_FINDINGS_FR, POLICIES_FR } from "./findings.ts";
import { INCOMPLETE_FR } from "./incomplete.ts";
import { inFrench } from "./issues.ts";
import { NOT_COUNTED_FR } from "./not-counted.ts";
import { ALERT_PROBLEMS_FR, REASONS_FR } from "./report.ts";
import { GUARD_FR, STOPS_FR, WARNINGS_FR } from "./sync.ts";

const TOLD: readonly Texts[] = [
  INCOMPLETE_FR,
  REASONS_FR,
  GUARD_FR,
  WARNINGS_FR,
  STOPS_FR,
  ALERT_PROBLEMS_FR,
  COVERAGE_FINDINGS_FR,
  COVERAGE_CHANGES_FR,
  NOT_COUNTED_FR,
  POLICIES_FR,
];

// The text of an error depends on its code alone, except for `incomplete`.
export function toldInFrench(given: AnyCoded): string {
  const isKnown = TOLD.some((texts) => Object.hasOwn(texts, given.code));
  return isKnown ? toldBy(TOLD, { parameters: {}, ...given }) : inFrench(given);
}
