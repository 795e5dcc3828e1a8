import { expect, it } from "vitest";
import { randomRefusals, type SimulatedServer, simulate, tokenBucket } from "../../support/simulation.ts";

const SEEDS = 12;

async function average(server: () => SimulatedServer, ours: number, timersLateMs: number, seconds = 60) {
  const all = { perSecond: 0, refused: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { perSecond, refused } = await simulate(server(), { ours, seconds, seed, timersLateMs });
    all.perSecond += perSecond / SEEDS;
    all.refused += refused / SEEDS;
  }
  return all;
}

it.each([50, 100, 200])(
  "if a server refuses random requests with 429, a client whose timers are up to %i ms late is as fast as a client with punctual timers",
  async (late) => {
    for (const retryAfterMs of [undefined, 1_000]) {
      const server = () => randomRefusals(0.05, 20, retryAfterMs);
      const punctual = await average(server, 10, 0);
      const { perSecond } = await average(server, 10, late);
      expect(perSecond / punctual.perSecond).toBeGreaterThan(0.95);
      expect(perSecond / 9.5).toBeGreaterThan(0.83);
    }
  },
);

it.each([
  [10, 10, 200],
  [10, 5, 200],
  [50, 50, 100],
])(
  "a client whose timers are late uses the whole rate of a server that allows %i requests a second and bursts of %i requests",
  async (limit, burst, late) => {
    const { perSecond, refused } = await average(() => tokenBucket(limit, burst, 1_000), limit, late);
    expect(perSecond / limit).toBeGreaterThan(0.97);
    expect(refused).toBe(0);
  },
);

it("if the server allows bursts of only two requests, a client with late timers soon learns not to send a burst of the requests that it is behind with", async () => {
  const { perSecond, refused } = await average(() => tokenBucket(10, 2, 1_000), 10, 200);
  // With timers 200 ms late, a bucket of two allows two turns in each 200 ms.
  expect(perSecond).toBeGreaterThan(8.3);
  expect(refused).toBeLessThanOrEqual(4);
});

it("a client does not send many requests at once after the machine stood still", async () => {
  let most = 0;
  const starts: number[] = [];
  const server: SimulatedServer = {
    retryAfterMs: undefined,
    serviceMs: () => 2,
    accepts: (now) => {
      starts.push(now);
      most = Math.max(most, starts.filter((at) => at > now - 50).length);
      return true;
    },
  };
  await simulate(server, { ours: 10, seconds: 60, timersLateMs: 5_000 });
  // Two from the bucket, and the turns of a quarter of a second.
  expect(most).toBeLessThanOrEqual(5);
});
