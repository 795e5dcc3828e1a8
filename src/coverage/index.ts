export { assumptionsOf, defaultAssumptions } from "./assumptions.ts";
export {
  type CoverageChange,
  type CoverageComparison,
  compareCoverage,
} from "./compare.ts";
export { type CoverageOptions, coverage } from "./coverage.ts";
export { type ExplainLeadOptions, explainLead } from "./explain.ts";
export type {
  CoverageFinding,
  RuleChange,
  RuleReason,
} from "./messages.ts";
export type { PolicyArea } from "./policies/area.ts";
export { policyFinding } from "./policies/area.ts";
export { coverageOf } from "./policies/maps.ts";
export {
  type ExclusiveOptions,
  exclusive,
  type MaxLostOptions,
  maxLost,
  type RequireCoverageOptions,
  requireCoverage,
} from "./policies/policies.ts";
export type { PolicyOptions } from "./policies/violations.ts";
export { areaChanges } from "./policies/violations.ts";
export type {
  AreaChange,
  AssumptionName,
  Assumptions,
  Coordinates,
  CoverageRenderOptions,
  CoverageResult,
  CoverageUser,
  Dimensions,
  EvaluationOptions,
  Lead,
  LeadExplanation,
  LeadRenderOptions,
  Locate,
  NotCounted,
  Place,
  PolicyContext,
  PolicyCoverage,
  PolicyFinding,
  PolicyUser,
  PostcodeClass,
  RuleAnswer,
  SyncPolicy,
  Universe,
  UserVerdict,
} from "./types.ts";
