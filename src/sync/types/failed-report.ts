import type { OpleadIssue } from "../../core/issues.ts";
import type { GuardFinding } from "./messages.ts";
import type { PlanFacts } from "./plan.ts";
import type { TextLine } from "./records.ts";
import type { LanguageOptions, ProblemCsvOptions } from "./report.ts";

/**
 * A run that ended before it had a report: an {@link OpleadError}, a {@link SyncGuardError}, or an object that you make
 * for another failure.
 */
export interface FailedRun {
  /** The code of the error, for programs. */
  readonly code: string;
  /** The message, which must not contain personal data, because it is written into files. */
  readonly message: string;
  readonly issues?: readonly OpleadIssue[] | undefined;
  /** The findings of the guard, if it refused the plan. */
  readonly findings?: readonly GuardFinding[] | undefined;
  /** The plan that the guard refused. */
  readonly plan?: PlanFacts | undefined;
}

/**
 * Takes the place of a report if a run was refused or broke off, and is shown in the same forms. Printing it shows no
 * personal data.
 */
export interface FailedReport {
  /** `refused`: the guard refused the plan. `failed`: no plan could be made, or the plan could not be carried out. */
  readonly status: "refused" | "failed";
  /** 3 if the status is `refused`; 1 if it is `failed`. */
  readonly exitCode: 1 | 3;
  /** When this report was made, ISO 8601. */
  readonly startedAt: string;
  /** The hash of the plan, if there was one. */
  readonly hash: string | undefined;
  readonly reason: Readonly<Pick<FailedRun, "code" | "message" | "issues" | "findings">>;
  /**
   * A CSV that first says why nothing was sent, and then lists the records of the plan that cannot be sent: see {@link
   * SyncReport.problemCsv}.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): Promise<string>;
  /** Why nothing was sent, as several lines of text, for a terminal or a log. */
  toText(options?: LanguageOptions): Promise<string>;
  /** Why nothing was sent, as Markdown, for a pull-request comment or the summary of a CI job. */
  toMarkdown(options?: LanguageOptions): Promise<string>;
  /** The lines of the text: see {@link SyncReport.toLines}. */
  toLines(options?: LanguageOptions): Promise<readonly TextLine[]>;
  /** Why nothing was sent, as one HTML page: see {@link SyncReport.toHtml}. */
  toHtml(options?: LanguageOptions): Promise<string>;
  /** The status and the code in one line, for a log. */
  toString(): string;
}
