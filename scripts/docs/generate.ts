// The pages made from the source.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Generated, isMain, main, writeOrCompare } from "../generated-file.ts";
import { commandPage } from "./commands.ts";
import { errorsPage, readErrorRows, runbookPage } from "./errors.ts";
import { configPage, optionsPage, readTypes } from "./options.ts";
import { outcomesPage, readOutcomes } from "./outcomes.ts";
import type { GeneratedPage } from "./pages.ts";
import { performancePage } from "./performance.ts";
import { provenancePage } from "./provenance.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const inDocs = (name: string) => pathToFileURL(join(root, "docs", name));

export async function docsPages(): Promise<Readonly<Record<GeneratedPage, string>>> {
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
export async function generateDocs({ check }: { check: boolean }): Promise<Generated> {
  const written: Generated[] = [];
  for (const [name, text] of Object.entries(await docsPages()))
    written.push(await writeOrCompare(inDocs(name), text, check));
  return { ok: written.every(({ ok }) => ok), message: written.map(({ message }) => message).join("\n") };
}

// Not committed: a release writes it.
async function generateChangelog(): Promise<Generated> {
  const changelog = await readFile(join(root, "CHANGELOG.md"), "utf8").catch(() => undefined);
  const text = changelog ?? "# Changelog\n\nNothing has been released yet.\n";
  return await writeOrCompare(inDocs("reference/changelog.md"), text, false);
}

if (isMain(import.meta.url)) await main(generateDocs, generateChangelog);
