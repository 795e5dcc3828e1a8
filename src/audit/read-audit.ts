import { argumentsCheck, boolean, options, text } from "../base/validation/validate.ts";
import { fileSystem, filesOf, useAudit } from "./files.ts";
import type { AuditLine } from "./line.ts";

/** Which lines of an audit are read. Default: all. */
export interface AuditQuery {
  /** Those of this user. */
  readonly accountNumber?: string | undefined;
  /** Those of this run. */
  readonly run?: string | undefined;
  /** Those about runs as a whole: that they began, had their plan, and ended. */
  readonly runs?: boolean | undefined;
}

/**
 * The lines of an audit, each file from its beginning; nothing if there is no file. Only what is asked for is parsed: a million lines take less
 * than a second. A line that a killed process left half, or of a version that is not known, is passed over.
 *
 * `file`: the path that {@link auditFile} was given. Files by day beside it are read as well.
 *
 * @throws {@link OpleadError} `invalid_input`, `audit_unavailable`.
 */
export function* readAudit(file: string, query: AuditQuery = {}): Generator<AuditLine> {
  checkArguments({ file, query });
  const { accountNumber, run, runs = false } = query;
  const needle = Buffer.from(
    accountNumber !== undefined
      ? member("accountNumber", accountNumber)
      : run !== undefined
        ? member("run", run)
        : runs
          ? '"event":"run_'
          : '{"',
  );
  for (const path of useAudit(file, "read", () => filesOf(file))) {
    for (const text of linesWith(path, needle)) {
      const line = parse(text);
      if (line === undefined) continue;
      if (accountNumber !== undefined && !("accountNumber" in line && line.accountNumber === accountNumber)) continue;
      if ((run === undefined || line.run === run) && (!runs || line.event !== "user")) yield line;
    }
  }
}

const checkArguments = argumentsCheck("readAudit", () => ({
  file: text(),
  query: options({ accountNumber: text(), run: text(), runs: boolean() }),
}));

/** A member as `JSON.stringify` writes it. */
export function member(name: string, value: string): string {
  return `"${name}":${JSON.stringify(value)}`;
}

function parse(text: string): AuditLine | undefined {
  try {
    const line = JSON.parse(text) as AuditLine;
    // Previews wrote lines for users only, without these fields.
    const before = { version: 1, origin: "sync", event: "user", failures: [] } as const;
    if (line.version === undefined && "accountNumber" in (line as object)) return Object.assign(before, line);
    return line.version === 1 ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Read at once. No line is as long. */
const CHUNK = 4_194_304;
const NEWLINE = 10;

/** The lines that contain some bytes. They are looked for before anything is made of the rest. */
function* linesWith(path: string, needle: Buffer): Generator<string> {
  const { openSync, readSync, closeSync } = fileSystem();
  const use = <T>(task: () => T): T => useAudit(path, "read", task);
  const descriptor = use(() => openSync(path, "r"));
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let kept = 0, read = 1; read > 0; ) {
      read = use(() => readSync(descriptor, buffer, kept, CHUNK - kept, null));
      const chunk = buffer.subarray(0, kept + read);
      const whole = read === 0 ? chunk.length : chunk.lastIndexOf(NEWLINE) + 1;
      for (let at = chunk.indexOf(needle); at !== -1 && at < whole; ) {
        const newline = chunk.indexOf(NEWLINE, at);
        const end = newline === -1 ? chunk.length : newline;
        yield chunk.toString("utf8", chunk.lastIndexOf(NEWLINE, at) + 1, end);
        at = chunk.indexOf(needle, end);
      }
      kept = chunk.length - whole;
      if (kept === CHUNK) kept = 0;
      else buffer.copyWithin(0, whole, chunk.length);
    }
  } finally {
    closeSync(descriptor);
  }
}
