import { pausedReport, readPause, reportLines } from "oplead-sdk/sync";
import { errorCode } from "../../base/error-code.ts";
import type { Context } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { languageName, say, told } from "../texts/say.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { tellGitHub } from "./github.ts";
import { type RunFlags, renderReport, writePage, writeReport } from "./report.ts";

/** Ends a run that is paused before it reads its source, with a report of it. Undefined if it is not paused. */
export async function endIfPaused(
  { ledger, oplead, isFake }: Workspace,
  { output, runId, runEnd, trace }: Context,
  flags: RunFlags,
): Promise<ExitCode | undefined> {
  const pause = isFake || oplead.testMode ? undefined : await readPause(ledger);
  if (!pause) return undefined;
  const language = languageName();
  const report = pausedReport(pause, runId);
  if (runEnd) runEnd.report = report;
  let exitCode: ExitCode = EXIT.success;
  const write = (file: string, task: () => void): void => {
    try {
      task();
    } catch (error) {
      exitCode = EXIT.error;
      const failure = told("report_not_written", { file });
      output.error(say("failed_with_code", { failure, code: String(errorCode(error)) }));
    }
  };
  for (const file of flags.report ?? [])
    write(file, () => writeReport(file, flags, (format) => renderReport(report, format)));
  const { html } = flags;
  if (html !== undefined) {
    const page = await report.toHtml({ language });
    write(html, () => writePage(html, flags, page));
  }
  const format = output.json ? "json" : flags.format;
  if (format === "text") output.text(reportLines(report, { language }));
  else output.raw(renderReport(report, format));
  tellGitHub(output, { hash: report.hash, status: report.status }, () => report.toMarkdown({ language }));
  trace?.ended(report, exitCode);
  return exitCode;
}
