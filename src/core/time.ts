import { OpleadError } from "./errors.ts";

/** The source of time and of random numbers. Tests replace it. */
export interface Clock {
  /** The time in milliseconds, from a clock that is never set back. */
  now(): number;
  /** The time in milliseconds since 1970, to compare with dates that a server sends. */
  date(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  /** A random number: 0 ≤ random < 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  // The cast is safe, because every handle was made by the `setTimeout` above.
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
};

/**
 * For each signal, the callbacks that one shared listener calls. Node warns of a leak from the eleventh listener on,
 * and a batch gives one signal to hundreds of calls.
 */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` when the signal is aborted. If the signal is aborted already, `callback` is never called. Returns a
 * function that stops listening.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return nothing;
  let set = listeners.get(signal);
  if (!set) {
    const created = new Set<() => void>();
    signal.addEventListener(
      "abort",
      () => {
        for (const listener of [...created]) listener();
      },
      { once: true },
    );
    listeners.set(signal, created);
    set = created;
  }
  // Each call adds a new function to the set, so that a callback that was given twice is called twice.
  const listener = (): void => callback();
  set.add(listener);
  return () => set.delete(listener);
}

function nothing(): void {}

/**
 * Calls `onTime` after `ms` milliseconds, or `onAborted` as soon as the signal is aborted, at once if it is aborted
 * already. Returns a function that cancels both.
 */
export function timer(
  ms: number,
  signal: AbortSignal | undefined,
  clock: Clock,
  onTime: () => void,
  onAborted: () => void,
): () => void {
  if (signal?.aborted) {
    onAborted();
    return nothing;
  }
  const end = (): void => {
    clock.clearTimeout(handle);
    stop();
  };
  const stop = onAbort(signal, () => {
    end();
    onAborted();
  });
  const handle = clock.setTimeout(() => {
    end();
    onTime();
  }, ms);
  return end;
}

/** Waits for `ms`. Returns false if the signal ended the wait. */
export function sleep(ms: number, signal?: AbortSignal, clock: Clock = systemClock): Promise<boolean> {
  return new Promise((resolve) => {
    timer(
      ms,
      signal,
      clock,
      () => resolve(true),
      () => resolve(false),
    );
  });
}

/**
 * Waits for a promise and returns its result. If the promise takes longer than `ms`, calls `onLate` and returns its
 * result, or throws its error.
 */
export function withLimit<T, Late>(
  result: Promise<T>,
  ms: number,
  onLate: () => Late,
  clock: Clock = systemClock,
): Promise<T | Late> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      try {
        resolve(onLate());
      } catch (error) {
        reject(error);
      }
    };
    const end = timer(ms, undefined, clock, giveUp, nothing);
    result.then(
      (value) => {
        end();
        resolve(value);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}

/** For how many milliseconds a loop blocks the process before other work may run. */
export const TURN_MS = 5;

/**
 * A long computation: the name of the public function that runs it, for error messages, and the signal that can end it.
 */
export interface LongWork {
  readonly caller: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Yields the items of a long loop, and lets requests, timers and signals run before the first item and then every few
 * milliseconds. It is meant for loops that take long with 20,000 users.
 *
 * @throws {@link OpleadError} `aborted` if the signal has been aborted.
 */
export async function* inTurns<T>(items: Iterable<T> | AsyncIterable<T>, work: LongWork): AsyncGenerator<T, void> {
  let since = Number.NEGATIVE_INFINITY;
  for await (const item of items) {
    if (performance.now() - since >= TURN_MS) {
      await giveWay(work);
      since = performance.now();
    }
    yield item;
  }
}

/**
 * Lets other work of the process run. Called between loops over all users: each loop is quick, but together they would
 * block the process.
 *
 * @throws {@link OpleadError} `aborted` if the signal has been aborted.
 */
export async function giveWay(work: LongWork): Promise<void> {
  await nextTurn();
  endIfAborted(work);
}

/**
 * Resolves after due timers and arrived data have been handled. A run time without `setImmediate` uses a timer, which
 * takes 1 ms longer.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));
}

/**
 * Waits until the data that has arrived on all connections was read. Work that came at the same time then goes on
 * together, step by step, which takes a third less processor time: the code of each step is still in the processor's
 * caches. A run time without `setImmediate` does not wait.
 */
export async function fallInStep(): Promise<void> {
  if ("setImmediate" in globalThis) await nextTurn();
}

/**
 * Throws if the signal of a long computation has been aborted.
 *
 * @throws {@link OpleadError} `aborted`.
 */
export function endIfAborted(work: LongWork): void {
  if (work.signal?.aborted) throw aborted(work);
}

/** The error for a computation that was aborted by the caller's signal. */
export function aborted({ caller, signal }: LongWork): OpleadError {
  return new OpleadError("aborted", `${caller}: ended by the caller's signal.`, { cause: signal?.reason });
}
