import type { Command } from "commander";
import { type NotifySettings, notifiers } from "oplead-sdk/config";
import type { FailedReport, Ledger, SyncReport } from "oplead-sdk/sync";
import type { LoadedConfig } from "#parts";
import { EXIT, type ExitCode } from "./exit.ts";
import { alertsBackup } from "./run/notes.ts";
import type { RunTrace } from "./run/trace.ts";
import { languageName, messageOf, say } from "./say.ts";
import type { Output } from "./shell/output.ts";

export type Action<Flags = never> = (context: Context, args: readonly string[], flags: Flags) => Promise<ExitCode>;

export interface Context extends Shell {
  readonly command: string;
  // Ids sort by time: `20260131T021500Z-3f9a1c`.
  readonly runId: string;
  // Undefined for a command that runs no plan.
  readonly trace?: RunTrace | undefined;
  // The run fills it for its alerts. Undefined if the command sends no alerts.
  readonly runEnd?: RunEnd | undefined;
}

export interface Shell {
  readonly output: Output;
  readonly interrupts: Interrupts;
}

export interface CommandModule {
  // The file of a command is loaded when the command is called.
  readonly define: (command: Command) => Action | Subcommands;
}

export type Subcommands = readonly (readonly [Command, Action])[];

export interface RunEnd {
  loaded?: LoadedConfig;
  ledger?: Ledger;
  report?: SyncReport;
  // Tasks that run after the alerts, because alerts need the ledger.
  readonly closing: (() => void | Promise<void>)[];
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

// The first signal stops the command in good order, the second ends the process at once.
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #output: Output;
  #message = say("stopping");

  constructor(output: Output) {
    this.#output = output;
    for (const signal of SIGNALS) process.on(signal, () => this.#interrupt());
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

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

// Failures that send no alert: a person at a terminal caused them, and sees them there.
const TOLD_THERE: ReadonlySet<string> = new Set(["usage", "not_confirmed"]);

// An alert that cannot be sent is only a warning.
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

export function notifySettings({
  config,
  target,
}: LoadedConfig): (NotifySettings & { readonly target: string | undefined }) | undefined {
  const { notify } = config;
  if (notify === undefined) return undefined;
  const settings = "targets" in notify ? notify : { targets: notify };
  return { name: target ?? config.client?.platform?.name, ...settings, target };
}
