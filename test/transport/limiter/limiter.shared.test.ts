import { expect, it, vi } from "vitest";
import type { SharedRate } from "../../../src/index.ts";
import { SharedLimiter, type Turn } from "../../../src/transport/limiter/limiter.ts";
import type { SharedRateRequest } from "../../../src/transport/options.ts";
import { failureOf } from "../../support/failure.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { connect, json, serve } from "../../support/servers.ts";
import { user } from "../../support/users.ts";

interface Told {
  readonly rate: SharedRate;
  readonly requests: SharedRateRequest[];
  readonly ends: (string | number)[];
}

function sharedRate(refusal?: { reason: "paused"; forMs: number }): Told {
  const requests: SharedRateRequest[] = [];
  const ends: (string | number)[] = [];
  const rate: SharedRate = {
    ...{ requests: 50, perMs: 1000, perSecond: 50 },
    async acquire(request) {
      requests.push(request);
      return (
        refusal ?? {
          accepted: () => void ends.push("accepted"),
          unsent: () => void ends.push("unsent"),
          refused: (pauseMs) => void ends.push(pauseMs),
        }
      );
    },
  };
  return { rate, requests, ends };
}

it("a client sends nothing if a shared rate is paused beyond the deadline", async () => {
  const server = await serve((response) => json(response));
  const { rate } = sharedRate({ reason: "paused", forMs: 60_000 });
  const error = await failureOf(connect(server.url, { rateLimit: rate }).updateUser("1", user(1)));
  expect(error.code).toBe("rate_limited");
  expect(server.seen).toHaveLength(0);
});

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

it("the shared rate is told each request's end, except a 429 explained by requests in flight", async () => {
  const turns: ReturnType<typeof turn>[] = [];
  const { limiter } = open(async () => {
    turns.push(turn());
    return turns.at(-1) as never;
  });
  const next = async () => (await limiter.acquire(FOREVER, undefined, 0)) as Turn;
  limiter.release(await next(), { was: "accepted" });
  limiter.release(await next(), { was: "unsent" });
  limiter.release(await next(), { was: "refused", pauseMs: 70 });
  limiter.release(await next(), { was: "refused", pauseMs: undefined });
  expect(turns[0]?.accepted).toHaveBeenCalledOnce();
  expect(turns[1]?.unsent).toHaveBeenCalledOnce();
  expect(turns[2]?.refused).toHaveBeenCalledExactlyOnceWith(70);
  expect(turns[3]?.refused).toHaveBeenCalledExactlyOnceWith(0);
  const [first, second] = [await next(), await next()];
  limiter.release(second, { was: "refused", pauseMs: 70 });
  limiter.release(first, { was: "accepted" });
  expect(turns[5]?.refused).not.toHaveBeenCalled();
});
