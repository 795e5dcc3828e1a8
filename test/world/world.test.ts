import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MUTANTS } from "./mutants.mjs";
import { live } from "./world.ts";
import { historyOf } from "./worlds.ts";

it("two worlds with one seed have equal traces, byte for byte", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const [first, second] = [await live(historyOf(seed)), await live(historyOf(seed))];
    expect(first.trace.of()).toBe(second.trace.of());
  }
});

it("each mutant replaces a text that its file has exactly once", () => {
  const places = MUTANTS.map(([name, file, from]) => [
    name,
    readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").split(from).length - 1,
  ]);
  expect(places.filter(([, count]) => count !== 1)).toEqual([]);
});
