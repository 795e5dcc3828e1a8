import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdaptiveRate } from "../../../src/transport/limiter/rate.ts";
import { sized } from "../../support/long-form.ts";
import {
  concurrencyLimit,
  randomRefusals,
  type SimulatedServer,
  simulate,
  tokenBucket,
} from "../../support/simulation.ts";

async function shareOf(allows: number, server: SimulatedServer, ours: number | false, seconds: number) {
  const { perSecond, refused } = await simulate(server, { ours, seconds, callers: 16 });
  return { share: perSecond / allows, refused };
}

const limits = [5, 37, 95, 10, 25, 50, 65, 80].slice(0, sized(3, 8));

it.each(limits)("an undocumented limit of %d a second is found if a 429 has no Retry-After", async (allows) => {
  for (const burst of [5, 50]) {
    const { share, refused } = await shareOf(allows, tokenBucket(allows, burst, undefined), 100, 20);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(refused).toBeLessThanOrEqual(25);
  }
});

it.each(limits)(
  "an undocumented limit of %d a second is found if a second's requests are accepted at once",
  async (allows) => {
    const { share, refused } = await shareOf(allows, tokenBucket(allows, allows, 1000), 100, 20);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(refused).toBeLessThanOrEqual(25);
  },
);

it.each(limits)("an undocumented limit of %d a second is found by a client without a rateLimit", async (allows) => {
  const { share, refused } = await shareOf(allows, tokenBucket(allows, 5, undefined), false, 20);
  expect(share).toBeGreaterThanOrEqual(0.9);
  expect(refused).toBeLessThanOrEqual(40);
});

const waits: [says: string, ms: number | undefined][] = [
  ["without a Retry-After", undefined],
  ["with a Retry-After of 0", 0],
  ["with a Retry-After of a second", 1000],
];
const RUNS = sized(5, 10);

describe.each(waits)("%s", (_says, retryAfterMs) => {
  it.each([100, 10])(
    "random 429s take less than 15 % of the first 20 s of a client with a rateLimit of %d a second",
    async (ours) => {
      let sum = 0;
      for (const share of [0.02, 0.05, 0.1]) {
        for (let seed = 1; seed <= RUNS; seed += 1) {
          const server = randomRefusals(share, 20, retryAfterMs);
          const { perSecond } = await simulate(server, { ours, seconds: 20, seed, callers: 100 });
          sum += perSecond / (ours * (1 - share));
        }
      }
      expect(sum / (3 * RUNS)).toBeGreaterThanOrEqual(0.85);
    },
  );

  it.each<number | false>([100, 10, false])(
    "a client whose rateLimit is %s reaches 85 % of the throughput under a limit of requests in flight",
    async (ours) => {
      for (const limit of [2, 4, 8]) {
        for (const serviceMs of [20, 100]) {
          const server = concurrencyLimit(limit, serviceMs, retryAfterMs);
          const { perSecond } = await simulate(server, { ours, seconds: 20, maxConcurrency: 16 });
          const possible = Math.min((limit * 1000) / (serviceMs + 2), ours === false ? Number.POSITIVE_INFINITY : ours);
          expect(perSecond / possible).toBeGreaterThanOrEqual(0.85);
        }
      }
    },
  );
});

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
