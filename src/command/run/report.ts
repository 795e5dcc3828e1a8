import { extname, resolve } from "node:path";
import { type Command, Option } from "commander";
import {
  type FailedReport,
  failedReport,
  type GuardFinding,
  type ReadPlan,
  type RenderOptions,
  type SavedPlan,
  SyncGuardError,
  type SyncPlan,
  type SyncReport,
} from "oplead-sdk/sync";
import { type ApprovalCommandOptions, type AuditOrigin, approvalCommand, refusalOf } from "#parts";
import { errorCode } from "../../core/errors.ts";
import type { Action, Context, RunEnd } from "../command.ts";
import { EXIT } from "../exit.ts";
import { languageName, type Sayable, say, told } from "../say.ts";
import { advise, failureOf } from "../shell/failure.ts";
import { writePrivateFile } from "../shell/files.ts";
import { firstLines, type Output } from "../shell/output.ts";
import { type ConfigFlags, configFlags, WrongValue } from "../shell/program.ts";
import type { Names } from "../workspace/names.ts";
import { sendAlerts } from "./alerts.ts";
import { commandToApprove } from "./approval.ts";
import { RunTrace } from "./trace.ts";

export type ReportFormat = "text" | "json" | "markdown" | "csv";

export interface RunFlags extends ConfigFlags {
  readonly format: ReportFormat;
  readonly report?: readonly string[];
  readonly html?: string;
  readonly trustTestMode?: boolean;
}

export function runFlags(command: Command): Command {
  const format = new Option("--format <format>", say("option_format"));
  return configFlags(command)
    .addOption(format.choices(["text", "json", "markdown", "csv"]).default("text"))
    .option("--html <file>", say("option_html"))
    .option("--report <file>", say("option_report"), reportFiles);
}

export const sendFlags = (command: Command): Command =>
  runFlags(command).option("--trust-test-mode", say("probe_trust"));

const FORMATS: Readonly<Record<string, ReportFormat>> = {
  ".txt": "text",
  ".json": "json",
  ".md": "markdown",
  ".csv": "csv",
};

export const reportFormat = (file: string): ReportFormat => formatOf(file) ?? "text";

const formatOf = (file: string): ReportFormat | undefined => FORMATS[extname(file).toLowerCase()];

// A file with an unknown ending is refused before the run begins.
function reportFiles(file: string, before: readonly string[] = []): string[] {
  if (formatOf(file)) return [...before, file];
  throw new WrongValue(told("ending_expected", { endings: Object.keys(FORMATS).join(", ") }));
}

// A retry sends no alert: whoever starts it reads its report.
const ALERTING: ReadonlySet<AuditOrigin | undefined> = new Set(["sync", "apply"] as const);

// A failed command writes reports too, so that nobody takes yesterday's for today's.
export function reporting<Flags extends RunFlags>(action: Action<Flags>, origin?: AuditOrigin): Action<Flags> {
  return async (given, args, flags) => {
    const { output, interrupts, runId } = given;
    const trace = origin && new RunTrace(runId, origin);
    const files = [flags.html ?? [], flags.report ?? []].flat().map((file) => resolve(file));
    const runEnd: RunEnd | undefined = ALERTING.has(origin) ? { closing: [], files } : undefined;
    const context: Context = { ...given, trace, runEnd };
    try {
      const exitCode = await action(context, args, flags);
      trace?.endedWithout({ status: "complete", exitCode });
      if (runEnd) await sendAlerts(runEnd, undefined, output);
      return exitCode;
    } catch (error) {
      const { exitCode, error: failure } = failureOf(error, interrupts.happened);
      const { plan, findings } = error instanceof SyncGuardError ? error : {};
      const status = exitCode === EXIT.guard ? "refused" : exitCode === EXIT.interrupted ? "aborted" : "failed";
      trace?.endedWithout({ status, exitCode, code: failure.code, plan, findings });
      const report = failedReport({ ...failure, plan }, exitCode === EXIT.guard ? "refused" : "failed");
      const { target, config, queue } = flags as Flags & { readonly queue?: boolean };
      const page = () => {
        return plan ? pageOfPlan(plan, { target, config }) : report.render("html", { language: languageName() });
      };
      await writeFiles(report, flags, page, orError(output));
      if (error instanceof SyncGuardError) {
        const { plan, findings } = error;
        // An approval covers only the reasons that the plan shows.
        const isShown = findings.every(({ code }) => plan.refusals.some((shown) => shown.code === code));
        const command = isShown ? commandToApprove(plan, { target, config, queue }) : undefined;
        const read = commandToApprove(plan, { target, config }).replace(/ sync --approve \S+/, " plan");
        advise(error, told("read_and_approve", { lines: await refusalLines(plan, findings), read, command }));
      }
      if (runEnd) await sendAlerts(runEnd, report, output);
      throw error;
    } finally {
      for (const close of runEnd?.closing.reverse() ?? []) await close();
      await trace?.close();
    }
  };
}

