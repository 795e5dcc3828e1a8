import type * as FileSystem from "node:fs";
import { errorCode } from "../core/errors.ts";
import { KeyedLock } from "../core/keyed.ts";
import { tellFileLedger } from "../locales/en/failures.ts";
import { type LedgerNote, ledgerError } from "./ledger.ts";
import type { Notes } from "./notes.ts";

const FILES: readonly LedgerNote[] = ["key", "pause"];

// Key and pause are beside the folder: a copy of it has no key, and the pause can be set during a run.
export function withNoteFiles(path: string, others: Notes): Notes {
  const writes = new KeyedLock();
  // The real path is kept, because a run reads the pause very often.
  let real: string | undefined;
  // The files are beside the real folder: releases of a deployment that link to one ledger share the key and the pause.
  const noteFile = async (name: LedgerNote): Promise<string> => {
    const folder = path.replace(/[\\/]+$/, "");
    const { realpath } = (await fileSystem()).promises;
    real ??= await realpath(folder).catch(() => undefined);
    return `${real ?? folder}.${name}`;
  };
  return {
    readNote: async (name) => (FILES.includes(name) ? read(await noteFile(name)) : others.readNote(name)),
    writeNote: async (name, expected, value) => {
      if (!FILES.includes(name)) return others.writeNote(name, expected, value);
      const file = await noteFile(name);
      return writes.run(
        name,
        (previous) => previous,
        async () => (await read(file)) === expected && (await write(file, expected === undefined, value)),
      );
    },
  };
}

async function read(file: string): Promise<string | undefined> {
  const { promises, statSync } = await fileSystem();
  try {
    // `statSync` is much faster than a failing read in another thread.
    if (!statSync(file, { throwIfNoEntry: false })) return undefined;
    return (await promises.readFile(file, "utf8")).replace(/\r?\n$/, "");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw failure("note_not_read", file, error);
  }
}

// Renames a temporary file, so that the file is whole. `isNew`: an existing file stays, and the result is false.
async function write(file: string, isNew: boolean, value: string | undefined): Promise<boolean> {
  const { copyFile, link, mkdir, open, rename, rm, constants } = (await fileSystem()).promises;
  const temporary = `${file}.${crypto.randomUUID()}.tmp`;
  try {
    if (value === undefined) {
      await rm(file, { force: true });
      return true;
    }
    await mkdir(folderOf(file), { recursive: true, mode: 0o700 });
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(`${value}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!isNew) await rename(temporary, file);
    else
      await link(temporary, file).catch((error) => {
        if (errorCode(error) === "EEXIST") throw error;
        return copyFile(temporary, file, constants.COPYFILE_EXCL);
      });
    return true;
  } catch (error) {
    if (isNew && errorCode(error) === "EEXIST") return false;
    throw failure("note_not_written", file, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

function folderOf(file: string): string {
  return /^(.*)[\\/]/.exec(file)?.[1] || (/^[\\/]/.test(file) ? "/" : ".");
}

function failure(problem: "note_not_read" | "note_not_written", file: string, error: unknown): Error {
  return ledgerError(tellFileLedger(problem, { file, code: errorCode(error) ?? "no code" }), error);
}

// A plain import would break bundles for browsers and workers.
export async function fileSystem(): Promise<typeof FileSystem> {
  const name = "node:fs";
  const builtIn = globalThis.process?.getBuiltinModule?.(name);
  return builtIn ?? (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)); // a run time that imitates Node without it
}
