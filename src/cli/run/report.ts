import { extname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { SyncReport } from "oplead-sdk/sync";
import { type ConfigFlags, configFlags, formatFlag } from "../shell/flags.ts";
import { writePrivateFile } from "../shell/write-file.ts";

type ReportFormat = "text" | "json" | "markdown" | "csv";

/** Flags of the commands that send users. */
export interface RunFlags extends ConfigFlags {
  readonly format: ReportFormat;
  readonly report?: readonly string[];
  readonly language: "en" | "fr";
}

export function runFlags(command: Command): Command {
  configFlags(command);
  formatFlag(command, "text", "json", "markdown", "csv");
  return command
    .option("--report <file>", "also write the report: .csv, .md, .json or .txt (can be repeated)", reportFiles)
    .addOption(new Option("--language <language>", "the language of a CSV report").choices(["en", "fr"]).default("en"));
}

/** The format of a report file, by the ending of its name. */
const FORMATS: Readonly<Record<string, ReportFormat>> = {
  ".txt": "text",
  ".json": "json",
  ".md": "markdown",
  ".csv": "csv",
};

export function renderReport(report: SyncReport, format: ReportFormat, language: RunFlags["language"]): string {
  if (format === "json") return JSON.stringify(report, undefined, 2);
  if (format === "markdown") return report.toMarkdown();
  return format === "csv" ? report.problemCsv({ language }) : String(report);
}

const formatOf = (file: string): ReportFormat | undefined => FORMATS[extname(file).toLowerCase()];

/** Reads one `--report`, after those before it. A name of which the form is not known is refused before a run. */
function reportFiles(file: string, before: readonly string[] = []): string[] {
  if (formatOf(file)) return [...before, file];
  throw new InvalidArgumentError(`The name must end in ${Object.keys(FORMATS).join(", ")}.`);
}

export function writeReport(report: SyncReport, file: string, language: RunFlags["language"]): void {
  const text = renderReport(report, formatOf(file) ?? "text", language);
  writePrivateFile(file, text.endsWith("\n") ? text : `${text}\n`);
}
