import type { Command } from "commander";
import type { ExitCode } from "./exit.ts";
import type { RunEnd } from "./run/alerts.ts";
import type { RunTrace } from "./run/trace.ts";
import type { Interrupts } from "./shell/interrupts.ts";
import type { Output } from "./shell/output.ts";

/** The parts of the process that all commands share. */
export interface Shell {
  readonly output: Output;
  readonly interrupts: Interrupts;
}

export interface Context extends Shell {
  /** The words of the command: `ledger get`. */
  readonly command: string;
  /** Tells the runs in an audit file apart, and sorts by time: `20260131T021500Z-3f9a1c`. */
  readonly runId: string;
  /** The trace that a command which runs a plan leaves in the audit. */
  readonly trace?: RunTrace;
  /** Facts for its alerts, if alerts tell of this command. */
  readonly runEnd?: RunEnd;
}

/** Runs a command. Arguments and flags are what commander read. */
export type Action<Flags = never> = (context: Context, args: readonly string[], flags: Flags) => Promise<ExitCode>;

/** The commands inside a command, each with what it does. */
export type Subcommands = readonly (readonly [Command, Action])[];

/** The exports of a command file. It is loaded when the command is used. */
export interface CommandModule {
  /** Declares arguments and options, and returns what runs. */
  readonly define: (command: Command) => Action | Subcommands;
}
