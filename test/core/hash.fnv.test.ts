import { expect, it } from "vitest";
import { fnv1a } from "../../src/core/hash.ts";

it("fnv1a gives the published numbers for short texts, and spreads account numbers evenly", () => {
  expect([fnv1a(""), fnv1a("a"), fnv1a("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  const numbers = Array.from({ length: 16_000 }, (_, number) => fnv1a(`ACC-${number}`) % 16);
  const shares = Array.from({ length: 16 }, (_, list) => numbers.filter((number) => number === list).length);
  expect(Math.max(...shares)).toBeLessThan(1_300);
});
