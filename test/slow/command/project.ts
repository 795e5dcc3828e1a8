import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { configWith, dealersCsv } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

export const bin = join(inject("consumers"), "node_modules/.bin/oplead-sdk");

export async function installedFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await folderWith(files);
  await symlink(join(inject("consumers"), "node_modules"), join(folder, "node_modules"));
  return folder;
}

// If the tests run as root, another user.
export const ORDINARY_USER = process.getuid?.() === 0 ? 65_534 : undefined;

export async function onlyReadable(folder: string): Promise<void> {
  await chmod(inject("consumers"), 0o755);
  await chmod(folder, 0o555);
}

export function project(rows = 3, lines = "", client = ""): Promise<string> {
  return installedFolder({ "oplead.config.mjs": configWith(lines, client), "dealers.csv": dealersCsv(rows) });
}
