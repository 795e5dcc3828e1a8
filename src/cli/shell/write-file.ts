import { chmodSync, lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** Files with account numbers or personal data are for their owner alone. */
const OWNER_ONLY = 0o600;

/**
 * Writes a file as a whole, or leaves the one that is there. It is made beside its place and moved there, so that a symbolic
 * link, which another user may have put into a shared folder, is replaced and not followed. A file of our own keeps the
 * permissions that it has been given. `mode`: those of a new file.
 */
export function writePrivateFile(file: string, text: string, mode = OWNER_ONLY): void {
  const path = resolve(file);
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before?.isFIFO() || /^\/(?:dev|proc)\//.test(path)) {
    writeFileSync(path, text);
    return;
  }
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    writeFileSync(draft, text, { mode, flag: "wx" });
    if (before?.isFile() && before.uid === process.getuid?.()) chmodSync(draft, before.mode);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
