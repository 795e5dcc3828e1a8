import { expect, it } from "vitest";
import { AdaptiveRate } from "../../../src/transport/limiter/rate.ts";

/** Acceptances at a moment, of requests that started then or at another one. */
function accept(rate: AdaptiveRate, count: number, now: number, startedAt = now): void {
  for (let i = 0; i < count; i += 1) rate.accepted(startedAt, now);
}

/**
 * 24 requests are accepted, and one is refused after 490 ms. With the head start of 10 ms that is 25 in 500 ms, so the server
 * allows 50 a second at most; and 23 in 1.5 s at least, if its bucket held a second's worth.
 */
function refusedOnce(pauseMs = 0): AdaptiveRate {
  const rate = new AdaptiveRate(0.1, 0);
  accept(rate, 24, 480);
  expect(rate.refused(485, 490, 490 + pauseMs)).toBe(true);
  return rate;
}

/** What is tried first between two bounds: three fifths of the way up, and a hundredth less. */
const between = (lower: number, upper: number): number => 0.99 * (lower + 0.6 * (upper - lower));
const FIRST = between(23 / 1_500, 0.05);
const HIGHEST = 0.99 * 0.05;

it("after a 429 the rate begins between its bounds, is at the upper one in two seconds, and doubles every ten seconds", () => {
  const rate = refusedOnce();
  expect(rate.at(490)).toBeCloseTo(FIRST, 10);
  expect(rate.at(1_490)).toBeCloseTo((FIRST + HIGHEST) / 2, 10);
  expect(rate.at(2_490)).toBeCloseTo(HIGHEST, 10);
  expect(rate.at(7_490)).toBeCloseTo(HIGHEST * Math.SQRT2, 10);
  expect(rate.at(12_490)).toBe(Math.min(0.1, HIGHEST * 2));
  expect(rate.at(13_490)).toBe(0.1);
});

it("after a pause the rise takes ten times as long as the pause, and half a minute at most", () => {
  const rises = (pauseMs: number, riseMs: number) => {
    const rate = refusedOnce(pauseMs);
    expect(rate.at(490 + pauseMs + riseMs / 2)).toBeCloseTo((FIRST + HIGHEST) / 2, 10);
    expect(rate.at(490 + pauseMs + riseMs)).toBeCloseTo(HIGHEST, 10);
  };
  rises(100, 2_000);
  rises(1_000, 10_000);
  rises(3_600_000, 30_000);
});

it("a 429 at a rate that seemed safe is doubted: the client goes slower until fifty later requests were accepted", () => {
  const rate = refusedOnce();
  accept(rate, 80, 2_400);
  // 81 in two seconds at most, and 79 in two seconds at least, because there was no pause.
  expect(rate.refused(2_480, 2_490, 12_490)).toBe(false);
  const slower = 0.75 * (79 / 2_000);
  for (const now of [2_490, 100_000]) expect(rate.at(now)).toBeCloseTo(slower, 10);
  accept(rate, 30, 3_000, 2_489);
  accept(rate, 49, 4_000, 2_490);
  expect(rate.at(5_000)).toBeCloseTo(slower, 10);
  accept(rate, 1, 5_000);
  expect(rate.at(5_000)).toBeCloseTo(between(79 / 2_000, 81 / 2_000), 10);
  expect(rate.at(7_000)).toBeCloseTo(0.99 * (81 / 2_000), 10);

  // What was accepted during the doubt counts in the lower bound only, for which the server's bucket may have filled up.
  accept(rate, 80, 6_900);
  expect(rate.refused(6_950, 7_000, 7_000)).toBe(false);
  accept(rate, 50, 8_000);
  expect(rate.at(8_000)).toBeCloseTo(between((30 + 50 + 80 - 1) / (2_000 + 2_510), 0.99 * (81 / 2_000)), 10);
});

it("a 429 at more than the rate that was refused last is expected, and gives new bounds at once", () => {
  const rate = refusedOnce();
  accept(rate, 280, 7_400);
  rate.refused(7_450, 7_490, 7_490);
  expect(rate.at(7_490)).toBeCloseTo(between(279 / 7_000, 281 / 7_000), 10);
});

it("a doubt is settled by twice as many acceptances as came before the 429, and ten at least", () => {
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

it("a 429 after fewer than four acceptances teaches nothing, and asks for no pause", () => {
  const [untaught, third, fourth] = [refusedOnce(), refusedOnce(), refusedOnce()];
  accept(third, 3, 520);
  expect(third.refused(530, 570, 2_570)).toBe(false);
  for (const now of [1_000, 2_000, 20_000]) expect(third.at(now)).toBe(untaught.at(now));
  accept(fourth, 4, 520);
  fourth.refused(530, 570, 2_570);
  expect(fourth.at(1_000)).toBeLessThan(untaught.at(1_000));
});

it("the third 429 in a row is waited for, and the rate rises anew after its pause", () => {
  const rate = refusedOnce();
  expect(rate.refused(500, 600, 2_600)).toBe(false);
  expect(rate.refused(610, 700, 5_700)).toBe(true);
  expect(rate.at(5_700)).toBeCloseTo(FIRST, 10);
  expect(rate.at(7_700)).toBeCloseTo(HIGHEST, 10);
  // The server's bucket could fill up from the first 429 on.
  accept(rate, 80, 7_600);
  rate.refused(7_650, 7_700, 7_700);
  accept(rate, 50, 9_000);
  expect(rate.at(9_000)).toBeCloseTo(between(79 / (2_000 + 5_210), 81 / 2_000), 10);
});

it("the third 429 in a row that asks for no pause lowers the rate", () => {
  const rate = refusedOnce();
  expect(rate.refused(500, 600, 600)).toBe(false);
  expect(rate.refused(610, 700, 700)).toBe(true);
  expect(rate.at(700)).toBeLessThan(FIRST / 2);
});

it("a pause is waited for if many 429s came lately, although some requests were accepted since", () => {
  const rate = refusedOnce();
  for (let i = 0; i < 5; i += 1) rate.refused(480, 495, 495);
  accept(rate, 4, 900);
  expect(rate.refused(950, 1_000, 6_000)).toBe(true);
  expect(rate.at(3_000)).toBe(rate.at(6_000));
});

it("a pause that a straggler makes longer is time in which the server's bucket could fill up", () => {
  const rate = refusedOnce(1_000);
  expect(rate.refused(480, 500, 3_490)).toBe(true);
  const upper = rate.at(5_490);
  accept(rate, 80, 5_400);
  rate.refused(5_450, 5_490, 5_490);
  accept(rate, 50, 7_000);
  expect(rate.at(7_000)).toBeCloseTo(between(79 / (2_000 + 3_000), upper), 10);
});

it("time in which nothing wanted to start does not make the limit seem lower", () => {
  const rate = new AdaptiveRate(0.1, 0);
  accept(rate, 24, 480);
  rate.idle(250);
  rate.refused(485, 490, 490);
  expect(rate.at(490 + 100 / 0.099)).toBeCloseTo(0.99 * 0.1, 10);
});
