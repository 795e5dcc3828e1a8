/** docs/coverage.md does what it says: its code runs as one program, and prints what it shows. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { defaultAssumptions } from "../../src/coverage/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/coverage.md"), "utf8");

const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text);

it("the code of the coverage page prints what the page shows", async () => {
  const folder = await mkdtemp(join(tmpdir(), "oplead-docs-"));
  const file = join(folder, "page.mts");
  await writeFile(file, blocks("ts").join("\n"));
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const args = [tsx, "--tsconfig", join(root, "tsconfig.json"), file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  await rm(folder, { recursive: true });
  expect(stdout).toBe(blocks("text").join(""));
}, 60_000);

it("the coverage page lists every assumption with its default", () => {
  const { enabledRules, ...others } = defaultAssumptions;
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|.*\|.*\|$/gm)].map(([, name, value]) => [name, value]);
  expect(rows.slice(-10)).toEqual([
    ["enabledRules", `all ${enabledRules.length === 5 ? "five" : ""}`],
    ...Object.entries(others).map(([name, value]) => [name, `\`${JSON.stringify(value)}\``]),
  ]);
});
