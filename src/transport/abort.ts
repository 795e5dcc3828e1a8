import type { Clock } from "../base/clock.ts";
import type { Call } from "./call.ts";

/**
 * One listener per signal, however many calls share it. Node warns of a leak from the eleventh listener on, and a batch
 * gives one signal to hundreds of calls.
 */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when the signal is aborted; returns how to stop listening. Not called for a signal already aborted. */
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
  set.add(callback);
  return () => set.delete(callback);
}

function nothing(): void {}

/**
 * Calls one of the two back: after so long, or when the call is aborted before; at once if it is aborted already. Returns how
 * to call neither.
 */
export function timer(ms: number, call: Call, clock: Clock, onTime: () => void, onAborted: () => void): () => void {
  if (call.signal?.aborted) {
    onAborted();
    return nothing;
  }
  const end = (): void => {
    clock.clearTimeout(handle);
    stop();
  };
  const stop = onAbort(call.signal, () => {
    end();
    onAborted();
  });
  const handle = clock.setTimeout(() => {
    end();
    onTime();
  }, ms);
  return end;
}
