import { type ApplyOptions, reportLines, type SyncPlan, type SyncReport } from "oplead-sdk/sync";
import { errorCode } from "../../base/error-code.ts";
import { counted } from "../../base/words.ts";
import type { Context } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { tellGitHub } from "./github.ts";
import { writeLedgerMark } from "./ledger-mark.ts";
import { openProgress } from "./progress.ts";
import { type RunFlags, renderReport, writeReport } from "./report.ts";
import { writeSupportTexts } from "./support.ts";
import { auditPath, type Bypass } from "./trace.ts";

/** Outcomes after which Oplead has the user as the source has it. */
const ARRIVED: ReadonlySet<string> = new Set(["created", "updated", "unchanged"]);

/** The options by which the command watches and ends a run. */
type Watched = Pick<ApplyOptions, "runId" | "signal" | "drain" | "onProgress" | "onUser">;

/** What a person has said to the guard. Without it nothing is written to Oplead. */
interface PastGuard {
  readonly approve?: string | undefined;
  readonly firstRun?: boolean | undefined;
}

/** The ways in which a plan passes the guard; none if it needs none, because it writes nothing or is no surprise. Undefined if it is refused. */
function waysPast(
  { hash, refusals, testMode }: SyncPlan,
  { config }: Workspace,
  past?: PastGuard,
): Bypass[] | undefined {
  const { guard = {} } = config;
  if (testMode || !past) return [];
  const { approve, firstRun } = past;
  if (approve !== hash && (approve !== undefined || refusals.length > 0)) return undefined;
  return [
    ...(guard === false ? ["guard: false" as const] : []),
    ...(approve !== undefined && refusals.length > 0 ? ["--approve" as const] : []),
    ...(firstRun || (guard !== false && guard.firstRun) ? ["--first-run" as const] : []),
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
  const { report: files = [], language } = flags;
  const path = auditPath(workspace.loaded);
  const ways = waysPast(plan, workspace, past);
  if (ways) trace?.planned(plan, ways);
  const drain = new AbortController();
  const stop = (): void => drain.abort();
  interrupts.wait("Finishing the requests in flight. Ctrl-C again stops at once.").then(stop);
  const progress = await openProgress(output, plan.changes.length);
  const arrived = new Set<string>();
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
        if (ARRIVED.has(user.outcome)) arrived.add(user.accountNumber);
      },
    });
  } finally {
    progress.end();
  }
  if (runEnd) runEnd.report = report;
  const { covered } = workspace;
  const unwritten: string[] = [];
  // The run is done: its result is told all the same.
  const write = (failure: string, task: () => void): void => {
    try {
      task();
    } catch (error) {
      unwritten.push(`The run is done, but ${failure} (${errorCode(error)}).`);
    }
  };
  if (covered && !report.testMode) write(`${covered.path} could not be written`, () => covered.write(plan, arrived));
  const { ledgerMark } = report;
  if (ledgerMark && !workspace.isFake) {
    write("the mark of its ledger could not be written", () => writeLedgerMark(workspace.loaded, ledgerMark));
  }
  if (!report.testMode && !workspace.isFake) {
    write("the texts for Oplead Care could not be written", () => writeSupportTexts(workspace.loaded, report.failures));
  }
  for (const file of files) {
    write(`its report could not be written to ${file}`, () =>
      writeReport(file, flags, (format) => renderReport(report, format, language)),
    );
  }
  const info = await workspace.ledger.getInfo?.().catch(() => undefined); // only for the audit
  const format = output.json ? "json" : flags.format;
  if (format === "text") output.text(reportLines(report));
  else output.raw(renderReport(report, format, language));
  output.note(`Run ${runId}${path === undefined ? "" : `, written to ${path}`}`);
  if (report.failures.length > 0 && !report.testMode && !interrupts.happened)
    output.note("To send again what failed: npx oplead retry");
  tellGitHub(output, { hash: report.hash, status: report.status }, () => report.toMarkdown());
  const end = (exitCode: ExitCode): ExitCode => {
    trace?.ended(report, exitCode, info?.entries);
    if (!trace?.failure) return exitCode;
    output.error(`${trace.failure.message} The run was ended: what it does must be on record.`);
    return exitCode === EXIT.interrupted ? exitCode : EXIT.error;
  };
  for (const problem of unwritten) output.error(problem);
  if (interrupts.happened) {
    const left = report.skipped.filter(({ reason }) => reason === "aborted").length;
    output.note(`Interrupted with ${counted(left, "user")} left. Run the same command again to continue.`);
    return end(EXIT.interrupted);
  }
  return end(unwritten.length > 0 ? EXIT.error : report.exitCode);
}
