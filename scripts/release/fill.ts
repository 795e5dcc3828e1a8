/**
 * Writes the addresses of the repository it runs in into package.json, and makes the README's links absolute. Part of
 * `npm run release`, whose checkout is thrown away afterwards; needs `GITHUB_REPOSITORY`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { isMain } from "../generated-file.ts";
import { filled, isRepository, type Manifest, withAbsoluteLinks } from "./manifest.ts";

/** Fills in the files of a folder. */
export async function fill(folder: URL, repository: string | undefined): Promise<void> {
  if (!isRepository(repository)) throw new Error("Set GITHUB_REPOSITORY to owner/name.");
  const [manifest, readme] = [new URL("package.json", folder), new URL("README.md", folder)];
  const known = filled(JSON.parse(await readFile(manifest, "utf8")) as Manifest, repository);
  await writeFile(manifest, `${JSON.stringify(known, null, 2)}\n`);
  await writeFile(readme, withAbsoluteLinks(await readFile(readme, "utf8"), repository, known.version));
}

if (isMain(import.meta.url)) await fill(new URL("../../", import.meta.url), process.env.GITHUB_REPOSITORY);
