import type { Context } from "./context.ts";

/** Resolves at the first signal: how a server is meant to end. */
export function untilStopped({ interrupts }: Context, message: string): Promise<void> {
  interrupts.message = message;
  return new Promise((resolve) => {
    if (interrupts.happened) resolve();
    interrupts.signal.addEventListener("abort", () => resolve());
  });
}
