import { expect, it } from "vitest";
import { LocalShare } from "../../src/redis/rate.ts";
import { FakeClock } from "../support/fake-clock.ts";

it("a client's own share gives one slot in each interval, and uses a slot only if the caller waits long enough for it", () => {
  const share = new LocalShare(100, new FakeClock());
  expect(share.reserve(0)).toBe(0);
  expect(share.reserve(99)).toBe(100);
  expect(share.reserve(100)).toBe(100);
  expect(share.reserve(199)).toBe(200);
  expect(share.reserve(1_000)).toBe(200);
});

it("during a pause, a client's own share of the limit gives no slot; the pause lasts for the interval between two slots or longer, and a shorter second pause does not end it earlier", () => {
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
