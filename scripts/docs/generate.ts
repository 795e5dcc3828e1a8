// The pages made from the source.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Generated, isMain, main, writeOrCompare } from "../generated-file.ts";
import { commandPage } from "./commands.ts";
import { errorsPage, readErrorRows, runbookPage } from "./errors.ts";
import { configPage, optionsPage, readTypes } from "./options.ts";
import { outcomesPage, readOutcomes } from "./outcomes.ts";
import { performancePage } from "./performance.ts";
import { provenancePage } from "./provenance.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export async function docsPages(): Promise<Readonly<Record<string, string>>> {
  const types = readTypes();
  const errors = readErrorRows(join(root, "src/core/names.ts"));
  return {
    "reference/options.md": optionsPage(types),
    "reference/config.md": configPage(types),
    "reference/command.md": await commandPage(),
    "reference/errors.md": errorsPage(errors),
    "reference/outcomes.md": outcomesPage(types, readOutcomes(join(root, "src/core/outcomes.ts"))),
    "reference/provenance.md": provenancePage(join(root, "schema/oplead.openapi.yaml")),
    "explain/performance.md": performancePage(join(root, "bench/results.json")),
    "operate/runbook.md": runbookPage(new Map(errors.map(([code, meaning]) => [code, meaning]))),
  };
}

// A page that is the same is not written: a build of the site may be reading it.
const writer =
  (pages: () => Promise<Readonly<Record<string, string>>>) =>
  async ({ check }: { check: boolean }): Promise<Generated> => {
    const each = Object.entries(await pages()).map(([name, text]) => {
      return writeOrCompare(pathToFileURL(join(root, "docs", name)), text, check);
    });
    const written = await Promise.all(each);
    return { ok: written.every(({ ok }) => ok), message: written.map(({ message }) => message).join("\n") };
  };

export const generateDocs = writer(docsPages);

// Not committed: a release writes it.
const generateChangelog = writer(async () => ({
  "reference/changelog.md": await readFile(join(root, "CHANGELOG.md"), "utf8").catch(
    () => "# Changelog\n\nNothing has been released yet.\n",
  ),
}));

if (isMain(import.meta.url)) await main(generateDocs, generateChangelog);
