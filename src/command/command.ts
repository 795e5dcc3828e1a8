import type { Command } from "commander";
import type { Ledger, SyncReport } from "oplead-sdk/sync";
import type { LoadedConfig } from "#parts";
import { EXIT, type ExitCode } from "./exit.ts";
import type { RunTrace } from "./run/trace.ts";
import { say } from "./say.ts";
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
  // Paths that alerts name.
  readonly files: readonly string[];
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
