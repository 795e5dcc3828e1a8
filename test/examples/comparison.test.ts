import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pageWith, type Results } from "../../examples/comparison/page.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const results: Results = JSON.parse(read("examples/comparison/results.json"));

it("the table on the page of the comparison has the figures that the last run measured", () => {
  const page = read("docs/explain/comparison.md");
  expect(page).toBe(pageWith(page, results));
});

it("faults hit about 30 % of the requests in each run of by-hand.mjs and with-sdk.mjs", () => {
  for (const program of ["by-hand.mjs", "with-sdk.mjs"]) {
    const runs = results.runs.filter((run) => run.program === program);
    expect(runs).toHaveLength(6);
    for (const { first } of runs) expect(Math.abs(first.hit - 30)).toBeLessThan(3);
  }
});
