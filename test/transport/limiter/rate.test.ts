import fc from "fast-check";
import { expect, it } from "vitest";
import { AdaptiveRate } from "../../../src/transport/limiter/rate.ts";

it("the adaptive rate learns nothing from requests that were sent before the last refusal", () => {
  const rate = new AdaptiveRate(0.1, 0);
  for (let i = 0; i < 50; i += 1) rate.accepted(i, i);
  rate.refused(498, 500, 1500);
  const learned = rate.at(1500);
  for (const sentAt of [490, 495, 499]) rate.refused(sentAt, 502, 1500);
  expect(rate.at(1500)).toBe(learned);
  expect(learned).toBeLessThan(0.1);
});

it("the adaptive rate is not lowered if 429s stay as frequent although the client has slowed down", () => {
  const rate = new AdaptiveRate(0.1, 0);
  let now = 0;
  let paused = 0;
  for (let i = 0; i < 20; i += 1) {
    for (let sent = 0; sent < 20; sent += 1) {
      now += 1 / rate.at(now);
      rate.accepted(now, now);
    }
    now += 1 / rate.at(now);
    if (rate.refused(now, now, now + 1000)) {
      paused += 1;
      now += 1000;
    }
  }
  expect(rate.isUnrelated(now)).toBe(true);
  expect(rate.at(now)).toBe(0.1);
  expect(paused).toBeLessThanOrEqual(3);
});

it("the adaptive rate never exceeds the rateLimit, and never reaches 0", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 10, noNaN: true }),
      fc.array(
        fc.record({
          after: fc.integer({ min: 0, max: 5000 }),
          taken: fc.integer({ min: 0, max: 100 }),
          pause: fc.integer({ min: 0, max: 60_000 }),
        }),
        { maxLength: 40 },
      ),
      (own, refusals) => {
        const rate = new AdaptiveRate(own, 0);
        let now = 0;
        for (const { after, taken, pause } of refusals) {
          now += after;
          for (let i = 0; i < taken; i += 1) rate.accepted(now, now);
          rate.refused(now, now, now + pause);
          now += pause;
          for (const later of [0, 1, 1000, 100_000, 1e9]) {
            expect(rate.at(now + later)).toBeLessThanOrEqual(own);
            expect(rate.at(now + later)).toBeGreaterThanOrEqual(Math.min(own, 1 / 1_000));
          }
        }
      },
    ),
  );
});

it("the rate after a pause rises for twice its time, at least two seconds and at most half a minute", () => {
  for (const [pauseMs, riseMs] of [
    [100, 2_000],
    [3_000, 6_000],
    [3_600_000, 30_000],
  ] as const) {
    const rate = new AdaptiveRate(0.1, 0);
    for (let i = 0; i < 24; i += 1) rate.accepted(480, 480);
    expect(rate.refused(485, 490, 490 + pauseMs)).toBe(true);
    const [first, half, highest] = [0, riseMs / 2, riseMs].map((ms) => rate.at(490 + pauseMs + ms)) as [
      number,
      number,
      number,
    ];
    expect(half).toBeCloseTo((first + highest) / 2, 10);
    // At most 25 in half a second.
    expect(highest).toBeGreaterThan((0.95 * 25) / 500);
  }
});
