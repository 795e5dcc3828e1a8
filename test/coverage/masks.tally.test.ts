import fc from "fast-check";
import { expect, it } from "vitest";
import { setBit, Tally } from "../../src/coverage/masks.ts";

const BITS = 70;
const WORDS = 3;
const bits = fc.uniqueArray(fc.nat(BITS - 1), { maxLength: 40 });

function maskOf(set: readonly number[]) {
  const mask = new Uint32Array(WORDS);
  for (const bit of set) setBit(mask, bit);
  return mask;
}

it("a tally counts the masks that set each cell, and finds cells above a number or another tally", async () => {
  fc.assert(
    fc.property(
      fc.array(bits, { maxLength: 20 }),
      fc.array(bits, { maxLength: 20 }),
      fc.nat(12),
      (some, more, limit) => {
        const tally = new Tally(WORDS, 40);
        tally.add(maskOf([1, 2, 3]));
        tally.clear();
        for (const set of some) tally.add(maskOf(set));
        const other = new Tally(WORDS, more.length);
        for (const set of more) other.add(maskOf(set));
        tally.add(other);
        const counts = Array.from(
          { length: BITS },
          (_, bit) => [...some, ...more].filter((set) => set.includes(bit)).length,
        );
        const where = (test: (count: number) => boolean) =>
          maskOf(counts.flatMap((count, bit) => (test(count) ? [bit] : [])));
        expect(tally.moreThan(0)).toEqual(where((count) => count > 0));
        expect(tally.moreThan(1)).toEqual(where((count) => count > 1));
        expect(tally.moreThan(limit)).toEqual(where((count) => count > limit));
        const few = new Tally(WORDS, more.length);
        for (const set of more) few.add(maskOf(set));
        const countIn = (bit: number) => more.filter((set) => set.includes(bit)).length;
        const bits = [...counts.keys()];
        expect(tally.moreThan(few)).toEqual(maskOf(bits.filter((bit) => (counts[bit] ?? 0) > countIn(bit))));
        expect(few.moreThan(tally)).toEqual(maskOf([]));
      },
    ),
  );
});
