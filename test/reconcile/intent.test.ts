import { expect, it } from "vitest";
import { closed, isSettled, LONGEST_MS } from "../../src/reconcile/intent.ts";

const AT = 1_700_000_000_000;
const LATE_MS = 600_000;

it.each([
  [false, LATE_MS, false],
  [false, LATE_MS + 1, true],
  [true, LATE_MS + LONGEST_MS, false],
  [true, LATE_MS + LONGEST_MS + 1, true],
  // Clocks of machines differ, so a time slightly ahead is recent. A time far ahead was written with a wrong clock.
  [false, -300_000, false],
  [false, -86_400_000, true],
])("an intent (open: %s) is read %i ms after its time, and is settled: %s", (isOpen, afterMs, settled) => {
  expect(isSettled({ at: AT, open: isOpen || undefined }, AT + afterMs, LATE_MS)).toBe(settled);
});

it("an open intent is closed with the present time, because its requests may have been sent until now", () => {
  const creates = { at: AT, sent: true } as const;
  const now = AT + 5_000;
  expect(closed({ at: AT, open: true, creates }, now)).toEqual({ at: now, creates: { at: now, sent: true } });
  expect(closed({ at: AT, open: true }, now)).toEqual({ at: now });
  expect(closed({ at: AT, creates }, now)).toEqual({ at: AT, creates });
});
