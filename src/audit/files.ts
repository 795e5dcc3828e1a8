import type * as FileSystem from "node:fs";
import { errorCode, OpleadError } from "../core/errors.ts";
import { options, type Schema, text, wholeNumber } from "../core/validate.ts";
import { tellPart } from "../locales/en/core.ts";

/** Where an audit is kept. */
export interface AuditPlace {
  /**
   * The path of the file; its folder must exist. The day is added to the name: `audit.jsonl` becomes
   * `audit.2026-01-31.jsonl`, and so on.
   */
  readonly file: string;
  /** After how many days a file is deleted. Default: never. */
  readonly keepDays?: number | undefined;
}

/** Checks that a value is an {@link AuditPlace}. */
export function auditPlace(): Schema {
  return options<AuditPlace>({ keepDays: wholeNumber(1, 36_500) }, { file: text() }, tellPart("not_audit_place"));
}

/**
 * Loads node:fs when it is first needed, because importing it takes 3 ms. A plain `import` would also break bundles for
 * browsers and workers, which have no files.
 */
export function fileSystem(): typeof FileSystem {
  const found = globalThis.process?.getBuiltinModule?.("node:fs");
  if (found) return found;
  throw new OpleadError("audit_unavailable", "An audit file needs files: Node, Bun or Deno.");
}

/** Runs a task that reads or writes an audit. An error of the file system becomes an {@link OpleadError}. */
export function useAudit<T>(file: string, how: "read" | "written", task: () => T): T {
  try {
    return task();
  } catch (error) {
    const message = `The audit file ${file} cannot be ${how} (${errorCode(error) ?? "unknown reason"}).`;
    throw error instanceof OpleadError ? error : new OpleadError("audit_unavailable", message, { cause: error });
  }
}

/** Splits the name of an audit file into the name without its ending, and the ending. */
function halves(file: string): [start: string, end: string] {
  const [end = ""] = /\.[^./\\]+$/.exec(file) ?? [];
  return [file.slice(0, file.length - end.length), end];
}

/** The path of a day's file: `audit.2026-01-31.jsonl`. */
export function dayFile(file: string, day: string): string {
  const [start, end] = halves(file);
  return `${start}.${day}${end}`;
}

export function daysOf(file: string): string[] {
  const { existsSync, readdirSync } = fileSystem();
  const cut = Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1;
  const folder = file.slice(0, cut) || ".";
  const [start, end] = halves(file.slice(cut));
  const days = existsSync(folder) ? readdirSync(folder) : [];
  return days
    .filter((name) => name.startsWith(`${start}.`) && name.endsWith(end))
    .map((name) => name.slice(start.length + 1, name.length - end.length))
    .filter((day) => /^\d{4}-\d\d-\d\d$/.test(day))
    .sort();
}

/** The paths of all files of an audit: the single file, and the files by day. */
export function filesOf(file: string): string[] {
  const { existsSync } = fileSystem();
  return [...(existsSync(file) ? [file] : []), ...daysOf(file).map((day) => dayFile(file, day))];
}
