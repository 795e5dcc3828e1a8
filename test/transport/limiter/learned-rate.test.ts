import { expect, it } from "vitest";
import { AdaptiveRate } from "../../../src/transport/limiter/rate.ts";

/** Acceptances at a moment, of requests that started then or at another one. */
function accept(rate: AdaptiveRate, count: number, now: number, startedAt = now): void {
  for (let i = 0; i < count; i += 1) rate.accepted(startedAt, now);
}

/**
 * 24 requests are accepted, and one is refused after 490 ms. With the head start of 10 ms that is 25 in 500 ms, so the server
 * allows 50 a second at most; and 23 until 480 ms and a second more at least, if its bucket held a second's worth.
 */
function refusedOnce(pauseMs = 0): AdaptiveRate {
  const rate = new AdaptiveRate(0.1, 0);
  accept(rate, 24, 480);
  expect(rate.refused(485, 490, 490 + pauseMs)).toBe(true);
  return rate;
}

/** What is tried first between two bounds: a part of the way up, and a hundredth less. */
const between = (lower: number, upper: number, part = 0.15): number => 0.99 * (lower + part * (upper - lower));
const FIRST = between(23 / 1_490, 0.05, 0.6);
const HIGHEST = 0.99 * 0.05;

it("after a 429 the rate starts between its bounds, reaches the upper one in 2 s and doubles every 28 s", () => {
  const rate = refusedOnce();
  expect(rate.at(490)).toBeCloseTo(FIRST, 10);
  expect(rate.at(1_490)).toBeCloseTo((FIRST + HIGHEST) / 2, 10);
  expect(rate.at(2_490)).toBeCloseTo(HIGHEST, 10);
  expect(rate.at(16_490)).toBeCloseTo(HIGHEST * Math.SQRT2, 10);
  expect(rate.at(30_490)).toBe(Math.min(0.1, HIGHEST * 2));
  expect(rate.at(31_490)).toBe(0.1);
});

it("after a pause the rise takes twice as long as the pause, two seconds at least, and half a minute at most", () => {
  const rises = (pauseMs: number, riseMs: number) => {
    const rate = refusedOnce(pauseMs);
    expect(rate.at(490 + pauseMs + riseMs / 2)).toBeCloseTo((FIRST + HIGHEST) / 2, 10);
    expect(rate.at(490 + pauseMs + riseMs)).toBeCloseTo(HIGHEST, 10);
  };
  rises(100, 2_000);
  rises(3_000, 6_000);
  rises(3_600_000, 30_000);
});

it("a 429 at a rate that seemed safe slows the client down until fifty later requests were accepted", () => {
  const rate = refusedOnce();
  accept(rate, 80, 2_400);
  // 81 in two seconds at most, and as many at least, because there was no pause.
  expect(rate.refused(2_480, 2_490, 12_490)).toBe(false);
  const slower = 0.8 * (81 / 2_000);
  for (const now of [2_490, 100_000]) expect(rate.at(now)).toBeCloseTo(slower, 10);
  accept(rate, 30, 3_000, 2_489);
  accept(rate, 49, 4_000, 2_490);
  expect(rate.at(5_000)).toBeCloseTo(slower, 10);
  accept(rate, 1, 5_000);
  expect(rate.at(5_000)).toBeCloseTo(0.99 * (81 / 2_000), 10);
  expect(rate.at(7_000)).toBeCloseTo(0.99 * (81 / 2_000), 10);

  // What was accepted during the doubt counts in the lower bound only, for which the server's bucket may have filled up.
  accept(rate, 80, 6_900);
  expect(rate.refused(6_950, 7_000, 7_000)).toBe(false);
  accept(rate, 50, 8_000);
  expect(rate.at(8_000)).toBeCloseTo(between((30 + 50 + 80 - 1) / (1_900 + 2_510), 0.99 * (81 / 2_000)), 10);
});

it("a 429 above the rate that was refused last is expected, and sets new bounds at once", () => {
  const rate = refusedOnce();
  accept(rate, 280, 7_400);
  rate.refused(7_450, 7_490, 7_490);
  expect(rate.at(7_490)).toBeCloseTo(0.99 * (281 / 7_000), 10);
});

