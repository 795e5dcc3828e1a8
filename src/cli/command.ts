import type { Command } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import type { Context } from "./shell/context.ts";

/** What a command file exports. It is loaded when the command is used. */
export interface CommandModule {
  /** Declares arguments and options, and returns what runs: one action, or one for each subcommand. */
  readonly define: (command: Command) => Action | readonly (readonly [Command, Action])[];
}

/** Runs a command. The arguments are what commander read. */
export type Action = (context: Context, args: readonly string[], options: never) => Promise<ExitCode | undefined>;

/** A command in the list. */
export interface CommandEntry {
  readonly name: string;
  /** Under which heading the help shows it. */
  readonly group: "Start" | "Runs" | "Rules" | "Webhook and queue";
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}
