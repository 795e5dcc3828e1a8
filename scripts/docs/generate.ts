// The pages made from the source. Only the runbook, which error codes lead to, is committed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeOrCompare } from "../generated-file.ts";
import { commandPage } from "./commands.ts";
import { errorsPage, readErrorRows, runbookPage } from "./errors.ts";
import { configPage, optionsPage, readTypes } from "./options.ts";
import { outcomesPage, readOutcomes } from "./outcomes.ts";
import { performancePage } from "./performance.ts";
import { provenancePage } from "./provenance.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = readTypes();
const errors = readErrorRows(join(root, "src/core/names.ts"));
const changelog = join(root, "CHANGELOG.md");

const pages: Readonly<Record<string, string>> = {
  "reference/options.md": optionsPage(types),
  "reference/config.md": configPage(types),
  "reference/command.md": await commandPage(),
  "reference/errors.md": errorsPage(errors),
  "reference/outcomes.md": outcomesPage(types, readOutcomes(join(root, "src/core/outcomes.ts"))),
  "reference/changelog.md": existsSync(changelog)
    ? readFileSync(changelog, "utf8")
    : "# Changelog\n\nNothing has been released yet.\n",
  "reference/provenance.md": provenancePage(join(root, "schema/oplead.openapi.yaml")),
  "explain/performance.md": performancePage(join(root, "bench/results.json")),
  "operate/runbook.md": runbookPage(new Map(errors.map(([code, meaning]) => [code, meaning]))),
};

// A page that is the same is not written: a build of the site may be reading it.
for (const [name, text] of Object.entries(pages)) {
  await writeOrCompare(pathToFileURL(join(root, "docs", name)), text, false);
}
