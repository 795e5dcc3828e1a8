import { type Clock, systemClock } from "./clock.ts";

/**
 * One listener per signal, shared by all calls with that signal. Node warns of a leak from the eleventh listener on, and a
 * batch gives one signal to hundreds of calls.
 */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `callback` when the signal is aborted, not if it is aborted already. Returns a function that stops listening. */
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
  // Its own function, so that a callback that is given twice is called twice.
  const listener = (): void => callback();
  set.add(listener);
  return () => set.delete(listener);
}

function nothing(): void {}

/**
 * Calls `onTime` after `ms`, or `onAborted` if the signal is aborted before, at once if it is aborted already. Returns a
 * function that cancels both.
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

/** Waits. False if the signal ended the wait. */
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

/** The result of a promise, or what `onLate` returns or throws if the promise takes longer than `ms`. */
export async function withLimit<T, Late>(
  result: Promise<T>,
  ms: number,
  onLate: () => Late,
  clock: Clock = systemClock,
): Promise<T | Late> {
  let end = nothing;
  const late = new Promise<void>((resolve) => {
    end = timer(ms, undefined, clock, resolve, nothing);
  });
  try {
    return await Promise.race([result, late.then(onLate)]);
  } finally {
    end();
  }
}
