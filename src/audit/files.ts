import type * as FileSystem from "node:fs";
import { errorCode, OpleadError } from "../core/errors.ts";
import { options, type Schema, text, wholeNumber } from "../core/validate.ts";
import { tellPart } from "../locales/en/core.ts";

/** Where an audit is kept. */
export interface AuditPlace {
  /** Path of the file; its folder must exist. The day is added to the name: `audit.2026-01-31.jsonl`. */
  readonly file: string;
  /** Days after which a file is deleted. Default: never. */
  readonly keepDays?: number | undefined;
}

export function auditPlace(): Schema {
  return options<AuditPlace>({ keepDays: wholeNumber(1, 36_500) }, { file: text() }, tellPart("not_audit_place"));
}

// Importing node:fs takes 3 ms, and breaks bundles for browsers and workers.
export function fileSystem(): typeof FileSystem {
  const found = globalThis.process?.getBuiltinModule?.("node:fs");
  if (found) return found;
  throw new OpleadError("audit_unavailable", "An audit file needs files: Node, Bun or Deno.");
}

export function useAudit<T>(file: string, how: "read" | "written", task: () => T): T {
  try {
    return task();
  } catch (error) {
    const message = `The audit file ${file} cannot be ${how} (${errorCode(error) ?? "unknown reason"}).`;
    throw error instanceof OpleadError ? error : new OpleadError("audit_unavailable", message, { cause: error });
  }
}

function halves(file: string): [start: string, end: string] {
  const [end = ""] = /\.[^./\\]+$/.exec(file) ?? [];
  return [file.slice(0, file.length - end.length), end];
}

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

export function filesOf(file: string): string[] {
  const { existsSync } = fileSystem();
  return [...(existsSync(file) ? [file] : []), ...daysOf(file).map((day) => dayFile(file, day))];
}
