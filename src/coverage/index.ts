export {
  type AssumptionName,
  type Assumptions,
  assumptionText,
  defaultAssumptions,
  type EvaluationOptions,
} from "./assumptions.ts";
export { type ChangeKind, type CoverageChange, type CoverageComparison, compareCoverage } from "./compare.ts";
export { type CoverageOptions, coverage } from "./coverage.ts";
export { type ExplainOptions, explainLead } from "./explain/explain-lead.ts";
export { type ExplanationTextOptions, explanationText } from "./explain/explanation-text.ts";
export { type Replay, type ReplayedLead, replay } from "./replay.ts";
export { type CoverageReportOptions, coverageReport } from "./report/report.ts";
export type {
  Coordinates,
  CoverageFinding,
  CoverageResult,
  CoverageUser,
  Dimensions,
  EligibleUsers,
  FindingKind,
  Lead,
  LeadExplanation,
  Locate,
  Place,
  PostcodeClass,
  RuleAnswer,
  Universe,
  UserVerdict,
  Verdict,
} from "./types.ts";
