import { expect, it } from "vitest";
import {
  concurrencyLimit,
  fixedWindow,
  randomRefusals,
  type SimulatedServer,
  simulate,
  tokenBucket,
} from "../../support/simulation.ts";

type Wait = number | undefined;

// Burst, our `rateLimit`, Retry-After; then the share of 50 requests a second, and 429s in 20 s.
const BUCKETS: readonly (readonly [burst: number, ours: number | false, wait: Wait, figures: string])[] = [
  [50, 50, 1_000, "100 %, 0 429s"],
  [5, 50, 1_000, "100 %, 0 429s"],
  [50, 100, 1_000, "104 %, 6 429s"],
  [50, 100, undefined, "105 %, 8 429s"],
  [5, 100, undefined, "99 %, 7 429s"],
  [5, 100, 1_000, "93 %, 7 429s"],
  [50, false, undefined, "104 %, 16 429s"],
];

// Server, our `rateLimit`, Retry-After; then accepted requests and 429s of a minute.
const OTHERS: readonly (readonly [
  server: string,
  ours: number | false,
  wait: Wait,
  accepted: number,
  refused: number,
])[] = [
  ["5 % of 429s at random", 100, undefined, 5666, 306],
  ["5 % of 429s at random", 100, 1_000, 5532, 301],
  ["5 % of 429s at random", 10, undefined, 554, 40],
  ["5 % of 429s at random", 10, 0, 554, 39],
  ["5 % of 429s at random", 10, 1_000, 540, 39],
  ["10 % of 429s at random", 100, 0, 5335, 596],
  ["10 % of 429s at random", 10, undefined, 514, 79],
  ["10 % of 429s at random", 10, 1_000, 509, 74],
  ["2 in flight", 100, undefined, 5337, 32],
  ["2 in flight", 100, 1_000, 5387, 9],
  ["4 in flight", false, undefined, 10917, 22],
  ["8 in flight", false, 1_000, 21849, 31],
  ["37 a second, bursts of 50", 100, undefined, 2256, 25],
  ["20 in each second", 100, 1_000, 1114, 17],
  ["20 in each second", 100, undefined, 575, 9],
];

it("figures against servers that allow 50 requests a second are those of the table", async () => {
  const measured: unknown[] = [];
  for (const [burst, ours, wait] of BUCKETS) {
    const { perSecond, refused } = await simulate(tokenBucket(50, burst, wait), { ours, seconds: 20, callers: 16 });
    measured.push([burst, ours, wait, `${Math.round(2 * perSecond)} %, ${refused} 429s`]);
  }
  expect(measured).toEqual(BUCKETS);
});

function serverOf(description: string, wait: Wait): SimulatedServer {
  const count = Number.parseInt(description, 10);
  if (description.includes("at random")) return randomRefusals(count / 100, 20, wait);
  if (description.includes("in flight")) return concurrencyLimit(count, 20, wait);
  if (description.includes("bursts")) return tokenBucket(count, 50, wait);
  return fixedWindow(count, wait === undefined ? "nothing" : "seconds");
}

it("figures against servers whose 429s are not about the rate are those of the table", async () => {
  const measured: unknown[] = [];
  for (const [description, ours, wait] of OTHERS) {
    const options = { ours, seconds: 60, callers: 200, maxConcurrency: 16 };
    const { accepted, refused } = await simulate(serverOf(description, wait), options);
    measured.push([description, ours, wait, accepted, refused]);
  }
  expect(measured).toEqual(OTHERS);
});
