import type { OpleadIssue } from "../../core/issues.ts";
import type { GuardFinding } from "./messages.ts";
import type { PlanFacts } from "./plan.ts";
import type { TextLine } from "./records.ts";
import type { LanguageOptions, ProblemCsvOptions } from "./report.ts";

/** A run that ended before it had a report: an {@link OpleadError}, a {@link SyncGuardError}, or your own object. */
export interface FailedRun {
  readonly code: string;
  /** Without personal data: it is written into files. */
  readonly message: string;
  readonly issues?: readonly OpleadIssue[] | undefined;
  /** Of the guard, if it refused the plan. */
  readonly findings?: readonly GuardFinding[] | undefined;
  /** Refused by the guard. */
  readonly plan?: PlanFacts | undefined;
}

/** Stands in for a report if a run was refused or broke off, in the same forms. Printing it shows no personal data. */
export interface FailedReport {
  /** `refused`: by the guard. `failed`: no plan could be made or carried out. */
  readonly status: "refused" | "failed";
  /** 3 if `refused`, 1 if `failed`. */
  readonly exitCode: 1 | 3;
  /** When this report was made, ISO 8601. */
  readonly startedAt: string;
  /** Of the plan, if there was one. */
  readonly hash: string | undefined;
  readonly reason: Readonly<Pick<FailedRun, "code" | "message" | "issues" | "findings">>;
  /**
   * First why nothing was sent, then the records that cannot be sent: see {@link SyncReport.problemCsv}.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): Promise<string>;
  /** Why nothing was sent, for a terminal or a log. */
  toText(options?: LanguageOptions): Promise<string>;
  /** Why nothing was sent, for a pull request or the summary of a CI job. */
  toMarkdown(options?: LanguageOptions): Promise<string>;
  /** See {@link SyncReport.toLines}. */
  toLines(options?: LanguageOptions): Promise<readonly TextLine[]>;
  /** See {@link SyncReport.toHtml}. */
  toHtml(options?: LanguageOptions): Promise<string>;
  /** Status and code in one line, for a log. */
  toString(): string;
}
