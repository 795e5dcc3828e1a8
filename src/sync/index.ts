export { fileLedger } from "../ledger/file.ts";
export { type KeyvLedgerOptions, type KeyvLike, keyvLedger } from "../ledger/keyv.ts";
export type { HeldStep, Ledger, LedgerEntry, LedgerInfo, LedgerPlatform, SyncStep } from "../ledger/ledger.ts";
export { memoryLedger } from "../ledger/memory.ts";
export type { Version } from "../ledger/version.ts";
export type { SourceUser } from "../reconcile/content.ts";
export { reconcileUser } from "../reconcile/reconcile.ts";
export type { FailedStep, ReconcileOptions, Reconciliation } from "../reconcile/reconciliation.ts";
export type {
  ApplyOptions,
  GuardOptions,
  StopOptions,
  SyncOptions,
  SyncProgress,
  SyncSource,
} from "./options.ts";
export { SyncGuardError } from "./plan/guard-error.ts";
export type { PlanCounts, PlanEstimate, SyncPlan } from "./plan.ts";
export { planSync, syncUsers } from "./plan-sync.ts";
export type {
  DuplicateUser,
  GuardFinding,
  HeldUser,
  InvalidRecord,
  MissingUser,
  PlannedUser,
  StopReason,
} from "./records.ts";
export type { ReportCounts, SyncFailure, SyncReport, SyncSkip, Unverifiable } from "./report.ts";
