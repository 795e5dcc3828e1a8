import { Command } from "commander";
import { runFlags } from "../../src/cli/run/report.ts";
import { configFlags } from "../../src/cli/shell/flags.ts";
import { type ListedCommand, listCommands } from "../docs/commands.ts";

export interface CommandCounts {
  readonly commands: number;
  readonly subcommands: number;
  /** The command with the most flags of its own. */
  readonly most: { readonly path: string; readonly flags: number };
}

/** Flags of its own are those that a command does not share: not of every command (`--json`), of the config, or of runs (`--report`). */
export async function countCommands(): Promise<CommandCounts> {
  const shared = new Set(
    [...runFlags(new Command()).options, ...configFlags(new Command()).options].map(({ long }) => long),
  );
  const listed = await listCommands();
  const flagsOf = ({ path, command }: ListedCommand) => ({
    path,
    flags: command.options.filter(({ long }) => !shared.has(long)).length,
  });
  const [most = { path: "", flags: 0 }] = listed.map(flagsOf).sort((a, b) => b.flags - a.flags);
  const subcommands = listed.filter(({ parent }) => parent !== undefined).length;
  return { commands: listed.length - subcommands, subcommands, most };
}
