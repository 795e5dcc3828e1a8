import { onTestFinished, vi } from "vitest";

/**
 * For the rest of the test, time jumps to the next timer whenever nothing else is left to do: minutes pass in milliseconds, and
 * `performance.now()` tells exactly how many. For clients that send through `fake.fetch`; real servers do not take part.
 */
export function useVirtualTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  vi.setTimerTickMode("nextTimerAsync");
  onTestFinished(() => void vi.useRealTimers());
}
