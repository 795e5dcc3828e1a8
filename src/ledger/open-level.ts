import type { ClassicLevel } from "classic-level";
import { errorCode } from "../error-code.ts";
import { OpleadError } from "../errors.ts";
import { plainWords, safeCause } from "../redact.ts";
import { ledgerError } from "./ledger-error.ts";

/** Opens the LevelDB in a directory, which is created if it is missing. */
export async function openLevel(path: string): Promise<ClassicLevel> {
  const { ClassicLevel } = await import("classic-level").catch((error: unknown) => {
    throw notLoaded(error);
  });
  // Without compression a damaged byte spoils one value, not the block of values around it.
  const level = new ClassicLevel(path, { compression: false });
  try {
    await level.open();
    return level;
  } catch (error) {
    throw levelFailure(path, error, true);
  }
}

/**
 * Moves the last writes, if there are any, from LevelDB's log to its tables, then closes. A log that is cut off looks like
 * one that ended there; a table that is cut off is an error.
 */
export async function closeLevel(level: ClassicLevel, hasWritten: boolean): Promise<void> {
  try {
    if (hasWritten) await level.compactRange("", "\u{10ffff}");
  } finally {
    await level.close();
  }
}

/** A failure while the database is opened, or afterwards. */
export function levelFailure(path: string, error: unknown, isOpening = false): OpleadError {
  const code = codeOf(error);
  if (code === "LEVEL_CORRUPTION") {
    return final(
      `The ledger at ${path} is damaged. Restore it from a backup, or delete the directory: the next run then looks up ` +
        "every user by its account number and writes the ledger anew.",
      error,
    );
  }
  if (code === "LEVEL_LOCKED") {
    return ledgerError(
      `The ledger at ${path} is in use: another process, or another fileLedger of this one, has it open. Two runs at ` +
        "once would send everything twice. Wait until the other one has ended, or use a ledger that processes can share: " +
        "redisLedger or keyvLedger.",
      error,
    );
  }
  const advice =
    " If its files are incomplete, restore them from a backup or delete the directory: the next run then looks up every " +
    "user by its account number.";
  const what = isOpening ? "opened" : "read or written";
  return ledgerError(
    `The ledger at ${path} cannot be ${what} (${code ?? "no code"}).${isOpening ? "" : advice}`,
    error,
  );
}

/** The package cannot be imported. */
export function notLoaded(error: unknown): OpleadError {
  const code = codeOf(error);
  const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  const message = isMissing
    ? "fileLedger needs the package classic-level, which is not installed here: npm install classic-level@3"
    : "fileLedger found the package classic-level, but its binary cannot be loaded. If this program is a bundle, keep " +
      "classic-level out of it (esbuild: --external:classic-level) and install it beside the bundle. Otherwise there may " +
      "be no binary for this platform: use keyvLedger.";
  return final(message, error);
}

/** Trying again does not help. */
function final(message: string, error: unknown): OpleadError {
  return new OpleadError("ledger_unavailable", message, { retryable: false, cause: safeCause(error, plainWords) });
}

/** The reason is in the cause: the error itself only says that opening failed. */
function codeOf(error: unknown): string | undefined {
  return (error instanceof Error ? codeOf(error.cause) : undefined) ?? errorCode(error);
}
