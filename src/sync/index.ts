export type { SourceUser } from "../ledger/content.ts";
export { fileLedger } from "../ledger/file.ts";
export { type KeyvLedgerOptions, type KeyvLike, keyvLedger } from "../ledger/keyv.ts";
export type { DeliveryStep, HeldStep, Ledger, LedgerEntry } from "../ledger/ledger.ts";
export { memoryLedger } from "../ledger/memory.ts";
export type { Version } from "../ledger/version.ts";
export type { GuardFinding, GuardOptions } from "./guard.ts";
export { SyncGuardError } from "./guard.ts";
export type { HealthChange, StopOptions, StopReason } from "./health.ts";
export type { ApplyOptions, MissingUser, SyncOptions, SyncSource } from "./options.ts";
export type {
  DuplicateUser,
  HeldUser,
  InvalidRecord,
  PlanCounts,
  PlanEstimate,
  PlannedUser,
  SyncPlan,
} from "./plan.ts";
export { planSync, syncUsers } from "./plan-sync.ts";
export type { SyncProgress } from "./progress.ts";
export type { ReportCounts, SyncFailure, SyncReport, SyncSkip, Unverifiable } from "./report.ts";
