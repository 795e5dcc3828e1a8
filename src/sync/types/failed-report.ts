import type { OpleadIssue } from "../../core/issues.ts";
import type { GuardFinding } from "./messages.ts";
import type { PlanFacts } from "./plan.ts";
import type { SyncReport } from "./report.ts";

/** A run that ended before it had a report: an {@link OpleadError}, a {@link SyncGuardError}, or your own object. */
export interface FailedRun {
  readonly code: string;
  /** Without personal data: it is written into files. */
  readonly message: string;
  readonly issues?: readonly OpleadIssue[] | undefined;
  /** Findings of the guard, if it refused the plan. */
  readonly findings?: readonly GuardFinding[] | undefined;
  /** Plan that the guard refused. */
  readonly plan?: PlanFacts | undefined;
}

/**
 * Stands in for a report if a run was refused or broke off: its texts say why nothing was sent, and its CSV then lists
 * the records that cannot be sent. Printing it shows no personal data.
 */
export interface FailedReport extends Pick<SyncReport, "render" | "toString"> {
  /** `refused`: by the guard. `failed`: no plan could be made or carried out. */
  readonly status: "refused" | "failed";
  /** 3 if `refused`, 1 if `failed`. */
  readonly exitCode: 1 | 3;
  /** When this report was made, ISO 8601. */
  readonly startedAt: string;
  /** Hash of the plan, if there was one. */
  readonly hash: string | undefined;
  readonly reason: Readonly<Pick<FailedRun, "code" | "message" | "issues" | "findings">>;
  /** The refused plan. Not enumerable. */
  readonly plan?: PlanFacts | undefined;
}
