// Workers are killed at their end, so they cannot remove the folder of `built.ts` themselves.
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    built: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "oplead-built-")));
  project.provide("built", folder);
  return () => rm(folder, { recursive: true, force: true });
}
