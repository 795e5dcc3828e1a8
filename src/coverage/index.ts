export type { AssumptionName, Assumptions } from "./assumptions.ts";
export { assumptionText, defaultAssumptions } from "./assumptions.ts";
export type { ChangeKind, CoverageChange, CoverageComparison } from "./compare.ts";
export { compareCoverage } from "./compare.ts";
export type { CoverageOptions } from "./coverage.ts";
export { coverage } from "./coverage.ts";
export type { ExplainOptions } from "./explain/explain-lead.ts";
export { explainLead } from "./explain/explain-lead.ts";
export type { ExplanationTextOptions } from "./explain/explanation-text.ts";
export { explanationText } from "./explain/explanation-text.ts";
export type { EvaluationOptions } from "./options.ts";
export type { Replay, ReplayedLead } from "./replay.ts";
export { replay } from "./replay.ts";
export type { CoverageReportOptions } from "./report/report.ts";
export { coverageReport } from "./report/report.ts";
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
