import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes all files or none. It writes each text to a temporary file first, so that most failures happen before a file is
 * replaced. If replacing fails half-way, it restores the files that it has replaced.
 */
export async function saveAll(texts: ReadonlyMap<URL, string>): Promise<void> {
  const drafts = [...texts].map(([file, text]) => ({ file, text, draft: new URL(`${file.href}.${process.pid}.tmp`) }));
  const replaced: { file: URL; before: string | undefined }[] = [];
  try {
    for (const { file, text, draft } of drafts) {
      await mkdir(new URL(".", file), { recursive: true });
      await writeFile(draft, text);
    }
    for (const { file, draft } of drafts) {
      const before = await readFile(file, "utf8").catch(() => undefined);
      await rename(draft, file);
      replaced.push({ file, before });
    }
  } catch (error) {
    for (const { file, before } of replaced) await (before === undefined ? rm(file) : writeFile(file, before));
    throw error;
  } finally {
    for (const { draft } of drafts) await rm(draft, { force: true });
  }
}
