import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const contributing = readFileSync(`${root}CONTRIBUTING.md`, "utf8");
const rows = [...contributing.matchAll(/^\| `(src\/[^`]+)` +\|/gm)].map(([, path = ""]) => path);

it("the map in CONTRIBUTING has a row for every file and folder of src/", () => {
  const entries = readdirSync(`${root}src`, { withFileTypes: true });
  const expected = entries.map((entry) => `src/${entry.name}${entry.isDirectory() ? "/" : ""}`);
  expect([...rows].sort()).toEqual(expected.sort());
});

it("every path that CONTRIBUTING names exists", () => {
  const paths = [...contributing.matchAll(/`((?:src|test|scripts|schema|bench|docs|examples|generated)\/[\w./-]*)`/g)];
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.map(([, path = ""]) => path).filter((path) => !existsSync(root + path))).toEqual([]);
});