const REASONS_SHOWN = 4;

export async function refusalLines(plan: SyncPlan | SavedPlan, findings: readonly GuardFinding[]): Promise<Sayable> {
  const [here = "", english = ""] = await Promise.all(
    [languageName(), "en" as const].map(async (language) => {
      const { consequences, reasons } = await refusalOf(plan, findings, language);
      const lines = [
        ...consequences,
        ...firstLines(
          reasons.map(({ text }) => text),
          REASONS_SHOWN,
        ),
      ];
      return lines.map((line) => `  ${line.trimStart()}`).join("\n");
    }),
  );
  return { here, english };
}

// Loads the table of postcodes only for a page with a map.
export async function pageOfPlan(
  plan: SyncPlan | ReadPlan,
  { file, target, config, ...shown }: ApprovalCommandOptions & RenderOptions,
): Promise<string> {
  const hasMap = plan.areas !== undefined || [...plan.refusals, ...plan.warnings].some(({ code }) => code === "policy");
  const { locate } = hasMap ? await import("oplead-sdk/coverage/france") : {};
  const command = approvalCommand(plan, { file, target, config });
  return plan.render("html", { ...shown, language: languageName(), command, locate });
}

type AnyReport = SyncReport | FailedReport;

export async function renderReport(report: AnyReport, format: ReportFormat, names?: Names): Promise<string> {
  const language = languageName();
  if (format === "json") return JSON.stringify(report, undefined, 2);
  return report.render(format, { language, ...names?.forCsv });
}

type WriteFile = (file: string, task: () => void) => void;

export function orError(output: Output, onFailure?: () => void): WriteFile {
  return (file, task) => {
    try {
      task();
    } catch (error) {
      onFailure?.();
      const failure = told("report_not_written", { file });
      output.error(say("failed_with_code", { failure, code: String(errorCode(error)) }));
    }
  };
}

// Files that the command has written before a failure stay.
export async function writeFiles(
  report: AnyReport,
  flags: RunFlags,
  makePage: () => Promise<string>,
  write: WriteFile,
  names?: Names,
): Promise<void> {
  const { report: files = [], html } = flags;
  if (!reported.has(flags)) {
    for (const file of files) {
      const text = await renderReport(report, reportFormat(file), names);
      write(file, () => writeReport(file, flags, text));
    }
  }
  if (html === undefined || paged.has(flags)) return;
  const page = await makePage();
  write(html, () => writePage(html, flags, page));
}

// Commands whose reports are written, by their flags: each command has its own object.
const reported = new WeakSet<RunFlags>();

const paged = new WeakSet<RunFlags>();

export function writePage(file: string, flags: RunFlags, page: string): void {
  paged.add(flags);
  writePrivateFile(file, page);
}

export function writeReport(file: string, flags: RunFlags, text: string): void {
  reported.add(flags);
  writePrivateFile(file, text.endsWith("\n") ? text : `${text}\n`);
}
