import {
  type ApplyOptions,
  reportLines,
  type SavedPlan,
  SyncGuardError,
  type SyncPlan,
  type SyncReport,
} from "oplead-sdk/sync";
import { errorCode } from "../../base/error-code.ts";
import type { Context } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { languageName, messageOf, say, type Told, told } from "../texts/say.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { noteShown } from "./approval.ts";
import { tellGitHub } from "./github.ts";
import { writeLedgerMark, writeSupportTexts } from "./notes.ts";
import { openProgress } from "./progress.ts";
import { type RunFlags, renderReport, writePage, writeReport } from "./report.ts";
import { auditPath, type Bypass } from "./trace.ts";

/** The options by which the command watches and ends a run. */
type Watched = Pick<ApplyOptions, "runId" | "signal" | "drain" | "onProgress" | "onUser">;

/** A person's answer to the guard. Without it no request writes to Oplead. */
interface PastGuard {
  /** The hash of the plan, or another plan with the same users that was saved. */
  readonly approve?: string | SavedPlan | undefined;
  /** Whether only a part of the plan is sent, which is judged by itself. */
  readonly isTrial?: boolean | undefined;
}

/** The ways in which a plan passes the guard; none if it needs none, because it writes nothing or is no surprise. Undefined if it is refused. */
function waysPast(
  { hash, refusals, warnings, testMode }: SyncPlan,
  { config }: Workspace,
  past?: PastGuard,
): Bypass[] | undefined {
  const { guard = {} } = config;
  if (testMode || !past) return [];
  const { approve, isTrial } = past;
  if (typeof approve === "string" && approve !== hash) return undefined;
  if (approve === undefined && refusals.length > 0 && !isTrial) return undefined;
  const reasons = typeof approve === "object" ? [...approve.refusals, ...refusals] : refusals;
  return [
    ...(guard === false ? ["guard: false" as const] : []),
    ...(approve !== undefined && reasons.length > 0 ? ["--approve" as const] : []),
    ...(warnings.some(({ code }) => code === "first_run_goes_on") ? ["earlier approval" as const] : []),
  ];
}

/** Sends a plan: with progress, an audit file, Ctrl-C in good order, and a report at the end. */
export async function carryOut(
  plan: SyncPlan,
  workspace: Workspace,
  context: Context,
  flags: RunFlags & { readonly queue?: boolean },
  send: (watched: Watched) => Promise<SyncReport>,
  past?: PastGuard,
): Promise<ExitCode> {
  const { output, interrupts, runId, trace, runEnd } = context;
  const { report: files = [] } = flags;
  const language = languageName();
  const path = auditPath(workspace.loaded);
  const ways = waysPast(plan, workspace, past);
  if (ways) trace?.planned(plan, ways);
  const drain = new AbortController();
  const stop = (): void => drain.abort();
  interrupts.wait(say("finishing_requests")).then(stop);
  const progress = await openProgress(output, plan.changes.length);
  const showBefore = workspace.waits.showBy((text) => progress.wait(text));
  let report: SyncReport;
  try {
    report = await send({
      runId,
      // The signal of the planning would break requests off.
      signal: new AbortController().signal,
      drain: drain.signal,
      onProgress: (state) => progress.show(state),
      onUser: (user) => {
        trace?.user(user, flags.queue ?? false);
        if (trace?.failure) stop();
      },
    });
  } catch (error) {
    if (error instanceof SyncGuardError) noteShown(plan, workspace);
    throw error;
  } finally {
    workspace.waits.showBy(showBefore);
    progress.end();
  }
  if (runEnd) runEnd.report = report;
  const unwritten: string[] = [];
  // The run is done: its result is told all the same.
  const write = (failure: Told, task: () => void): void => {
    try {
      task();
    } catch (error) {
      unwritten.push(say("run_done_but", { failure, code: String(errorCode(error)) }));
    }
  };
  const { ledgerMark } = report;
  if (ledgerMark && !workspace.isFake) {
    write(told("mark_not_written"), () => writeLedgerMark(workspace.loaded, ledgerMark));
  }
  if (!report.testMode && !workspace.isFake) {
    write(told("support_not_written"), () => writeSupportTexts(workspace.loaded, report.failures));
  }
  for (const file of files) {
    write(told("run_report_not_written", { file }), () =>
      writeReport(file, flags, (format) => renderReport(report, format)),
    );
  }
  const { html } = flags;
  if (html !== undefined) {
    const page = await report.toHtml({ language });
    write(told("run_report_not_written", { file: html }), () => writePage(html, flags, page));
  }
  const info = await workspace.ledger.getInfo().catch(() => undefined); // only for the audit
  const format = output.json ? "json" : flags.format;
  if (format === "text") output.text(reportLines(report, { language }));
  else output.raw(renderReport(report, format));
  output.note(
    path === undefined ? say("run_named", { run: runId }) : say("run_named_in_file", { run: runId, file: path }),
  );
  if (report.failures.length > 0 && !report.testMode && !interrupts.happened)
    output.note(report.sourceFile === undefined ? say("send_again_retry") : say("send_again_same_command"));
  tellGitHub(output, { hash: report.hash, status: report.status }, () => report.toMarkdown({ language }));
  const end = (exitCode: ExitCode): ExitCode => {
    trace?.ended(report, exitCode, info?.entries);
    if (!trace?.failure) return exitCode;
    const message = messageOf(trace.failure);
    output.error(say("audit_ended_run", { message }));
    return exitCode === EXIT.interrupted ? exitCode : EXIT.error;
  };
  for (const problem of unwritten) output.error(problem);
  if (interrupts.happened) {
    const left = report.skipped.filter(({ reason }) => reason === "aborted").length;
    output.note(
      plan.selection.resend
        ? say("interrupted_resend", { users: left })
        : say("interrupted_with_left", { users: left }),
    );
    return end(EXIT.interrupted);
  }
  return end(unwritten.length > 0 ? EXIT.error : report.exitCode);
}
