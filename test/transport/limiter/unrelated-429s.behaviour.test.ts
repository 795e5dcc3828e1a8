import { expect, it } from "vitest";
import { AdaptiveRate } from "../../../src/transport/limiter/rate.ts";

function refuseEveryTwentyFirst(seconds: number) {
  const rate = new AdaptiveRate(0.1, 0);
  const spans: { from: number; to: number }[] = [];
  let now = 0;
  let isCounting = false;
  const look = () => {
    const isUnrelated = rate.isUnrelated(now);
    if (isUnrelated && !isCounting) spans.push({ from: now, to: now });
    const span = spans.at(-1);
    if (isUnrelated && span) span.to = now;
    isCounting = isUnrelated;
  };
  while (now < seconds * 1_000) {
    for (let sent = 0; sent < 20; sent += 1) {
      now += 1 / rate.at(now);
      look();
      rate.accepted(now, now);
    }
    now += 1 / rate.at(now);
    look();
    const pauses = rate.refused(now, now, now + 1_000);
    // The 429 that shows it no longer pauses others.
    if (rate.isUnrelated(now)) expect(pauses).toBe(false);
    look();
    if (pauses) now += 1_000;
  }
  return { rate, spans };
}

it("once the client finds that 429s have nothing to do with its rate, 429s do not lower the rate for one minute. Each time the client finds this again, the time doubles, up to ten minutes", () => {
  const { spans } = refuseEveryTwentyFirst(3_600);
  const minutes = spans.map(({ from, to }) => Math.round((to - from) / 60_000));
  expect(minutes.slice(0, 6)).toEqual([1, 2, 4, 8, 10, 10]);
});

it("during a pause, the client reports the rate at which it will go on after the pause", () => {
  const rate = new AdaptiveRate(0.1, 0);
  for (let i = 1; i <= 50; i += 1) rate.accepted(i * 10, i * 10);
  rate.refused(500, 500, 60_500);
  expect(rate.at(500)).toBe(rate.at(60_500));
  expect(rate.at(30_000)).toBe(rate.at(60_500));
  expect(rate.at(60_501)).toBeGreaterThan(rate.at(60_500));
});

it("a 429 of an earlier request can make the pause longer, but not shorter", () => {
  const learned = (stragglersPause: number | undefined) => {
    const rate = new AdaptiveRate(0.1, 0);
    for (let i = 1; i <= 50; i += 1) rate.accepted(i * 10, i * 10);
    rate.refused(500, 500, 1_500);
    if (stragglersPause !== undefined) expect(rate.refused(495, 505, 505 + stragglersPause)).toBe(true);
    return rate;
  };
  const lowest = learned(undefined).at(1_500);
  // The rise begins when the longer pause ends.
  expect(learned(2_995).at(3_500)).toBe(lowest);
  expect(learned(2_995).at(4_500)).toBe(learned(undefined).at(2_500));
  expect(learned(undefined).at(3_500)).toBeGreaterThan(lowest);
  expect(learned(200).at(1_500)).toBe(lowest);
  expect(learned(200).at(2_500)).toBe(learned(undefined).at(2_500));
});
