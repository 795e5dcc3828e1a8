/** docs/report.md does what it says: its code runs as one program, and prints what the page shows. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { RejectedCsvOptions } from "../../../src/sync/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = await readFile(join(root, "docs/report.md"), "utf8");

const blocks = (language: string): string =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))]
    .map(([, text = ""]) => text)
    .join("");

it("the code of docs/report.md prints what the page shows", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "oplead-docs-"));
  try {
    const file = join(folder, "page.mts");
    await writeFile(file, blocks("ts"));
    const args = [join(root, "node_modules/tsx/dist/cli.mjs"), "--tsconfig", join(root, "tsconfig.json"), file];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    expect(stdout).toBe(blocks("text"));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("docs/report.md lists every option of rejectedCsv", () => {
  const options: Record<keyof RejectedCsvOptions, true> = { language: true, delimiter: true, bom: true };
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `["f]/gm)].map(([, name]) => name);
  expect(rows).toEqual(Object.keys(options));
});
