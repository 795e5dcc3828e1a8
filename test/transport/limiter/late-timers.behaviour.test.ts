import { expect, it } from "vitest";
import { type SimulatedServer, simulate, tokenBucket } from "../../support/simulation.ts";

const SEEDS = 4;

async function average(server: () => SimulatedServer, ours: number, timersLateMs: number, seconds = 60) {
  const all = { perSecond: 0, refused: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { perSecond, refused } = await simulate(server(), { ours, seconds, seed, timersLateMs });
    all.perSecond += perSecond / SEEDS;
    all.refused += refused / SEEDS;
  }
  return all;
}

it.each([
  [10, 10, 200, 0.97, 0],
  [10, 5, 200, 0.97, 0],
  [50, 50, 100, 0.97, 0],
  // Soon learns not to catch up by a burst.
  [10, 2, 200, 0.7, 4],
])(
  "a client of %i a second and bursts of %i, with timers %i ms late, uses more than %d of its rate",
  async (limit, burst, late, share, most) => {
    const { perSecond, refused } = await average(() => tokenBucket(limit, burst, 2_000), limit, late);
    expect(perSecond / limit).toBeGreaterThan(share);
    expect(refused).toBeLessThanOrEqual(most);
  },
);

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
