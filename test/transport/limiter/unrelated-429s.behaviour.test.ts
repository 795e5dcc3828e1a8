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

it("429s found to be unrelated do not lower the rate for a minute, and twice as long each time again", () => {
  const { spans } = refuseEveryTwentyFirst(3_600);
  const minutes = spans.map(({ from, to }) => Math.round((to - from) / 60_000));
  expect(minutes.slice(0, 6)).toEqual([1, 2, 4, 8, 10, 10]);
});
