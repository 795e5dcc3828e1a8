/** A folder as a reader of the documentation has it: the installed tarball, and the packages that recipes use. */
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** Development dependencies of the repository that pages import. */
const PACKAGES = [
  "@hono/node-server",
  "@opentelemetry/api",
  "@opentelemetry/sdk-trace-node",
  "@types/express",
  "bullmq",
  "express",
  "fastify",
  "hono",
  "ioredis",
  "keyv",
  "msw",
  "mysql2",
  "openapi-typescript",
  "pg",
  "pg-query-stream",
  "pino",
  "prom-client",
  "ssh2-sftp-client",
  "typescript",
  "write-excel-file",
  "zod",
];

export interface ReaderFolders {
  /** A folder for PATH. Its `npx` starts installed commands, as the real one does, but faster. */
  readonly bin: string;
  /** An empty folder with a package.json in which the packages are installed. */
  create(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function readerFolders(consumers: string): Promise<ReaderFolders> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "oplead-docs-")));
  const modules = join(base, "node_modules");
  // The packages are copied and not linked, because a package looks for its optional peers from its real folder.
  await cp(join(consumers, "node_modules"), modules, { recursive: true, verbatimSymlinks: true });
  const installed = new Set(await readdir(modules));
  for (const name of PACKAGES) {
    if (installed.has(name)) continue;
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await realpath(join(repository, name)), join(modules, name), "dir");
  }
  // undici 7 is the newest version that Node 20 loads.
  await symlink(await realpath(join(repository, "undici7")), join(modules, "undici"), "dir");
  const bin = join(base, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "npx"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  // A reader's `npx tsx` downloads tsx. Here it starts the repository's tsx. `npx tsc` is the newest compiler.
  await symlink(await realpath(join(repository, ".bin/tsx")), join(bin, "tsx"));
  await symlink(await realpath(join(repository, "typescript-7/bin/tsc")), join(bin, "tsc"));
  return {
    bin,
    async create(name) {
      const folder = join(base, name);
      // A second try begins with an empty folder too.
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      await symlink(modules, join(folder, "node_modules"), "dir");
      await writeFile(join(folder, "package.json"), '{ "private": true }\n');
      return folder;
    },
    remove: () => rm(base, { recursive: true, force: true }),
  };
}
