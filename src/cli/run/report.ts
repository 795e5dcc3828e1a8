import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { type Command, Option } from "commander";
import type { SyncReport } from "oplead-sdk/sync";
import { errorCode } from "../../error-code.ts";
import { CommandError } from "../exit.ts";
import { type ConfigFlags, configFlags, formatFlag, list } from "../shell/flags.ts";

type ReportFormat = "text" | "json" | "markdown" | "csv";

/** Flags of the commands that send users. */
export interface RunFlags extends ConfigFlags {
  readonly format?: ReportFormat;
  readonly report?: readonly string[];
  readonly language: "en" | "fr";
}

export function runFlags(command: Command): Command {
  configFlags(command);
  formatFlag(command, "text", "json", "markdown", "csv");
  return command
    .option("--report <file>", "also write the report: .csv, .md, .json or .txt (can be repeated)", list)
    .addOption(new Option("--language <language>", "the language of a CSV report").choices(["en", "fr"]).default("en"));
}

/** What a report file is, by the ending of its name. */
const FORMATS: Readonly<Record<string, ReportFormat>> = {
  ".txt": "text",
  ".json": "json",
  ".md": "markdown",
  ".csv": "csv",
};

export function renderReport(report: SyncReport, format: ReportFormat, language: RunFlags["language"]): string {
  if (format === "json") return JSON.stringify(report, undefined, 2);
  if (format === "markdown") return report.toMarkdown();
  return format === "csv" ? report.rejectedCsv({ language }) : String(report);
}

/** Refuses names of which the form is not known: before a run, not after it. */
export function checkReportFiles(files: readonly string[]): void {
  for (const file of files) {
    if (FORMATS[extname(file).toLowerCase()] !== undefined) continue;
    throw new CommandError("usage", `--report ${file}: the name must end in ${Object.keys(FORMATS).join(", ")}.`);
  }
}

/** Gives what could not be written: the run is done, and its result must be told all the same. */
export function writeReportFiles(report: SyncReport, files: readonly string[], language: RunFlags["language"]) {
  return files.flatMap((file) => {
    const text = renderReport(report, FORMATS[extname(file).toLowerCase()] ?? "text", language);
    try {
      writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`);
      return [];
    } catch (error) {
      return [`The run is done, but its report could not be written to ${file} (${errorCode(error)}).`];
    }
  });
}
