import { onAbort } from "./abort.ts";
import type { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import { aborted, timedOut } from "./failures.ts";

/**
 * Calls one of the two back: after so long, or when the call is aborted before; at once if it is aborted already. Returns how
 * to call neither.
 */
export function timer(ms: number, call: Call, clock: Clock, onTime: () => void, onAborted: () => void): () => void {
  if (call.signal?.aborted) {
    onAborted();
    return () => {};
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

/** Waits. Rejects at once when the call is aborted. The caller has made sure that the deadline is further away. */
export function sleep(ms: number, call: Call, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    timer(ms, call, clock, resolve, () => reject(aborted(call)));
  });
}

/** Waits for something that other calls wait for too. Rejects when this call is aborted or its deadline has come. */
export function withinCall<T>(value: T | Promise<T>, call: Call, clock: Clock): T | Promise<T> {
  if (!(value instanceof Promise)) return value;
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => reject(aborted(call));
    const left = Math.max(0, call.deadlineAt - clock.now());
    const end = timer(left, call, clock, () => reject(timedOut(call, true)), leave);
    value.then(resolve, reject).finally(end);
  });
}

export function throwIfAborted(call: Call): void {
  if (call.signal?.aborted) throw aborted(call);
}
