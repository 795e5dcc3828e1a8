import type { OpleadIssue } from "../../core/issues.ts";
import type { PlanFacts } from "./plan.ts";
import type { GuardFinding } from "./records.ts";
import type { LanguageOptions, ProblemCsvOptions } from "./report.ts";

/**
 * A run that ended before it had a report: an {@link OpleadError}, a {@link SyncGuardError}, or an object that you make
 * for another failure.
 */
export interface FailedRun {
  /** For programs. */
  readonly code: string;
  /** Without personal data: it is written into files. */
  readonly message: string;
  readonly issues?: readonly OpleadIssue[] | undefined;
  /** The findings of the guard. */
  readonly findings?: readonly GuardFinding[] | undefined;
  /** The plan that was refused. */
  readonly plan?: PlanFacts | undefined;
}

/**
 * Takes the place of a report, in the same forms, if a run was refused or broke off. Printing it shows no personal
 * data.
 */
export interface FailedReport {
  /** `refused`: the guard refused the plan. `failed`: there was no plan, or it could not be carried out. */
  readonly status: "refused" | "failed";
  /** 3 `refused`; 1 `failed`. */
  readonly exitCode: 1 | 3;
  /** When it was made, ISO 8601. */
  readonly startedAt: string;
  /** The hash of the plan, if there was one. */
  readonly hash: string | undefined;
  readonly reason: Readonly<Pick<FailedRun, "code" | "message" | "issues" | "findings">>;
  /**
   * Why nothing was sent, and then the records of the plan that cannot be sent, as CSV: see {@link
   * SyncReport.problemCsv}.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): string;
  /** Several lines, for a terminal or a log. */
  toString(options?: LanguageOptions): string;
  /** For a pull-request comment or the summary of a CI job. */
  toMarkdown(options?: LanguageOptions): string;
  /** Why nothing was sent, as one HTML page: see {@link SyncReport.toHtml}. */
  toHtml(options?: LanguageOptions): Promise<string>;
}
