import { expect, it, vi } from "vitest";
import type { SharedRate } from "../../../src/index.ts";
import { SharedLimiter, type Turn } from "../../../src/transport/limiter/limiter.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const FOREVER = Number.POSITIVE_INFINITY;
const open = (acquire: SharedRate["acquire"]) => {
  const clock = new FakeClock();
  clock.sleep(1_000);
  const rate: SharedRate = { requests: 50, perMs: 1_000, perSecond: 33, acquire };
  return { clock, limiter: new SharedLimiter({ rate, maxConcurrency: 2, clock, warn: () => {} }) };
};
const turn = () => ({ accepted: vi.fn(), unsent: vi.fn(), refused: vi.fn() });

it("a request that the shared rate refuses or does not answer gives its place to the next request", async () => {
  const answers = [
    async () => ({ reason: "paused", forMs: 5 }) as const,
    async () => Promise.reject(new Error("redis")),
    async () => turn() as never,
  ];
  const { limiter } = open(() => (answers.length > 1 ? answers.shift() : answers[0])?.() as never);
  expect(await limiter.acquire(FOREVER, undefined, 0)).toEqual({ reason: "paused", forMs: 5 });
  await expect(limiter.acquire(FOREVER, undefined, 0)).rejects.toThrow("redis");
  for (const inFlight of [1, 2]) expect(await limiter.acquire(FOREVER, undefined, 0)).toMatchObject({ inFlight });
});

it("a request without a turn before its deadline ends, whether it waits to ask or for a place", async () => {
  const { clock, limiter } = open(() => new Promise<never>(() => {}));
  const ends = [1_500, 1_500, 1_500, 1_500, 2_500].map((deadlineAt) => limiter.acquire(deadlineAt, undefined, 0));
  await clock.advance(2_000);
  for (const refused of ends.slice(2)) expect(await refused).toEqual({ reason: "deadline" });
});

it("a 429 that the number of requests in flight explains is not told to the shared rate", async () => {
  const turns: ReturnType<typeof turn>[] = [];
  const { limiter } = open(async () => {
    turns.push(turn());
    return turns.at(-1) as never;
  });
  const next = async () => (await limiter.acquire(FOREVER, undefined, 0)) as Turn;
  limiter.release(await next(), { was: "refused", pauseMs: undefined });
  expect(turns[0]?.refused).toHaveBeenCalledExactlyOnceWith(0);
  const [first, second] = [await next(), await next()];
  limiter.release(second, { was: "refused", pauseMs: 70 });
  limiter.release(first, { was: "accepted" });
  expect(turns[2]?.refused).not.toHaveBeenCalled();
});
