import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../node_modules", import.meta.url));

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
  // For PATH. Its `npx` starts installed commands without asking the registry.
  readonly bin: string;
  create(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function readerFolders(consumers: string): Promise<ReaderFolders> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "oplead-docs-")));
  const modules = join(base, "node_modules");
  // Not linked: a package looks for its optional peers from its real folder.
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
  await symlink(await realpath(join(repository, ".bin/tsx")), join(bin, "tsx"));
  await symlink(await realpath(join(repository, "typescript-7/bin/tsc")), join(bin, "tsc"));
  return {
    bin,
    async create(name) {
      const folder = join(base, name);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      await symlink(modules, join(folder, "node_modules"), "dir");
      await writeFile(join(folder, "package.json"), '{ "private": true }\n');
      return folder;
    },
    remove: () => rm(base, { recursive: true, force: true }),
  };
}
