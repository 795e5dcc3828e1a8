/** The installed tarball beside other packages, in a project of its own. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { tools } from "./toolbox.ts";

/**
 * Copies the installed tarball into a new folder of `parent` and links other packages, which takes a tenth of the time of `npm install`.
 * The tarball is not linked, because it looks for its optional peers from its real folder.
 */
export async function besideTarball(parent: string, packages: readonly string[]): Promise<string> {
  const modules = join(await mkdtemp(join(parent, "with-")), "node_modules");
  await cp(join(inject("consumers"), "node_modules"), modules, {
    recursive: true,
    verbatimSymlinks: true,
    // The other packages bring a version of @types that fits them.
    filter: (path) => !/node_modules[\\/](?:@types|undici-types|\.bin|\.package-lock\.json)$/.test(path),
  });
  const others = join(await tools(packages), "node_modules");
  for (const name of await readdir(others)) {
    if (!existsSync(join(modules, name))) await symlink(join(others, name), join(modules, name));
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
