/**
 * Says what is missing before a first publish. Exit status: 0 nothing, 1 something.
 *
 *     npm run release:check
 */
import { readdir, readFile } from "node:fs/promises";
import { isMain } from "../generated-file.ts";
import { isRepository, type Manifest, missing } from "./manifest.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (file: string): Promise<string> => readFile(new URL(file, ROOT), "utf8");

async function main(): Promise<void> {
  const manifest = JSON.parse(await read("package.json")) as Manifest;
  const { GITHUB_REPOSITORY: repository } = process.env;
  const problems = missing(manifest, {
    repository: isRepository(repository) ? repository : undefined,
    changelog: await read("CHANGELOG.md").catch(() => undefined),
    owners: await read(".github/CODEOWNERS").catch(() => ""),
    changesets: (await readdir(new URL(".changeset/", ROOT))).filter(
      (name) => name.endsWith(".md") && name !== "README.md",
    ).length,
  });
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? "Nothing is missing." : `\n${problems.length} to do before the first publish.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (isMain(import.meta.url)) await main();
