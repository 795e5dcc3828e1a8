import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { type History, histories } from "./history.ts";
import { live } from "./world.ts";

const NIGHTS = 12;
// The same seeds in every run.
const FIXED = 200;
const SLICES = 4;

// `WORLD`: a single seed. `WORLDS`: their number. Else 200 that never change, and 100 that change with the commit.
export function seedsOf(slice: number): number[] {
  const { WORLD, WORLDS = "300" } = process.env;
  if (WORLD) return slice === 0 ? [Number(WORLD)] : [];
  const first = firstOfCommit();
  const seeds = Array.from({ length: Number(WORLDS) }, (_, at) => (at < FIXED ? at + 1 : first + at));
  return seeds.filter((_, at) => at % SLICES === slice);
}

// `WORLD_SEED`, or the beginning of the commit's hash.
function firstOfCommit(): number {
  const { WORLD_SEED } = process.env;
  if (WORLD_SEED) return Number(WORLD_SEED);
  try {
    return Number.parseInt(execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).slice(0, 7), 16);
  } catch {
    // Not in a repository: a tarball of the sources, for example.
    return FIXED;
  }
}

export function historyOf(seed: number): History {
  const [history] = fc.sample(histories(NIGHTS), { seed, numRuns: 1 });
  return history as History;
}

export async function expectSound(seeds: readonly number[]): Promise<void> {
  for (const [at, seed] of seeds.entries()) {
    const { violations } = await live(historyOf(seed));
    const [first] = violations;
    if (!first) continue;
    const count = `The worlds before it were sound: ${at} in this slice, ${at * SLICES} in all.`;
    throw new Error(`World ${seed} is not sound. ${count}\n${await described(seed, first.property)}`);
  }
}

async function described(seed: number, property: string): Promise<string> {
  const shortest = process.env.WORLD_FIRST ? historyOf(seed) : await shortestLike(seed, property);
  const { trace, violations } = await live(shortest);
  const areAllConcerned = violations.some(({ people }) => people === undefined);
  const people = areAllConcerned ? undefined : violations.flatMap((each) => each.people ?? []);
  const found = violations.map(({ property, text }) => `  ${property}: ${text}`);
  if (process.env.WORLD_FIRST) return found.join("\n");
  return [...found, "The shortest history:", JSON.stringify(shortest), "Its trace:", trace.of(people)].join("\n");
}

const PATIENCE_MS = 60_000;

async function shortestLike(seed: number, property: string): Promise<History> {
  const until = performance.now() + PATIENCE_MS;
  const isSound = async (history: History): Promise<boolean> => {
    // fast-check's own option would leave a world in the middle of a night.
    if (performance.now() > until) return true;
    return !(await live(history)).violations.some((each) => each.property === property);
  };
  const { counterexample } = await fc.check(fc.asyncProperty(histories(NIGHTS), isSound), { seed, numRuns: 1 });
  return counterexample?.[0] ?? historyOf(seed);
}
