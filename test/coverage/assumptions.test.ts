import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { defaultAssumptions } from "../../src/coverage/index.ts";
import { ruleNames } from "../../src/rules/rules.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/guides/coverage.md"), "utf8");

it("the coverage page lists every assumption with its default", async () => {
  const { enabledRules, ...others } = defaultAssumptions;
  expect(enabledRules).toEqual(ruleNames);
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|.*\|.*\|$/gm)].map(([, name, value]) => [name, value]);
  expect(rows.slice(-10)).toEqual([
    ["enabledRules", "all"],
    ...Object.entries(others).map(([name, value]) => [name, `\`${JSON.stringify(value)}\``]),
  ]);
});
