import { type Command, InvalidArgumentError, Option } from "commander";
import type { Text } from "../texts/fr/texts.ts";
import { say } from "../texts/say.ts";

/** Flags of every command that gives a result. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Flags of every command that reads the config. */
export interface ConfigFlags extends OutputFlags {
  readonly config?: string;
  readonly target?: string;
  readonly tokenStdin?: boolean;
}

/** Where a config is looked for. */
export const CONFIG_FILES = "oplead.config.{ts,mts,js,mjs}";

export function outputFlags(command: Command): Command {
  return (
    command
      .option("--json", say("write the result as JSON, also a failure"))
      .option("-q, --quiet", say("write the result and errors only"))
      // It is read before the arguments, because it decides in which language they are declared.
      .addOption(
        new Option(
          "--language <language>",
          say("the language of all texts; JSON and codes stay as they are (default: OPLEAD_LANGUAGE, then the locale)"),
        ).choices(["en", "fr"]),
      )
  );
}

export function configFlags(command: Command): Command {
  outputFlags(command)
    .option("-c, --config <file>", say("the config file (default: {files})", { files: CONFIG_FILES }))
    .option("-t, --target <name>", say('a target of the config; "fake" is a fake Oplead in this process'))
    .option("--token-stdin", say("read the API token from standard input"));
  return command;
}

/** Makes commands that belong to a command and read the config. */
export function subcommand(command: Command): (usage: string, summary: string) => Command {
  return (usage, summary) => configFlags(command.command(usage).description(summary).copyInheritedSettings(command));
}

/** Help of `--html`, the same in each command that plans, runs or shows a plan. */
export const HTML: Text = "also write it as a page for the person who approves; it loads nothing from anywhere";

/** Help of `--source`, the same in each command that plans. */
export const SOURCE: Text = "read this CSV, Excel or JSON file in place of the config's source, to take back a bad run";

/** Help of `--full`, the same in each command that plans. */
export const FULL: Text = "read the whole source, where the config asks for changes only (incremental)";

export function numberIn(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(
      say("It must be a whole number from {min} to {max}.", { min: String(min), max: String(max) }),
    );
  };
}

/** Paragraphs below the options in a command's help, wrapped as commander wraps the rest of it. */
export function helpNote(command: Command, text: string): void {
  const width = (): number => command.configureOutput().getOutHelpWidth?.() ?? 80;
  command.addHelpText("after", () => `\n${command.createHelp().boxWrap(text, width())}`);
}
