import fc from "fast-check";
import { expect, it } from "vitest";
import { openLimiter } from "../../support/open-limiter.ts";

it("the limiter lets two requests start at once and spaces the others evenly", async () => {
  const { clock, log, enter } = openLimiter({ requests: 10, perMs: 1000 });
  for (let i = 0; i < 5; i += 1) enter();
  await clock.advance(1000);
  expect(log.map(({ at }) => at)).toEqual([0, 0, 100, 200, 300]);
});

it("a limiter starts at most what the rate allows and two more, in any span and for any arrival", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 50 }),
      async (gaps, requests) => {
        const { clock, log, enter } = openLimiter({ requests, perMs: 1000 });
        for (const gap of gaps) {
          await clock.advance(gap);
          enter();
        }
        await clock.advance(100_000);
        expect(log).toHaveLength(gaps.length);
        const starts = log.map(({ at }) => at);
        for (const [i, from] of starts.entries()) {
          const inWindow = starts.slice(i).filter((at) => at < from + 1000).length;
          expect(inWindow).toBeLessThanOrEqual(requests + 2);
        }
      },
    ),
    { numRuns: 60 },
  );
});

it("without a rate limit, the limiter starts as many requests at once as maxConcurrency allows", async () => {
  const { clock, accept, log, enter } = openLimiter({ unlimited: true, maxConcurrency: 3 });
  for (let i = 0; i < 5; i += 1) enter();
  await clock.advance(1000);
  expect(log).toHaveLength(3);
  accept();
  await clock.advance(0);
  expect(log).toHaveLength(4);
});

it("waiting requests start by most attempts first, then in the order of their arrival", async () => {
  const { clock, log, enter } = openLimiter({ requests: 10, perMs: 1000 });
  for (const sentBefore of [0, 0, 0, 0, 1, 3, 1]) enter({ sentBefore });
  await clock.advance(1000);
  expect(log.map(({ name }) => name)).toEqual([0, 1, 5, 4, 6, 2, 3]);
});

it("an abort ends a wait at once, and the next request takes its place", async () => {
  const { clock, log, enter } = openLimiter({ requests: 1, perMs: 1000 });
  const controller = new AbortController();
  enter();
  enter({ signal: controller.signal });
  enter();
  await clock.advance(10);
  controller.abort();
  await clock.advance(0);
  expect(log).toContainEqual({ name: 1, at: 10, refusal: { reason: "aborted" } });
  await clock.advance(1000);
  expect(log.map(({ name }) => name)).toEqual([0, 1, 2]);
  expect(log[2]?.refusal).toBeUndefined();
});

it("a pause stops every request, and lets them start one by one afterwards", async () => {
  const { clock, refuse, log, enter } = openLimiter({ requests: 10, perMs: 1000 });
  enter();
  refuse(2000);
  for (let i = 0; i < 4; i += 1) enter();
  await clock.advance(1999);
  expect(log).toHaveLength(1);
  await clock.advance(2000);
  const starts = log.slice(1).map(({ at }) => at);
  expect(starts).toHaveLength(4);
  for (const [i, at] of starts.entries()) expect(at).toBeGreaterThanOrEqual((starts[i - 1] ?? 2000) + 100);
});
