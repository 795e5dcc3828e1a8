// This file is no entry point: the command imports it as `#parts`.
export { type NewAuditLine, type OpenAudit, openAudit } from "./audit/audit-file.ts";
export type { AuditLine, AuditOrigin, RunEndedLine, UserLine } from "./audit/line.ts";
export { type AuditQuery, forgetAudit, readAudit } from "./audit/read-audit.ts";
export { type AuditedRun, type AuditStatus, auditedRuns, auditStatus, type StatusRun } from "./audit/runs.ts";
export { type ConfigPart, type LoadedConfig, type LoadOptions, loadConfig } from "./config/load-config.ts";
export type { Fact, FactName, PlatformFacts } from "./core/facts.ts";
export { canonicalJson, hashText } from "./core/hash.ts";
export { readEntry, readInfo } from "./ledger/entry.ts";
export type { LedgerInfo } from "./ledger/ledger.ts";
export { pausedReport } from "./sync/apply/paused.ts";
export { type ApprovalCommandOptions, approvalCommand } from "./sync/approval-command.ts";
export { answerIn, fieldIn } from "./sync/language.ts";
export { diffLines } from "./sync/overview/plan-overview.ts";
export { linesOf, refusalOf } from "./sync/render-methods.ts";
export { arrivalOf, type TimelineEvent, type UserTimeline, userTimeline } from "./sync/timeline.ts";
export type { TextLine, Tone } from "./sync/types/records.ts";
