/** What every page of the documentation has in common. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readErrorRows } from "../../../scripts/docs/errors.ts";
import { OPTION_TABLES } from "../../../scripts/docs/option-tables.ts";
import { readTypes } from "../../../scripts/docs/options.ts";
import { runbookPage } from "../../../scripts/docs/runbook.ts";
import { isRelevant, listPages } from "./pages.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pages = (await listPages()).filter(({ path }) => path !== "index.md");

/** Five minutes at 240 words a minute; a line of code counts as two words. */
const WORDS = 1200;

describe.each(pages)("docs/$path", ({ markdown, blocks }) => {
  test("begins with what the reader will have at its end", () => {
    const first = markdown.replace(/^<!--.*-->\n+/gm, "").split(/\n\n+/)[1];
    expect(first).toMatch(/^(?:At the end of this page|Afterwards|À la fin de cette page)/);
  });

  // The runbook is looked up, not read.
  test.skipIf(markdown.includes("# Runbook"))("takes at most five minutes to read", () => {
    const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "").split(/\s+/).length;
    const code = blocks.reduce((sum, block) => sum + block.code.split("\n").length, 0);
    expect(prose + 2 * code).toBeLessThan(WORDS);
  });

  test("gives a reason for each block that is not executed", () => {
    for (const { skipped } of blocks.filter(isRelevant)) expect(skipped ?? "executed").not.toBe("");
  });
});

test("the runbook is what the source makes of it", async () => {
  const rows = readErrorRows(`${root}src/errors.ts`);
  const made = runbookPage(new Map(rows.map(([code, meaning]) => [code, meaning])));
  expect(await readFile(`${root}docs/operate/runbook.md`, "utf8")).toBe(made);
});

test("every options type that an entry point exports has a table", () => {
  const types = readTypes();
  const entries = new Set(OPTION_TABLES.map(({ file }) => file));
  const exported = [...entries].flatMap((file) =>
    types.exportsOf(file).filter((name) => /(?:Options|Settings)$/.test(name)),
  );
  const tables = new Set(OPTION_TABLES.map(({ name }) => name));
  // These are parts of other types, and are documented with them.
  const parts = new Set([
    "SecretOptions",
    "ToleranceOptions",
    "FetchJsonOptions",
    "EvaluationOptions",
    "DeliveryOptions",
  ]);
  expect([...new Set(exported)].filter((name) => !tables.has(name) && !parts.has(name))).toEqual([]);
});
