import { OpleadError } from "../errors.ts";

/** How many milliseconds work goes on before other work of the process may run. */
const SLICE_MS = 5;

/** The part of a {@link TimeSlice} that a computation asks. */
export type Slice = Pick<TimeSlice, "isOver" | "next">;

/** Lets a long computation give way to requests, timers and signals: `if (slice.isOver) await slice.next();` in its loop. */
export class TimeSlice {
  /** The public function that works, as its errors name it. */
  readonly caller: string;
  readonly signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(caller = "planSync", signal?: AbortSignal) {
    this.caller = caller;
    this.signal = signal;
  }

  /** The first slice of a computation, unless its signal has been aborted before. */
  static async begin(caller: string, signal: AbortSignal | undefined): Promise<TimeSlice> {
    const slice = new TimeSlice(caller, signal);
    await slice.next();
    return slice;
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

/** A list in parts. Other work of the process may run between them. */
export async function* inParts<T>(list: readonly T[], slice: Slice, size = 100): AsyncGenerator<readonly T[], void> {
  for (let at = 0; at < list.length; at += size) {
    if (slice.isOver) await slice.next();
    yield size < list.length ? list.slice(at, at + size) : list;
  }
}
