import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { configWith, dealersCsv } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";

/** The bin of the installed tarball, as npm links it. */
export const bin = join(inject("consumers"), "node_modules/.bin/oplead");

/** A folder in which the packed tarball is installed. */
export async function installedFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await folderWith(files);
  await symlink(join(inject("consumers"), "node_modules"), join(folder, "node_modules"));
  return folder;
}

/**
 * A user without special rights. If the tests run as root, who may read and write everything, it is another user.
 * Otherwise it is the user of the tests.
 */
export const ORDINARY_USER = process.getuid?.() === 0 ? 65_534 : undefined;

/** Lets {@link ORDINARY_USER} read a folder and the installed package, but not write to them. */
export async function onlyReadable(folder: string): Promise<void> {
  await chmod(inject("consumers"), 0o755);
  await chmod(folder, 0o555);
}

/** A folder with a config and a CSV file of dealers. */
export function project(rows = 3, lines = "", client = ""): Promise<string> {
  return installedFolder({ "oplead.config.mjs": configWith(lines, client), "dealers.csv": dealersCsv(rows) });
}
