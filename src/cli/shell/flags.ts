import { type Command, Option } from "commander";
import { say, told } from "../texts/say.ts";
import { WrongValue } from "./program.ts";

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
      .option("--json", say("option_json"))
      .option("-q, --quiet", say("option_quiet"))
      // It is read before the arguments, because it decides in which language they are declared.
      .addOption(new Option("--language <language>", say("option_language")).choices(["en", "fr"]))
  );
}

export function configFlags(command: Command): Command {
  outputFlags(command)
    .option("-c, --config <file>", say("option_config", { files: CONFIG_FILES }))
    .option("-t, --target <name>", say("option_target"))
    .option("--token-stdin", say("option_token_stdin"));
  return command;
}

/** Makes commands that belong to a command and read the config. */
export function subcommand(command: Command): (usage: string, summary: string) => Command {
  return (usage, summary) => configFlags(command.command(usage).description(summary).copyInheritedSettings(command));
}

export function numberIn(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new WrongValue(told("number_expected", { min: String(min), max: String(max) }));
  };
}

/** Paragraphs below the options in a command's help, wrapped as commander wraps the rest of it. */
export function helpNote(command: Command, text: string): void {
  const width = (): number => command.configureOutput().getOutHelpWidth?.() ?? 80;
  command.addHelpText("after", () => `\n${command.createHelp().boxWrap(text, width())}`);
}
