import { appendFileSync } from "node:fs";
import { isOpleadError, type OpleadErrorCode } from "oplead-sdk";
import {
  type ApplyOptions,
  among,
  readPause,
  type SavedPlan,
  SyncGuardError,
  type SyncPlan,
  type SyncProgress,
  type SyncReport,
} from "oplead-sdk/sync";
import { linesOf, pausedReport } from "#parts";
import { errorCode } from "../../core/errors.ts";
import type { Context } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { languageName, messageOf, say, type Told, told } from "../say.ts";
import type { Output } from "../shell/output.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { isElsewhere, noteShown } from "./approval.ts";
import { unusedColumnLines, unusedColumns } from "./make-plan.ts";
import { noteColumns, writeLedgerMark, writeSupportTexts } from "./notes.ts";
import { orError, type RunFlags, renderReport, writeFiles } from "./report.ts";
import { requireTestMode } from "./test-mode.ts";
import { auditPath, type Bypass } from "./trace.ts";

type Watched = Pick<ApplyOptions, "runId" | "signal" | "drain" | "onUser">;

// How a run gets past the guard. A run without it writes nothing to Oplead, so findings do not stop it.
interface PastGuard {
  // The approved hash, or the saved plan if it is approved or its changes differ by now.
  readonly approve?: string | SavedPlan | undefined;
  // True with `--only` or `--limit`: the guard judges only the users of the trial.
  readonly isTrial?: boolean | undefined;
}

