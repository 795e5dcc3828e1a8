import { expect, it } from "vitest";
import { LocalShare } from "../../src/redis/rate.ts";
import { FakeClock } from "../support/fake-clock.ts";

it("a client that cannot share the rate gets a slot per interval, used only by callers who can wait", () => {
  const share = new LocalShare(100, new FakeClock());
  expect(share.reserve(0)).toBe(0);
  expect(share.reserve(99)).toBe(100);
  expect(share.reserve(100)).toBe(100);
  expect(share.reserve(199)).toBe(200);
  expect(share.reserve(1_000)).toBe(200);
});

it("a client without Redis gets no slot in a pause, which no shorter pause ends", () => {
  const clock = new FakeClock();
  const share = new LocalShare(100, clock);
  share.pause(10);
  expect(share.reserve(0)).toBe(100);
  share.pause(500);
  share.pause(200);
  expect(share.reserve(0)).toBe(500);
  clock.sleep(700);
  expect(share.reserve(0)).toBe(0);
});
