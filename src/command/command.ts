/** The types of a command, the signals that end it, and the alerts that it sends at its end. */

import type { Command } from "commander";
import { type LoadedConfig, type NotifySettings, notifiers } from "oplead-sdk/config";
import type { FailedReport, Ledger, SyncReport } from "oplead-sdk/sync";
import { EXIT, type ExitCode } from "./exit.ts";
import { alertsBackup } from "./run/notes.ts";
import type { RunTrace } from "./run/trace.ts";
import { languageName, messageOf, say } from "./say.ts";
import type { Output } from "./shell/output.ts";

/** Runs a command, with the arguments and flags that commander has read. */
export type Action<Flags = never> = (context: Context, args: readonly string[], flags: Flags) => Promise<ExitCode>;

export interface Context extends Shell {
  /** The name of the command as it is typed: `ledger get`. */
  readonly command: string;
  /** The id of the run in the audit file. Ids sort by time: `20260131T021500Z-3f9a1c`. */
  readonly runId: string;
  /** Writes the lines that a run leaves in the audit; undefined for a command that runs no plan. */
  readonly trace?: RunTrace | undefined;
  /**
   * Where the command puts the config, the ledger and the report of its run, which its alerts need. Undefined if the
   * command sends no alerts.
   */
  readonly runEnd?: RunEnd | undefined;
}

/** The command's output and its handling of signals such as Ctrl-C, which all commands share. */
export interface Shell {
  readonly output: Output;
  readonly interrupts: Interrupts;
}

/** The exports of a command's file. The file is loaded when the command is called. */
export interface CommandModule {
  /** Declares arguments and options, and returns the action. */
  readonly define: (command: Command) => Action | Subcommands;
}

/** The subcommands of a command, each with its action. */
export type Subcommands = readonly (readonly [Command, Action])[];

export interface RunEnd {
  loaded?: LoadedConfig;
  /** The ledger of the run; undefined if it could not be opened. */
  ledger?: Ledger;
  report?: SyncReport;
  /**
   * Functions that close the ledger and everything else that is open. They run after the alerts, which need the ledger.
   */
  readonly closing: (() => void | Promise<void>)[];
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ctrl-C, SIGTERM and SIGHUP. The first signal ends the command in good order: see {@link Interrupts.signal}. A second
 * signal ends the process at once.
 */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #output: Output;
  #message = say("stopping");

  constructor(output: Output) {
    this.#output = output;
    for (const signal of SIGNALS) process.on(signal, () => this.#interrupt());
  }

  /** Aborted when the process gets its first signal to end, such as Ctrl-C. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

  /** At the first signal, shows the message and resolves. */
  wait(message: string): Promise<void> {
    this.#message = message;
    return new Promise((resolve) => {
      if (this.happened) resolve();
      this.signal.addEventListener("abort", () => resolve());
    });
  }

  #interrupt(): void {
    if (this.happened) {
      this.#output.note(say("stopped_at_once"));
      process.exit(EXIT.interrupted);
    }
    this.#output.note(`\n${this.#message}`);
    this.#controller.abort();
  }
}

/** Codes of failures that send no alert, because a person at a terminal caused them and reads the message there. */
const TOLD_THERE: ReadonlySet<string> = new Set(["usage", "not_confirmed"]);

/**
 * Sends alerts to the targets of the config after the report is written. If an alert cannot be sent, the command only
 * warns.
 */
export async function sendAlerts(
  { loaded, ledger, report }: RunEnd,
  failed: FailedReport | undefined,
  output: Output,
): Promise<void> {
  const ended = failed ?? report;
  if (!ended || !loaded || (failed && TOLD_THERE.has(failed.reason.code))) return;
  const { config } = loaded;
  const { OPLEAD_TEST_MODE } = process.env;
  if (config.client?.testMode ?? OPLEAD_TEST_MODE === "true") return;
  const settings = notifySettings(loaded);
  if (!settings) return;
  const { targets, ...options } = settings;
  const notify = notifiers(targets, {
    language: languageName(),
    ...options,
    ledger,
    backup: alertsBackup(loaded),
  });
  const problems = await notify(ended);
  for (const problem of problems) output.warn(messageOf(problem));
}

/** The option `notify` of a config; undefined if it names no targets. */
export function notifySettings({
  config,
  target,
}: LoadedConfig): (NotifySettings & { readonly target: string | undefined }) | undefined {
  const { notify } = config;
  if (notify === undefined) return undefined;
  const settings = "targets" in notify ? notify : { targets: notify };
  return { name: target ?? config.client?.platform, ...settings, target };
}
