import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { defaultAssumptions } from "../../src/coverage/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/guides/coverage.md"), "utf8");

it("the coverage page lists every assumption with its default", () => {
  const { enabledRules, ...others } = defaultAssumptions;
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|.*\|.*\|$/gm)].map(([, name, value]) => [name, value]);
  expect(rows.slice(-10)).toEqual([
    ["enabledRules", `all ${enabledRules.length === 5 ? "five" : ""}`],
    ...Object.entries(others).map(([name, value]) => [name, `\`${JSON.stringify(value)}\``]),
  ]);
});
