import { OpleadError } from "../base/errors.ts";

/** Work goes on for so many milliseconds before other work of the process gets a turn. */
const SLICE_MS = 5;

/** Lets a long computation give way to requests, timers and signals: `if (turns.due) await turns.give();` in its loop. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether the computation has run long enough. */
  get due(): boolean {
    return performance.now() - this.#since >= SLICE_MS;
  }

  /** @throws {@link OpleadError} `aborted` if the signal has been aborted. */
  async give(): Promise<void> {
    // Timers and arrived data come first. Where there is no setImmediate, a timer does the same and takes 1 ms longer.
    await new Promise<void>((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));
    if (this.#signal?.aborted) throw aborted(this.#signal);
    this.#since = performance.now();
  }
}

/** What {@link planSync} throws when its signal ends it. */
export function aborted(signal: AbortSignal | undefined): OpleadError {
  return new OpleadError("aborted", "planSync: ended by the caller's signal.", { cause: signal?.reason });
}
