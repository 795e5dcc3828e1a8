export type {
  AreaChange,
  PolicyChange,
  PolicyContext,
  PolicyCoverage,
  PolicyFinding,
  PolicyUser,
  SyncPolicy,
} from "../policy-types.ts";
export { assumptionsOf, defaultAssumptions } from "./assumptions.ts";
export {
  type CoverageChange,
  type CoverageComparison,
  compareCoverage,
} from "./compare.ts";
export { type CoverageOptions, coverage } from "./coverage.ts";
export { type ExplainOptions, explainLead } from "./explain/explain-lead.ts";
export { type ExplanationTextOptions, explanationText } from "./explain/explanation-text.ts";
export { type CheckLeadsOptions, checkLeads } from "./leads/check-leads.ts";
export type {
  AssumptionCheck,
  LeadCheck,
  LeadsAgainstRules,
  ObservedLead,
} from "./leads/types.ts";
export type { PolicyArea } from "./policies/area.ts";
export { areaChanges } from "./policies/area-changes.ts";
export { coverageOf } from "./policies/coverage-of.ts";
export {
  type ExclusiveOptions,
  exclusive,
  type MaxLostOptions,
  maxLost,
  type RequireCoverageOptions,
  requireCoverage,
} from "./policies/policies.ts";
export { policyFinding } from "./policies/policy-finding.ts";
export type { PolicyOptions } from "./policies/violations.ts";
export { labelFindings } from "./report/labels.ts";
export { type CoverageReportOptions, coverageReport } from "./report/report.ts";
export { suggest } from "./suggest/suggest.ts";
export type {
  Suggestion,
  SuggestionGoals,
  SuggestionLimits,
  SuggestOptions,
} from "./suggest/types.ts";
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
  LeadExplanation,
  Locate,
  NearestUser,
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
