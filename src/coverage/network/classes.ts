import { getOrMake } from "../get-or-make.ts";
import type { Reach } from "./reach.ts";

/** Spots with the same set of reaches. */
export interface SpotClass {
  /** Numbers of spots, in ascending order. */
  readonly spots: number[];
  /** Numbers of reaches that admit these spots, and of those for which it is uncertain; in ascending order. */
  readonly pass: Int32Array;
  readonly uncertain: Int32Array;
}

/** Puts spots into classes: two spots are in the same class when exactly the same reaches admit them. */
export function classesOf(reaches: readonly Reach[], spotCount: number): SpotClass[] {
  const passOf = reachesBySpot(reaches, "pass", spotCount);
  const uncertainOf = reachesBySpot(reaches, "uncertain", spotCount);
  const classes: SpotClass[] = [];
  const byHash = new Map<number, SpotClass[]>();
  for (let spot = 0; spot < spotCount; spot += 1) {
    const own = { pass: passOf(spot), uncertain: uncertainOf(spot) };
    const hash = hashOf(own.uncertain, hashOf(own.pass, 0));
    const candidates = getOrMake(byHash, hash, () => []);
    // Equal hashes are only a hint.
    let found = candidates.find((other) => same(other.pass, own.pass) && same(other.uncertain, own.uncertain));
    if (!found) {
      found = { spots: [], ...own };
      candidates.push(found);
      classes.push(found);
    }
    found.spots.push(spot);
  }
  return classes;
}

/** Gives the numbers of the reaches of each spot. All of them lie in one block of memory. */
function reachesBySpot(
  reaches: readonly Reach[],
  field: "pass" | "uncertain",
  spotCount: number,
): (spot: number) => Int32Array {
  const starts = new Int32Array(spotCount + 1);
  for (const reach of reaches) {
    for (const spot of reach[field]) starts[spot + 1] = (starts[spot + 1] ?? 0) + 1;
  }
  for (let spot = 0; spot < spotCount; spot += 1) {
    starts[spot + 1] = (starts[spot + 1] ?? 0) + (starts[spot] ?? 0);
  }
  const items = new Int32Array(starts[spotCount] ?? 0);
  const next = starts.slice();
  for (const reach of reaches) {
    for (const spot of reach[field]) {
      const at = next[spot] ?? 0;
      items[at] = reach.number;
      next[spot] = at + 1;
    }
  }
  return (spot) => items.subarray(starts[spot], starts[spot + 1]);
}

function hashOf(numbers: Int32Array, seed: number): number {
  let hash = seed ^ numbers.length;
  for (const number of numbers) hash = Math.imul(hash ^ number, 0x9e3779b1) ^ (hash >>> 15);
  return hash;
}

function same(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
