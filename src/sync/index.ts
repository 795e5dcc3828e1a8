export { type AuditFile, auditFile } from "../audit/audit-file.ts";
export type { AuditPlace } from "../audit/files.ts";
export type { LanguageOptions } from "../core/names.ts";
export type { Closeable } from "../core/run-time.ts";
export { createLedger } from "../ledger/create-ledger.ts";
export { fileLedger } from "../ledger/file.ts";
export type { Lease, Ledger, LedgerEntry, LedgerPlatform, LedgerStore } from "../ledger/ledger.ts";
export { memoryLedger } from "../ledger/memory.ts";
export type { LedgerMark } from "../ledger/notes.ts";
export type { LedgerKeyOptions, Version } from "../ledger/version.ts";
export type { PolicyCause, PolicyFacts } from "../locales/en/findings.ts";
export { forgetUser } from "../reconcile/change-entry.ts";
export type { OnlyKnownKeys, SourceUser } from "../reconcile/content.ts";
export { importIds } from "../reconcile/import-ids.ts";
export { type Move, moveUsers } from "../reconcile/move-users.ts";
export { reconcileUser } from "../reconcile/reconcile.ts";
export type {
  ReconcileOptions,
  Reconciliation,
  UserOutcome,
} from "../reconcile/reconciliation.ts";
export { SyncGuardError } from "./apply/permit.ts";
export { among, isProblem } from "./findings.ts";
export { listLeavers, markLeaver } from "./leavers.ts";
export { type PauseOptions, pauseRuns, type RunsPause, readPause } from "./pause.ts";
export { checkSourceUser, RecordError } from "./plan/map-record.ts";
export { coverageUserOf } from "./plan/policies.ts";
export { planSync, syncUsers } from "./plan-sync.ts";
export { failedReport } from "./report/create-report.ts";
export { readSavedPlan } from "./saved-plan.ts";
export type { FailedReport, FailedRun } from "./types/failed-report.ts";
export type { Finding, FindingDetails, SourcePosition, WaitingRoot } from "./types/findings.ts";
export type { Advice, GuardFinding, ProblemCode, StopReason, SyncWarning } from "./types/messages.ts";
export type {
  AdvancedOptions,
  ApplyOptions,
  DiffOptions,
  GivenRecords,
  GuardOptions,
  IncrementalOptions,
  LeaverOptions,
  MappedRecord,
  SourceRequest,
  SuspectedRecord,
  SyncOptions,
  SyncProgress,
  SyncQueue,
  SyncRecords,
  SyncSource,
} from "./types/options.ts";
export type {
  DiffLine,
  PlanCounts,
  PlanFacts,
  PlanSelection,
  ReadPlan,
  SavedPlan,
  SyncPlan,
  UserDiff,
} from "./types/plan.ts";
export type {
  ChangedRule,
  Findings,
  GuardLimit,
  MissingUser,
  PlannedMove,
  PlannedUser,
  RefreshFacts,
} from "./types/records.ts";
export type {
  Explained,
  ExplainOptions,
  PlannedOutcome,
  RenderAs,
  RenderOptions,
  ReportCounts,
  ReportFacts,
  SyncReport,
} from "./types/report.ts";
