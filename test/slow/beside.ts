/** The installed tarball beside other packages, in a project of its own. */
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { REPOSITORY, tools } from "./toolbox.ts";

/**
 * Copies the installed tarball into a new folder of `parent` and links other packages, which takes a tenth of the time of `npm install`.
 * Those of a set are installed together. The tarball is not linked, because it looks for its optional peers from its real folder.
 */
export async function besideTarball(parent: string, ...sets: readonly (readonly string[])[]): Promise<string> {
  const modules = join(await mkdtemp(join(parent, "with-")), "node_modules");
  await cp(join(inject("consumers"), "node_modules"), modules, {
    recursive: true,
    verbatimSymlinks: true,
    // The other packages bring a version of @types that fits them.
    filter: (path) => !/node_modules[\\/](?:@types|undici-types|\.bin|\.package-lock\.json)$/.test(path),
  });
  for (const set of sets) {
    const folder = await tools(set);
    const others = join(folder, "node_modules");
    // The repository has more packages than these.
    const names = folder === REPOSITORY ? set.map((spec) => spec.replace(/(?<=.)@.*/, "")) : await readdir(others);
    for (const name of names) {
      if (existsSync(join(modules, name))) continue;
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(others, name), join(modules, name));
    }
  }
  return dirname(modules);
}

/** The packed tarball. */
export async function tarball(): Promise<string> {
  const packed = inject("consumers");
  const name = (await readdir(packed)).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("There is no tarball beside the consumers.");
  return join(packed, name);
}
