import { onTestFinished, vi } from "vitest";

// Time jumps to the next timer when no other work is left. Only with `fake.fetch`: real servers keep real time.
export function useVirtualTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  vi.setTimerTickMode("nextTimerAsync");
  onTestFinished(() => void vi.useRealTimers());
}
