import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { LoadedConfig } from "oplead-sdk/config";
import type { LedgerMark } from "oplead-sdk/sync";
import { writePrivateFile } from "../shell/write-file.ts";
import { auditPath } from "./trace.ts";

/** The marks of the ledgers by target, beside the audit file: where a ledger is restored, they are not. */
type Marks = Readonly<Record<string, LedgerMark | undefined>>;

/** The mark that the last run left; undefined before the first, and without an audit file. */
export function readLedgerMark(loaded: LoadedConfig): LedgerMark | undefined {
  return marksIn(pathOf(loaded))[nameOf(loaded)];
}

export function writeLedgerMark(loaded: LoadedConfig, mark: LedgerMark): void {
  const path = pathOf(loaded);
  if (path === undefined) return;
  writePrivateFile(path, `${JSON.stringify({ ...marksIn(path), [nameOf(loaded)]: mark }, undefined, 2)}\n`);
}

function pathOf(loaded: LoadedConfig): string | undefined {
  const audit = auditPath(loaded);
  return audit === undefined ? undefined : resolve(dirname(audit), "oplead-ledger.mark.json");
}

function nameOf({ target = "default" }: LoadedConfig): string {
  return target;
}

function marksIn(path: string | undefined): Marks {
  try {
    return path === undefined ? {} : (JSON.parse(readFileSync(path, "utf8")) as Marks);
  } catch {
    // There is none yet, or it is damaged: then an older copy is not recognised this time.
    return {};
  }
}
