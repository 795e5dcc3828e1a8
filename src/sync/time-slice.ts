import { OpleadError } from "../base/errors.ts";

/** How many milliseconds work goes on before other work of the process may run. */
const SLICE_MS = 5;

/** The public function that works, as its errors name it. */
export type Caller = "planSync" | "syncUsers" | "apply";

/** Lets a long computation give way to requests, timers and signals: `if (slice.isOver) await slice.next();` in its loop. */
export class TimeSlice {
  readonly caller: Caller;
  readonly signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(caller: Caller = "planSync", signal?: AbortSignal) {
    this.caller = caller;
    this.signal = signal;
  }

  /** Whether the computation has run long enough. */
  get isOver(): boolean {
    return performance.now() - this.#since >= SLICE_MS;
  }

  /** @throws {@link OpleadError} `aborted` if the signal has been aborted. */
  async next(): Promise<void> {
    // Timers and arrived data come first. Where there is no setImmediate, a timer does the same and takes 1 ms longer.
    await new Promise<void>((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));
    if (this.signal?.aborted) throw this.aborted();
    this.#since = performance.now();
  }

  /** The error of a computation that the signal ends. */
  aborted(): OpleadError {
    const message = `${this.caller}: ended by the caller's signal.`;
    return new OpleadError("aborted", message, { cause: this.signal?.reason });
  }
}
