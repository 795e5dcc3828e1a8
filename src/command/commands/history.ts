import type { Command } from "commander";
import { type AuditedRun, type AuditLine, auditedRuns, readAudit, type UserLine } from "#parts";
import { localTime } from "../../locales/grammar.ts";
import type { Action } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { pathOfAudit } from "../run/trace.ts";
import { messageOf, say, told } from "../say.ts";
import { amountsText, userText } from "../shell/failure.ts";
import { aligned, toneOfRun } from "../shell/output.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../shell/program.ts";

interface HistoryFlags extends ConfigFlags {
  readonly last: number;
}

export function define(command: Command): Action {
  command.argument("[run]", say("history_run"));
  configFlags(command).option("--last <number>", say("history_limit"), numberIn(1, 1e6), 14);
  helpNote(command, say("history_notes"));
  return history;
}

const history: Action<HistoryFlags> = async ({ output }, [run], flags) => {
  const path = await pathOfAudit(flags);
  if (run === undefined) {
    const last = auditedRuns(path).slice(-flags.last);
    const rows = rowsFitting(last.map(cells), output.columns).map((text, index) => {
      return { text, tone: toneOfRun(last[index]?.ended?.exitCode) };
    });
    output.result(last.length === 0 ? say("no_runs") : rows, last);
    return EXIT.success;
  }
  const lines = [...readAudit(path, { run })];
  const about = <Event extends AuditLine["event"]>(event: Event) =>
    lines.findLast((one): one is Extract<AuditLine, { event: Event }> => one.event === event);
  if (lines.length === 0) throw new CommandError("not_found", told("no_such_run", { run }));
  const users = lines.filter((one) => one.event === "user");
  const ended = about("run_ended");
  const counts = auditedRuns(path).find((one) => one.run === run)?.counts ?? {};
  const found = { run, started: about("run_started"), planned: about("run_planned"), ended, counts };
  output.result([...aligned([cells(found)]), ...details(found), ...aligned(users.map(userCells))].join("\n"), {
    ...found,
    users,
  });
  return EXIT.success;
};

// Breaks all rows after their status if one is wider than the terminal.
function rowsFitting(rows: readonly (readonly string[])[], columns = Number.POSITIVE_INFINITY): string[] {
  const whole = aligned(rows);
  if (whole.every(({ length }) => length <= columns)) return whole;
  const above = aligned(rows.map((row) => row.slice(0, 4)));
  return rows.map((row, index) => {
    const below = row.slice(4).filter((cell) => cell !== "");
    return [above[index], ...(below.length > 0 ? [`    ${below.join(", ")}`] : [])].join("\n");
  });
}

function cells({ run, started, planned, ended, counts }: AuditedRun): string[] {
  const { requests = 0, durationMs = 0, testMode, exitCode } = ended ?? {};
  const { time = "", origin = "" } = started ?? planned ?? ended ?? {};
  const code = exitCode === undefined ? "" : ` (${say("exit_code", { code: String(exitCode) })})`;
  return [
    localTime(time),
    run,
    origin,
    `${say(ended?.status ?? "not_ended")}${code}${testMode ? say("in_test_mode") : ""}`,
    amountsText(counts),
    requests === 0 ? "" : say("requests_made", { requests }),
    durationMs === 0 ? "" : say("lasted", { time: durationMs }),
    started ? say("by_operator", { operator: started.operator }) : "",
  ];
}

function details({ started, planned, ended }: AuditedRun): string[] {
  const sourceFile = planned?.sourceFile ?? ended?.sourceFile;
  const { code, findings = planned?.findings ?? [], refusals, newProblems, knownProblems } = ended ?? {};
  return [
    ...(started ? [say("run_host", { host: started.host, version: started.packageVersion })] : []),
    ...(planned
      ? [say("run_plan", { plan: planned.plan, platform: planned.platform.baseUrl, changes: planned.changes })]
      : []),
    ...(sourceFile === undefined ? [] : [say("run_source_file", { file: sourceFile })]),
    ...(planned && planned.approvedBy.length > 0 ? [say("run_past_guard", { ways: planned.approvedBy })] : []),
    ...(refusals?.map((one) => `  ${messageOf(one)}`) ??
      (findings.length > 0 ? [say("run_findings", { findings })] : [])),
    ...(newProblems === undefined ? [] : [say("run_problems", { fresh: newProblems, known: knownProblems ?? 0 })]),
    ...(code === undefined ? [] : [say("run_ended_by", { code })]),
  ];
}

function userCells(line: UserLine): string[] {
  return [`  ${line.accountNumber}`, userText(line)];
}
