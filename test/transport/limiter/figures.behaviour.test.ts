import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  concurrencyLimit,
  fixedWindow,
  randomRefusals,
  type SimulatedServer,
  simulate,
  tokenBucket,
} from "../../support/simulation.ts";

const page = readFileSync(new URL("../../../docs/decisions/rate.md", import.meta.url), "utf8");

/** The rows of the page's table whose first column has this heading, without the heading and the line below it. */
function rowsOf(heading: string): string[][] {
  const lines = page.slice(page.indexOf(`| ${heading} `)).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

const rateOf = (cell = ""): number | false => (cell === "`false`" ? false : Number.parseInt(cell, 10));
const waitOf = (cell = ""): number | undefined => (cell === "nothing" ? undefined : 1_000 * Number(/\d+/.exec(cell)));

it("against servers that allow 50 requests a second, the client reaches the figures on the page about rates", async () => {
  const rows = rowsOf("server's burst");
  expect(rows).toHaveLength(7);
  const measured: string[][] = [];
  for (const [burst = "", ours, says, before = ""] of rows) {
    const server = tokenBucket(50, Number(burst), waitOf(says));
    const { perSecond, refused } = await simulate(server, { ours: rateOf(ours), seconds: 20, callers: 16 });
    measured.push([burst, ours ?? "", says ?? "", before, `${Math.round(2 * perSecond)} %, ${refused} 429s`]);
  }
  expect(measured).toEqual(rows);
});

/** The simulated server that the page describes with these words. */
function serverOf(description: string, retryAfterMs: number | undefined): SimulatedServer {
  const count = Number.parseInt(description, 10);
  if (description.includes("at random")) return randomRefusals(count / 100, 20, retryAfterMs);
  if (description.includes("in flight")) return concurrencyLimit(count, 20, retryAfterMs);
  return fixedWindow(count, retryAfterMs === undefined ? "nothing" : "seconds");
}

it("against servers whose 429s have other causes, the client reaches the figures on the page about rates", async () => {
  const rows = rowsOf("server   ");
  expect(rows.length).toBeGreaterThan(10);
  const measured: string[][] = [];
  for (const [description = "", ours = "", says = ""] of rows) {
    const server = serverOf(description, waitOf(says));
    const options = { ours: rateOf(ours), seconds: 60, callers: 200, maxConcurrency: 16 };
    const { accepted, refused } = await simulate(server, options);
    measured.push([description, ours, says, String(accepted), String(refused)]);
  }
  expect(measured).toEqual(rows);
});
