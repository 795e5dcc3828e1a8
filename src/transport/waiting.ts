import { onAbort } from "./abort.ts";
import type { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import { aborted, timedOut } from "./failures.ts";

/** Waits. Rejects at once when the call is aborted. The caller has made sure that the deadline is further away. */
export async function sleep(ms: number, call: Call, clock: Clock): Promise<void> {
  throwIfAborted(call);
  await new Promise<void>((resolve, reject) => {
    const stop = onAbort(call.signal, () => {
      clock.clearTimeout(timer);
      reject(aborted(call));
    });
    const timer = clock.setTimeout(() => {
      stop();
      resolve();
    }, ms);
  });
}

/** Waits for something that other calls wait for too. Rejects when this call is aborted or its deadline has come. */
export function withinCall<T>(value: T | Promise<T>, call: Call, clock: Clock): T | Promise<T> {
  if (!(value instanceof Promise)) return value;
  return new Promise<T>((resolve, reject) => {
    const end = (): void => {
      clock.clearTimeout(timer);
      stop();
    };
    const leave = (error: unknown): void => {
      end();
      reject(error);
    };
    const stop = onAbort(call.signal, () => leave(aborted(call)));
    const left = Math.max(0, call.deadlineAt - clock.now());
    const timer = clock.setTimeout(() => leave(timedOut(call, true)), left);
    value.then(resolve, reject).finally(end);
    if (call.signal?.aborted) leave(aborted(call));
  });
}

export function throwIfAborted(call: Call): void {
  if (call.signal?.aborted) throw aborted(call);
}
