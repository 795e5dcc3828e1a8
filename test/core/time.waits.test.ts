import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { onAbort, sleep, withLimit } from "../../src/core/time.ts";
import { FakeClock } from "../support/fake-clock.ts";

it("withLimit gives the result of a promise that settles in time, and leaves no timer", async () => {
  const clock = new FakeClock();
  expect(await withLimit(Promise.resolve(7), 100, () => "late", clock)).toBe(7);
  await expect(withLimit(Promise.reject(new Error("no")), 100, () => "late", clock)).rejects.toThrow("no");
  expect(clock.pending).toBe(0);
});

it("once the limit has passed, withLimit gives the result of onLate or throws its error", async () => {
  const clock = new FakeClock();
  const never = new Promise<number>(() => {});
  const late = withLimit(never, 100, () => "late", clock);
  const failure = withLimit(
    never,
    100,
    () => {
      throw new Error("too late");
    },
    clock,
  );
  await Promise.all([clock.advance(100), expect(failure).rejects.toThrow("too late")]);
  expect(await late).toBe("late");
  expect(clock.pending).toBe(0);
});

it("the result of sleep says whether the wait lasted its time or the signal ended it", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const whole = sleep(100, stop.signal, clock);
  await clock.advance(100);
  expect(await whole).toBe(true);
  const cut = sleep(100, stop.signal, clock);
  stop.abort();
  expect(await cut).toBe(false);
  expect(await sleep(100, stop.signal, clock)).toBe(false);
  expect(clock.pending).toBe(0);
});

it("onAbort adds one listener to a signal that hundreds of calls share", () => {
  const stop = new AbortController();
  let called = 0;
  const count = () => {
    called += 1;
  };
  const leave = Array.from({ length: 300 }, () => onAbort(stop.signal, count));
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
  for (const each of leave.slice(100)) each();
  stop.abort();
  expect(called).toBe(100);
});
