export { assumptionsOf, assumptionText, defaultAssumptions } from "./assumptions.ts";
export {
  type ChangeKind,
  type CoverageChange,
  type CoverageChangeFacts,
  type CoverageChangeTold,
  type CoverageComparison,
  compareCoverage,
} from "./compare.ts";
export { type CoverageOptions, coverage } from "./coverage.ts";
export { type ExplainOptions, explainLead } from "./explain/explain-lead.ts";
export { type ExplanationTextOptions, explanationText } from "./explain/explanation-text.ts";
export { type CalibrateOptions, calibrate } from "./observed/calibrate.ts";
export type { AssumptionFit, Calibration, Drift, DriftFacts, ObservedLead } from "./observed/types.ts";
export { type Replay, type ReplayedLead, type ReplayedLeadFacts, type ReplayTold, replay } from "./replay.ts";
export { type CoverageReportOptions, coverageReport } from "./report/report.ts";
export { AXES as leadAxes } from "./rules/rules.ts";
export type {
  AssumptionName,
  Assumptions,
  Coordinates,
  CoverageFinding,
  CoverageFindingFacts,
  CoverageResult,
  CoverageUser,
  Dimensions,
  EligibleUsers,
  EvaluationOptions,
  FindingKind,
  Lead,
  LeadAxis,
  LeadExplanation,
  Locate,
  Place,
  PostcodeClass,
  RuleAnswer,
  RuleChange,
  RuleReason,
  SignalOptions,
  Universe,
  UserVerdict,
  Verdict,
} from "./types.ts";
