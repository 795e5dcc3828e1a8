import { OpleadError } from "./errors.ts";

// The clock and timers of the package. Tests replace them.
export interface Clock {
  // Time of a monotonic clock, in ms.
  now(): number;
  // Milliseconds since 1970, to compare with dates that a server sends.
  date(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  // 0 ≤ random < 1.
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  // Safe: every handle comes from the `setTimeout` above.
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
};

// A signal gets only one listener: a batch gives one signal to hundreds of calls, and Node warns of a leak from the
// eleventh listener on.
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

// The callback is never called for a signal that is aborted already.
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
  // The listener is a new function, so that a callback that was given twice is called twice.
  const listener = (): void => callback();
  set.add(listener);
  return () => set.delete(listener);
}

function nothing(): void {}

// `onAborted` is called at once if the signal is aborted already.
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

// Resolves to false if the signal ended the wait.
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

// Measures by the larger of two clocks: a monotonic clock stands still while the machine sleeps, and the wall clock may
// be set back.
export function stopwatch(clock: Pick<Clock, "now" | "date"> = systemClock): () => number {
  const [now, date] = [clock.now(), clock.date()];
  return () => Math.max(clock.now() - now, clock.date() - date);
}

// Milliseconds for which a loop may block the process.
export const TURN_MS = 5;

export interface LongWork {
  readonly caller: string;
  readonly signal: AbortSignal | undefined;
}

// Lets other work run during loops that take long with 20,000 users.
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

// Lets other work run between loops over all users, which together would block the process.
export async function giveWay(work: LongWork): Promise<void> {
  await nextTurn();
  endIfAborted(work);
}

// Uses `setImmediate` where it exists, because a timer takes 1 ms longer.
function nextTurn(): Promise<void> {
  return new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));
}

// Keeps work together that came together: it takes a third less processor time, as the code of a step stays in the
// caches.
export async function fallInStep(): Promise<void> {
  if ("setImmediate" in globalThis) await nextTurn();
}

export function endIfAborted(work: LongWork): void {
  if (work.signal?.aborted) throw aborted(work);
}

export function aborted({ caller, signal }: LongWork): OpleadError {
  return new OpleadError("aborted", `${caller}: ended by the caller's signal.`, { cause: signal?.reason });
}
