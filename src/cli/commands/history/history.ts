import type { Command } from "commander";
import type { Outcome } from "oplead-sdk";
import { type AuditedRun, type AuditLine, auditedRuns, readAudit, type UserLine } from "oplead-sdk/sync";
import type { Action } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { pathOfAudit } from "../../run/required-audit.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { counted, lasting, phrase, say, shown, told } from "../../texts/say.ts";
import { outcomesOf, userText } from "./user-text.ts";

interface HistoryFlags extends ConfigFlags {
  readonly last: number;
}

export function define(command: Command): Action {
  command.argument("[run]", say("a run: what became of each of its users"));
  configFlags(command).option("--last <number>", say("list this many runs"), numberIn(1, 1e6), 14);
  helpNote(command, say("Reads the audit file only, so it can be asked while a run is under way."));
  return history;
}

const history: Action<HistoryFlags> = async ({ output }, [run], flags) => {
  const path = await pathOfAudit(flags);
  if (run === undefined) {
    const last = auditedRuns(path).slice(-flags.last);
    output.result(last.length === 0 ? say("No runs.") : last.map(line).join("\n"), last);
    return EXIT.success;
  }
  const lines = [...readAudit(path, { run })];
  const about = <Event extends AuditLine["event"]>(event: Event) =>
    lines.findLast((one): one is Extract<AuditLine, { event: Event }> => one.event === event);
  const found = { run, started: about("run_started"), planned: about("run_planned"), ended: about("run_ended") };
  if (lines.length === 0) throw new CommandError("not_found", told("The audit has no run {run}.", { run }));
  const users = lines.filter((one) => one.event === "user");
  output.result([line(found), ...details(found), ...users.map(userLine)].join("\n"), { ...found, users });
  return EXIT.success;
};

/** The counts that every line of the list has. */
const COUNTED = ["created", "updated", "failed", "held", "invalid"] as const;

/** `12 created` */
function amountOf(outcome: Outcome, count = 0): string {
  return say("{count} {outcome}", { count, outcome: phrase(outcome) });
}

/** One run: when, how it ended, counts, requests, duration, who. */
function line({ run, started, planned, ended }: AuditedRun): string {
  const { counts = {}, requests = 0, durationMs = 0, testMode, exitCode } = ended ?? {};
  const { time = "", origin = "" } = started ?? planned ?? ended ?? {};
  const amounts = COUNTED.map((outcome) => amountOf(outcome, counts[outcome])).join(", ");
  const code = exitCode === undefined ? "" : ` (${say("exit {code}", { code: String(exitCode) })})`;
  const status = `${phrase(ended?.status ?? "not ended")}${code}${testMode ? say(", test mode") : ""}`;
  const rest = [amounts, shown(counted(requests, "request")), shown(lasting(durationMs))].join(", ");
  return `${time.slice(0, 19)}Z  ${run}  ${origin}  ${status}: ${rest}${started ? say(", by {operator}", { operator: started.operator }) : ""}`;
}

function details({ started, planned, ended }: AuditedRun): string[] {
  const sourceFile = planned?.sourceFile ?? ended?.sourceFile;
  const { code, findings = planned?.findings ?? [], counts = {}, newProblems, knownProblems } = ended ?? {};
  const others = outcomesOf(counts).filter(
    (outcome) => (counts[outcome] ?? 0) > 0 && !COUNTED.some((one) => one === outcome),
  );
  return [
    ...(started
      ? [say("  on {host}, oplead-sdk {version}", { host: started.host, version: started.packageVersion })]
      : []),
    ...(planned
      ? [
          say("  plan {plan} for {platform}: {changes}", {
            ...{ plan: planned.plan, platform: planned.platform.baseUrl, changes: counted(planned.changes, "change") },
          }),
        ]
      : []),
    ...(sourceFile === undefined ? [] : [say("  read {file} in place of the source", { file: sourceFile })]),
    ...(planned && planned.approvedBy.length > 0
      ? [say("  past the guard by {ways}", { ways: planned.approvedBy.join(", ") })]
      : []),
    ...(findings.length > 0 ? [say("  the guard found: {findings}", { findings: findings.join(", ") })] : []),
    ...(others.length > 0
      ? [say("  also {others}", { others: others.map((outcome) => amountOf(outcome, counts[outcome])).join(", ") })]
      : []),
    ...(newProblems === undefined
      ? []
      : [say("  problems: {fresh} new, {known} known", { fresh: newProblems, known: knownProblems ?? 0 })]),
    ...(code === undefined ? [] : [say("  ended by: {code}", { code })]),
  ];
}

function userLine(line: UserLine): string {
  return `  ${line.accountNumber}  ${userText(line)}`;
}
