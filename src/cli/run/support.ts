import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { LoadedConfig } from "oplead-sdk/config";
import type { SyncFailure } from "oplead-sdk/sync";
import { writePrivateFile } from "../shell/write-file.ts";
import { auditPath } from "./trace.ts";

/** The texts for Oplead Care of the newest failure of each user. They hold no personal data. */
type Texts = Readonly<Record<string, string>>;

/** As many users as are kept, the newest failures. */
const KEPT = 1_000;

/** Beside the audit file; undefined without one. */
function pathOf(loaded: LoadedConfig): string | undefined {
  const audit = auditPath(loaded);
  return audit === undefined ? undefined : resolve(dirname(audit), "oplead-support.json");
}

/** The text of the last failure of a user; undefined if there is none. */
export function supportText(loaded: LoadedConfig, accountNumber: string): string | undefined {
  const texts = textsIn(pathOf(loaded));
  return Object.hasOwn(texts, accountNumber) ? texts[accountNumber] : undefined;
}

/** Keeps the texts of the failures of a run. */
export function writeSupportTexts(loaded: LoadedConfig, failures: readonly SyncFailure[]): void {
  const path = pathOf(loaded);
  if (path === undefined || failures.length === 0) return;
  const texts = new Map(Object.entries(textsIn(path)));
  for (const { accountNumber, error } of failures) {
    texts.delete(accountNumber);
    texts.set(accountNumber, error.supportReport());
  }
  writePrivateFile(path, `${JSON.stringify(Object.fromEntries([...texts].slice(-KEPT)), undefined, 2)}\n`);
}

function textsIn(path: string | undefined): Texts {
  try {
    return path === undefined ? {} : (JSON.parse(readFileSync(path, "utf8")) as Texts);
  } catch {
    // There is none yet, or it is damaged.
    return {};
  }
}
