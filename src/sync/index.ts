export {
  type AuditedEvent,
  type AuditedUser,
  type AuditFile,
  type AuditFileOptions,
  auditFile,
  type NewAuditLine,
} from "../audit/audit-file.ts";
export type { AuditPlace } from "../audit/files.ts";
export { forgetAudit } from "../audit/forget.ts";
export type {
  AuditLine,
  AuditLineBase,
  AuditOrigin,
  RunEndedLine,
  RunPlannedLine,
  RunStartedLine,
  UserLine,
} from "../audit/line.ts";
export { type AuditQuery, readAudit } from "../audit/read-audit.ts";
export { type AuditedRun, auditedRuns } from "../audit/runs.ts";
export { type AuditStatus, type AuditStatusOptions, auditStatus, type StatusRun } from "../audit/status.ts";
export type { Closeable } from "../base/closeable.ts";
export { type KeyvLedgerOptions, type KeyvLike, keyvLedger } from "../keyv/ledger.ts";
export { createLedger } from "../ledger/create-ledger.ts";
export { fileLedger } from "../ledger/file.ts";
export type { Fingerprints, LedgerKeyOptions, LedgerKeyPlace } from "../ledger/fingerprints.ts";
export type {
  AcceptedRules,
  HeldStep,
  Lease,
  Ledger,
  LedgerEntry,
  LedgerInfo,
  LedgerNote,
  LedgerPlatform,
  OtherProcess,
  Replacement,
  StorePosition,
  SyncStep,
} from "../ledger/ledger.ts";
export { memoryLedger } from "../ledger/memory.ts";
export type { LedgerMark } from "../ledger/restored.ts";
export type { LedgerStore } from "../ledger/store.ts";
export type { Version } from "../ledger/version.ts";
export type { PolicyCause, PolicyFacts } from "../locales/en/findings.ts";
export type {
  AreaChange,
  PolicyChange,
  PolicyContext,
  PolicyCoverage,
  PolicyFinding,
  PolicyUser,
  SyncPolicy,
} from "../policy-types.ts";
export type { SourceUser } from "../reconcile/content/content.ts";
export { forgetUser } from "../reconcile/entries/forget-user.ts";
export { type AccountId, type ImportedIds, importIds } from "../reconcile/entries/import-ids.ts";
export { type Move, type MovedUsers, moveUsers } from "../reconcile/entries/move-users.ts";

export { reconcileUser } from "../reconcile/reconcile.ts";
export type { FailedStep, ReconcileOptions, Reconciliation, SendOptions } from "../reconcile/reconciliation.ts";
export type { StepFailure, UserOutcome } from "../reconcile/user-outcome.ts";
export { pausedReport } from "./apply/paused.ts";
export { type ApprovalCommandOptions, approvalCommand } from "./approval-command.ts";
export { checkSourceUser } from "./check-source-user.ts";
export { comparePlans, type PlanComparison, type PlanDifference } from "./compare-plans.ts";
export { type ListLeaversOptions, listLeavers, type MarkLeaverOptions, markLeaver } from "./leavers/list-leavers.ts";
export { type PauseOptions, pauseRuns, type RunsPause, readPause } from "./pause.ts";
export { SyncGuardError } from "./plan/guard/sync-guard-error.ts";
export { planSync, syncUsers } from "./plan-sync.ts";
export { RecordError, type RecordErrorOptions } from "./record-error.ts";
export { reportLines } from "./report/create-report.ts";
export { failedReport } from "./report/failed-report.ts";
export { readSavedPlan } from "./saved-plan.ts";
export {
  type TimelineEvent,
  type TimelineOptions,
  type UserTimeline,
  userTimeline,
} from "./timeline.ts";
export type { FailedReport, FailedRun } from "./types/failed-report.ts";
export type {
  ApplyOptions,
  ApprovedPlan,
  CheckSourceUserOptions,
  DiffOptions,
  GuardOptions,
  IncrementalOptions,
  LeaverOptions,
  MappedRecord,
  QueuedUserRequest,
  StopOptions,
  SyncOptions,
  SyncProgress,
  SyncQueue,
  VerifyOptions,
} from "./types/options.ts";
export type {
  DiffLine,
  PlanCounts,
  PlanEstimate,
  PlanFacts,
  PlanPageOptions,
  PlanSelection,
  ReadPlan,
  RenderPlanOptions,
  SavedChange,
  SavedPlan,
  SyncPlan,
  UserDiff,
} from "./types/plan.ts";
export type {
  Advice,
  DuplicateUser,
  Findings,
  GuardFinding,
  GuardLimit,
  HeldUser,
  InvalidRecord,
  Leaver,
  MissingUser,
  PlannedMove,
  PlannedUser,
  RuleChange,
  SourcePosition,
  StopReason,
  SuspiciousRecord,
  SyncWarning,
  TwinUser,
  WaitingRoot,
  WaitingUser,
} from "./types/records.ts";
export type {
  LanguageOptions,
  PlannedOutcome,
  ProblemCsvOptions,
  ProblemRow,
  ReportCounts,
  ReportFacts,
  ReportLanguage,
  SavedReport,
  SyncFailure,
  SyncReport,
  SyncSkip,
  Unverifiable,
} from "./types/report.ts";
export type {
  GivenRecords,
  SourceRequest,
  SuspectedRecord,
  SyncRecords,
  SyncSource,
} from "./types/source.ts";
export type { TextLine, Tone } from "./types/text-line.ts";