it("a doubt ends after twice as many acceptances as came before the 429, and ten at least", () => {
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

it("a 429 after fewer than four acceptances changes no rate and starts no pause", () => {
  const [untaught, third, fourth] = [refusedOnce(), refusedOnce(), refusedOnce()];
  accept(third, 3, 520);
  expect(third.refused(530, 570, 2_570)).toBe(false);
  for (const now of [1_000, 2_000, 20_000]) expect(third.at(now)).toBe(untaught.at(now));
  accept(fourth, 4, 520);
  fourth.refused(530, 570, 2_570);
  expect(fourth.at(1_000)).toBeLessThan(untaught.at(1_000));
});

it("the third 429 in a row starts a pause, after which the rate rises anew", () => {
  const rate = refusedOnce();
  expect(rate.refused(500, 600, 2_600)).toBe(false);
  expect(rate.refused(610, 700, 1_200)).toBe(true);
  expect(rate.at(1_200)).toBeCloseTo(FIRST, 10);
  expect(rate.at(3_200)).toBeCloseTo(HIGHEST, 10);
  // The server's bucket could fill up from the first 429 on.
  accept(rate, 80, 3_100);
  rate.refused(3_150, 3_200, 3_200);
  accept(rate, 50, 4_500);
  expect(rate.at(4_500)).toBeCloseTo(between(79 / (1_900 + 710), 81 / 2_000), 10);
});

it("the third 429 in a row that asks for no pause lowers the rate", () => {
  const rate = refusedOnce();
  expect(rate.refused(500, 600, 600)).toBe(false);
  expect(rate.refused(610, 700, 700)).toBe(true);
  expect(rate.at(700)).toBeLessThan(FIRST / 2);
});

it("many recent 429s start a pause, although some requests were accepted since", () => {
  const rate = refusedOnce();
  for (let i = 0; i < 5; i += 1) rate.refused(480, 495, 495);
  accept(rate, 4, 900);
  expect(rate.refused(950, 1_000, 6_000)).toBe(true);
  expect(rate.at(3_000)).toBe(rate.at(6_000));
});

it("a pause that a late 429 makes longer counts as time in which the server's bucket fills up", () => {
  const rate = refusedOnce(1_000);
  expect(rate.refused(480, 500, 1_990)).toBe(true);
  accept(rate, 80, 3_900);
  rate.refused(3_950, 3_990, 3_990);
  accept(rate, 50, 5_500);
  expect(rate.at(5_500)).toBeCloseTo(between(79 / (1_910 + 1_500), 81 / 2_000), 10);
});

it("idle time does not make the limit seem lower", () => {
  const rate = new AdaptiveRate(0.1, 0);
  accept(rate, 24, 480);
  rate.idle(250);
  rate.refused(485, 490, 490);
  expect(rate.at(490 + 100 / 0.099)).toBeCloseTo(0.99 * 0.1, 10);
});

/** Refused, and again after a pause in which the server's bucket may have filled up: the bounds are far apart. */
function refusedTwice(): AdaptiveRate {
  const rate = refusedOnce(1_000);
  accept(rate, 20, 1_890);
  const before = rate.at(1_940);
  expect(rate.refused(1_900, 1_940, 2_940)).toBe(false);
  expect(rate.at(1_940)).toBeCloseTo(before, 10);
  return rate;
}

it("after a 429 with bounds far apart the rate stays and rises until the next 429", () => {
  const rate = refusedTwice();
  accept(rate, 60, 3_900);
  expect(rate.at(3_940)).toBeCloseTo(HIGHEST, 10);
});

it("a second 429 soon after one with bounds far apart gives the rate, because the server's bucket was empty", () => {
  const rate = refusedTwice();
  accept(rate, 4, 2_140);
  const before = rate.at(2_160);
  const upper = 5 / 220;
  expect(upper).toBeLessThan(before);
  expect(rate.refused(2_145, 2_160, 2_160)).toBe(false);
  expect(rate.at(2_160)).toBeCloseTo(0.64 * upper, 10);
  accept(rate, 50, 5_000);
  // Three in 200 ms at least.
  expect(rate.at(5_000)).toBeCloseTo(between(3 / 200, upper), 10);
});

it("a second 429 right after one with bounds far apart starts no pause, and the third in a row does", () => {
  const rate = refusedTwice();
  const before = rate.at(1_960);
  expect(rate.refused(1_950, 1_960, 2_960)).toBe(false);
  expect(rate.at(1_960)).toBeCloseTo(before, 10);
  expect(rate.refused(1_970, 1_980, 2_980)).toBe(true);
  expect(rate.at(2_980)).toBeLessThan(before);
});
