import { EXIT } from "../exit.ts";
import { say } from "../texts/say.ts";
import type { Output } from "./output.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ctrl-C, SIGTERM and SIGHUP. The first ends the command in good order: see {@link Interrupts.signal}. The second ends the
 * process at once.
 */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #output: Output;
  #message = say("stopping");

  constructor(output: Output) {
    this.#output = output;
    for (const signal of SIGNALS) process.on(signal, () => this.#interrupt());
  }

  /** Aborted at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

  /** Resolves at the first signal. The message is what the command says then. */
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
