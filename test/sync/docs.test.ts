/** The pages about the batch do what they say: their code runs as one program against the fake, and prints what is expected. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { GuardOptions } from "../../src/sync/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pageOf = (name: string) => readFile(join(root, "docs", name), "utf8");

/** Runs the blocks of a page as one program. */
async function outputOf(name: string): Promise<string> {
  const blocks = [...(await pageOf(name)).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  const folder = await mkdtemp(join(tmpdir(), "oplead-docs-"));
  try {
    const file = join(folder, "page.mts");
    await writeFile(file, blocks.join("\n"));
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const args = [tsx, "--tsconfig", join(root, "tsconfig.json"), file];
    return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

it.each(["first-night.md", "nightly-batch.md"])(
  "the code of docs/%s prints what the page shows",
  async (name) => {
    const shown = [...(await pageOf(name)).matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
    expect(await outputOf(name)).toBe(shown.join(""));
  },
  60_000,
);

it("the page about the nightly batch lists every option of the guard", async () => {
  const [, section = ""] = (await pageOf("nightly-batch.md")).split(/^## What the guard looks at$/m);
  const [table = ""] = section.split(/^## /m);
  const rows = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
  const options: Record<keyof GuardOptions, true> = {
    maxChanged: true,
    maxMoved: true,
    maxNew: true,
    minUsers: true,
    allowEmptySource: true,
  };
  expect(rows).toEqual(Object.keys(options));
});
