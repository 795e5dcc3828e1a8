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
