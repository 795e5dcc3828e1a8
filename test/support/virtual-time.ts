import { onTestFinished, vi } from "vitest";

/**
 * For the rest of the test, time jumps to the next timer whenever no other work is left. Minutes pass in milliseconds,
 * and `performance.now()` shows exactly how many. Only for clients that send through `fake.fetch`, because real servers
 * keep real time.
 */
export function useVirtualTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  vi.setTimerTickMode("nextTimerAsync");
  onTestFinished(() => void vi.useRealTimers());
}
