import { type Command, Option } from "commander";
import { configFlags, formatFlag, list } from "../shell/flags.ts";

/** Flags of the commands that send users. */
export function runFlags(command: Command): Command {
  configFlags(command);
  formatFlag(command, "text", "json", "markdown", "csv");
  return command
    .option("--report <file>", "also write the report: .csv, .md, .json or .txt (can be repeated)", list)
    .addOption(new Option("--language <language>", "the language of a CSV report").choices(["en", "fr"]).default("en"));
}
