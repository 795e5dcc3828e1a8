import { expect, it } from "vitest";
import { AdaptiveRate } from "../../../src/transport/limiter/rate.ts";

function accept(rate: AdaptiveRate, count: number, now: number, startedAt = now) {
  for (let i = 0; i < count; i += 1) rate.accepted(startedAt, now);
}

// 24 accepted, one refused after 490 ms: at most 25 in 500 ms, at least 23 in 480 ms and a second.
function refusedOnce(pauseMs = 0) {
  const rate = new AdaptiveRate(0.1, 0);
  accept(rate, 24, 480);
  expect(rate.refused(485, 490, 490 + pauseMs)).toBe(true);
  return rate;
}

const LOWER = 23 / 1_490;
const UPPER = 25 / 500;

function expectBetween(rate: number, lower: number, upper: number) {
  expect(rate).toBeGreaterThan(lower);
  expect(rate).toBeLessThan(upper);
}

const expectJustBelow = (rate: number, bound: number) => expectBetween(rate, 0.95 * bound, bound);

it("the rate after a 429 starts between its bounds, reaches the upper in 2 s, and doubles every 28 s", () => {
  const rate = refusedOnce();
  const [first, highest] = [rate.at(490), rate.at(2_490)];
  expectBetween(first, LOWER, UPPER);
  expect(rate.at(1_490)).toBeCloseTo((first + highest) / 2, 10);
  expectJustBelow(highest, UPPER);
  expect(rate.at(16_490)).toBeCloseTo(highest * Math.SQRT2, 10);
  expect(rate.at(30_490)).toBeCloseTo(Math.min(0.1, highest * 2), 10);
  expect(rate.at(31_490)).toBe(0.1);
});

it("the rate after a pause rises for twice its time, at least two seconds and at most half a minute", () => {
  const rises = (pauseMs: number, riseMs: number) => {
    const rate = refusedOnce(pauseMs);
    const [first, half, highest] = [0, riseMs / 2, riseMs].map((ms) => rate.at(490 + pauseMs + ms)) as number[];
    expect(half).toBeCloseTo(((first as number) + (highest as number)) / 2, 10);
    expectJustBelow(highest as number, UPPER);
  };
  rises(100, 2_000);
  rises(3_000, 6_000);
  rises(3_600_000, 30_000);
});

it("a 429 at a rate that seemed safe slows the client down until fifty later requests were accepted", () => {
  const rate = refusedOnce();
  accept(rate, 80, 2_400);
  // Without a pause, 81 requests in two seconds are both bounds.
  expect(rate.refused(2_480, 2_490, 12_490)).toBe(false);
  const slower = rate.at(2_490);
  expectBetween(slower, 0.5 * (81 / 2_000), 0.9 * (81 / 2_000));
  expect(rate.at(100_000)).toBe(slower);
  accept(rate, 30, 3_000, 2_489);
  accept(rate, 49, 4_000, 2_490);
  expect(rate.at(5_000)).toBe(slower);
  accept(rate, 1, 5_000);
  for (const now of [5_000, 7_000]) expectJustBelow(rate.at(now), 81 / 2_000);

  // Acceptances during the doubt count in the lower bound only: the bucket may have filled up.
  accept(rate, 80, 6_900);
  expect(rate.refused(6_950, 7_000, 7_000)).toBe(false);
  accept(rate, 50, 8_000);
  expectBetween(rate.at(8_000), (30 + 50 + 80 - 1) / (1_900 + 2_510), 81 / 2_000);
});

it("a 429 of doubtful cause slows the client until twice as many requests as before were accepted", () => {
  for (const [before, needed] of [
    [4, 10],
    [12, 24],
  ] as const) {
    const rate = refusedOnce();
    const now = 490 + 20 * before;
    accept(rate, before, now);
    rate.refused(now, now, now);
    const slower = rate.at(now);
    accept(rate, needed - 1, 2_000);
    expect(rate.at(2_000)).toBe(slower);
    accept(rate, 1, 2_000);
    expect(rate.at(2_000)).not.toBe(slower);
  }
});

it("the third 429 in a row starts a pause, after which the rate rises anew", () => {
  const rate = refusedOnce();
  expect(rate.refused(500, 600, 2_600)).toBe(false);
  expect(rate.refused(610, 700, 1_200)).toBe(true);
  expectBetween(rate.at(1_200), LOWER, UPPER);
  expectJustBelow(rate.at(3_200), UPPER);
  // The bucket may have filled up since the first 429.
  accept(rate, 80, 3_100);
  rate.refused(3_150, 3_200, 3_200);
  accept(rate, 50, 4_500);
  expectBetween(rate.at(4_500), 79 / (1_900 + 710), 81 / 2_000);
});

// The bucket may have filled up in the pause, so the bounds are far apart.
function refusedTwice() {
  const rate = refusedOnce(1_000);
  accept(rate, 20, 1_890);
  const before = rate.at(1_940);
  expect(rate.refused(1_900, 1_940, 2_940)).toBe(false);
  expect(rate.at(1_940)).toBeCloseTo(before, 10);
  return rate;
}

it("a second 429 soon after one with bounds far apart gives close bounds", () => {
  const rate = refusedTwice();
  accept(rate, 4, 2_140);
  const before = rate.at(2_160);
  const upper = 5 / 220;
  expect(upper).toBeLessThan(before);
  expect(rate.refused(2_145, 2_160, 2_160)).toBe(false);
  expectBetween(rate.at(2_160), 0.5 * upper, 0.9 * upper);
  accept(rate, 50, 5_000);
  // Three requests in 200 ms.
  expectBetween(rate.at(5_000), 3 / 200, upper);
});
