import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { REPOSITORY, tools } from "./toolbox.ts";

// The tarball is copied and not linked: it looks for optional peers from its real folder.
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
    const names = folder === REPOSITORY ? set.map((spec) => spec.replace(/(?<=.)@.*/, "")) : await readdir(others);
    for (const name of names) {
      if (existsSync(join(modules, name))) continue;
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(others, name), join(modules, name));
    }
  }
  return dirname(modules);
}

export async function tarball(): Promise<string> {
  const packed = inject("consumers");
  const name = (await readdir(packed)).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("There is no tarball beside the consumers.");
  return join(packed, name);
}