export async function carryOut(
  plan: SyncPlan,
  workspace: Workspace,
  context: Context,
  flags: RunFlags & { readonly queue?: boolean },
  send: (watched: Watched) => Promise<SyncReport>,
  past?: PastGuard,
): Promise<ExitCode> {
  const { output, interrupts, runId, trace, runEnd } = context;
  const language = languageName();
  if (plan.testMode && plan.changes.length > 0 && !workspace.isFake && !flags.trustTestMode)
    await requireTestMode(workspace.oplead, { signal: interrupts.signal });
  const path = auditPath(workspace.loaded);
  const ways = waysPast(plan, workspace, past);
  if (ways) trace?.planned(plan, ways);
  const drain = new AbortController();
  const stop = (): void => drain.abort();
  interrupts.wait(say("finishing_requests")).then(stop);
  // A refused plan sends nothing.
  const progress = await openProgress(output, ways ? plan.changes.length : 0);
  const showBefore = workspace.waits.showBy((text) => progress.wait(text));
  let report: SyncReport;
  try {
    report = await send({
      runId,
      // Never aborted: `drain` lets running requests finish after Ctrl-C.
      signal: new AbortController().signal,
      drain: drain.signal,
      onUser: (user, state) => {
        progress.show(state);
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
  // The result is shown even if a file cannot be written.
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
    write(told("support_not_written"), () => writeSupportTexts(workspace.loaded, among(report.findings, "failed")));
  }
  // Unused columns are shown only if they differ from the last run's.
  const columns = report.testMode || workspace.isFake ? [] : unusedColumnLines(workspace.config);
  let areKnown = true;
  if (!report.testMode && !workspace.isFake && report.sourceFile === undefined) {
    write(told("columns_not_written"), () => {
      areKnown = noteColumns(workspace.loaded, unusedColumns(workspace.config));
    });
  }
  const page = () => report.render("html", { language });
  await writeFiles(
    report,
    flags,
    page,
    (file, task) => write(told("run_report_not_written", { file }), task),
    workspace.names,
  );
  const info = await workspace.ledger.getInfo().catch(() => undefined);
  const format = output.json ? "json" : flags.format;
  const more = areKnown ? [] : columns.map((text) => ({ text, tone: undefined }));
  if (format === "text") output.text([...(await linesOf(report, { language })), ...more]);
  else output.raw(await renderReport(report, format, workspace.names));
  if (path !== undefined) output.note(say("run_noted", { file: path }));
  if (among(report.findings, "failed").length > 0 && !report.testMode && !interrupts.happened)
    output.note(report.sourceFile === undefined ? say("send_again_retry") : say("send_again_same_command"));
  await tellGitHub(output, { hash: report.hash, status: report.status }, () => report.render("markdown", { language }));
  const end = (exitCode: ExitCode): ExitCode => {
    trace?.ended(report, exitCode, info?.entries);
    if (!trace?.failure) return exitCode;
    const message = messageOf(trace.failure);
    output.error(say("audit_ended_run", { message }));
    return exitCode === EXIT.interrupted ? exitCode : EXIT.error;
  };
  for (const problem of unwritten) output.error(problem);
  if (interrupts.happened) {
    const left = among(report.findings, "skipped").filter(({ reason }) => reason === "aborted").length;
    output.note(
      plan.selection.resend
        ? say("interrupted_resend", { users: left })
        : say("interrupted_with_left", { users: left }),
    );
    return end(EXIT.interrupted);
  }
  return end(unwritten.length > 0 ? EXIT.error : report.exitCode);
}

// Undefined if the plan is refused.
function waysPast(plan: SyncPlan, { config }: Workspace, past?: PastGuard): Bypass[] | undefined {
  const { guard = {} } = config;
  const { hash, refusals, warnings, testMode } = plan;
  const { approve, isTrial } = past ?? {};
  if (typeof approve === "object" && isElsewhere(approve, plan)) return undefined;
  if (testMode || !past) return [];
  if (typeof approve === "string" && approve !== hash) return undefined;
  if (approve === undefined && refusals.length > 0 && !isTrial) return undefined;
  const reasons = typeof approve === "object" ? [...approve.refusals, ...refusals] : refusals;
  return [
    ...(guard === false ? ["guard: false" as const] : []),
    ...(approve !== undefined && reasons.length > 0 ? ["--approve" as const] : []),
    ...(warnings.some(({ code }) => code === "first_run_goes_on") ? ["earlier approval" as const] : []),
  ];
}

// Called before the source is read. Undefined if runs are not paused.
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
  const write = orError(output, () => {
    exitCode = EXIT.error;
  });
  await writeFiles(report, flags, () => report.render("html", { language }), write);
  const format = output.json ? "json" : flags.format;
  if (format === "text") output.text(await linesOf(report, { language }));
  else output.raw(await renderReport(report, format));
  await tellGitHub(output, { hash: report.hash, status: report.status }, () => report.render("markdown", { language }));
  trace?.ended(report, exitCode);
  return exitCode;
}

// The next run would fail with these codes too. Other failures do no harm: there was nothing to send.
const STAY: ReadonlySet<OpleadErrorCode> = new Set(["token_unavailable", "unauthorized", "forbidden", "aborted"]);

// An empty plan has sent no request: an expired token would show only when users must be sent.
export async function askProfiles(
  { oplead }: Workspace,
  { changes, refusals, warnings }: SyncPlan,
  { output, interrupts }: Context,
): Promise<void> {
  const hasAsked = changes.length > 0 || warnings.some(({ code }) => code === "profiles_not_checked");
  // The reasons of a refusal come before a problem with the token.
  if (hasAsked || refusals.length > 0) return;
  try {
    await oplead.listUserProfiles({ signal: interrupts.signal });
  } catch (error) {
    if (!isOpleadError(error) || STAY.has(error.code)) throw error;
    output.warn(say("oplead_not_asked", { code: error.code }));
  }
}

// Does nothing outside GitHub Actions.
export async function tellGitHub(
  output: Output,
  values: Readonly<Record<string, string | number | boolean>>,
  markdown: () => Promise<string>,
): Promise<void> {
  const { GITHUB_ACTIONS, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_ACTIONS !== "true") return;
  try {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, lines.join(""));
    if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${await markdown()}\n`);
  } catch (error) {
    output.warn(say("github_not_written", { code: String(errorCode(error)) }));
  }
}

interface ProgressDisplay {
  show(progress: SyncProgress): void;
  // Stays until the next progress.
  wait(text: string): void;
  end(): void;
}

const NONE: ProgressDisplay = { show: () => {}, wait: () => {}, end: () => {} };

// A line comes at least this often, and after each tenth of the users.
const QUIET_MS = 30_000;

export async function openProgress(
  output: Pick<Output, "quiet" | "isTerminal" | "note">,
  total: number,
): Promise<ProgressDisplay> {
  if (output.quiet || total === 0) return NONE;
  return output.isTerminal ? bar(total) : lines(output);
}

async function bar(total: number): Promise<ProgressDisplay> {
  const { default: progress } = await import("cli-progress");
  const display = new progress.SingleBar({
    format: "{bar} {state}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
    fps: 10,
    // Else the bar installs its own signal handler.
    gracefulExit: false,
  });
  display.start(total, 0, { state: say("progress_done", { done: 0, total }) });
  return {
    show(state) {
      display.setTotal(state.total);
      display.update(state.done - state.skipped, { state: progressText(state) });
    },
    wait: (text) => display.update({ state: text }),
    end: () => display.stop(),
  };
}

function lines(output: Pick<Output, "note">): ProgressDisplay {
  let shownTenth = 0;
  let shownAt = performance.now();
  return {
    show(state) {
      const tenth = Math.floor((state.done / state.total) * 10);
      if (tenth === shownTenth && performance.now() - shownAt < QUIET_MS) return;
      shownTenth = tenth;
      shownAt = performance.now();
      output.note(progressText(state));
    },
    wait(text) {
      shownAt = performance.now();
      output.note(text);
    },
    end() {},
  };
}

// Skipped users do not count as done.
function progressText({ done, total, failed, skipped, etaMs }: SyncProgress): string {
  const parts = [say("progress_done", { done: done - skipped, total })];
  if (failed > 0) parts.push(say("progress_failed", { count: failed }));
  if (skipped > 0) parts.push(say("progress_skipped", { count: skipped }));
  if (etaMs !== undefined && etaMs >= 1000 && done < total) parts.push(say("progress_left", { time: etaMs }));
  return parts.join(", ");
}
