import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import manifest from "../../package.json" with { type: "json" };
import { install, outsideEnv } from "./toolbox.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

declare module "vitest" {
  interface ProvidedContext {
    consumers: string;
    packed: { version: string; unpackedSize: number; files: string[] };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(join(root, "dist/index.js")))
    throw new Error("There is no dist/ to pack: run `npm run build` first.");
  const folder = await realpath(await mkdtemp(join(tmpdir(), "oplead-consumers-")));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    const { stdout } = await run("npm", pack, { cwd: root, env: outsideEnv() });
    const tarball = firstOf(JSON.parse(stdout));
    await install(folder, [join(folder, tarball.filename), `@types/node@${manifest.devDependencies["@types/node"]}`]);
    await cp(join(root, "test/consumers"), folder, { recursive: true });
    project.provide("consumers", folder);
    project.provide("packed", {
      version: tarball.version,
      unpackedSize: tarball.unpackedSize,
      files: tarball.files.map(({ path }) => path),
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

interface Packed {
  filename: string;
  version: string;
  unpackedSize: number;
  files: { path: string }[];
}

function firstOf(packed: Packed[] | Record<string, Packed>): Packed {
  const first = Object.values(packed)[0];
  if (first === undefined) throw new Error("npm pack made no tarball.");
  return first;
}
