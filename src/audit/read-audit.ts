import { OpleadError } from "../core/errors.ts";
import { isObject, jsonIn } from "../core/values.ts";
import { fileSystem, filesOf, useAudit } from "./files.ts";
import { AUDIT_FORM, type AuditLine } from "./line.ts";

export interface AuditQuery {
  readonly accountNumber?: string | undefined;
  readonly id?: string | undefined;
  readonly run?: string | undefined;
  readonly runs?: boolean | undefined;
}

// Only lines that may match are parsed: a million take less than a second. Half lines of killed processes are skipped; a
// line of an unknown version is an error, because the result would be incomplete.
export function* readAudit(file: string, query: AuditQuery = {}): Generator<AuditLine> {
  const { runs = false, ...members } = query;
  const wanted = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const [first] = wanted;
  const needle = Buffer.from(first ? member(...first) : runs ? '"event":"run_' : '{"');
  // Shared by all files: allocating it costs more than reading a small file.
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (const path of useAudit(file, "read", () => filesOf(file))) {
    for (const text of linesWith(path, needle, buffer)) {
      const line = parse(path, text);
      if (line === undefined || (runs && line.event === "user")) continue;
      if (wanted.every(([name, value]) => line[name as keyof AuditLine] === value)) yield line;
    }
  }
}

function member(name: string, value: string): string {
  return `"${name}":${JSON.stringify(value)}`;
}

function parse(path: string, text: string): AuditLine | undefined {
  const line = jsonIn(text);
  if (!isObject(line)) return undefined;
  const { version } = line;
  // A line without a version was written by another program.
  if (version === undefined) return undefined;
  // Checking the fields of a million lines would take longer than parsing them.
  if (version === AUDIT_FORM) return line as unknown as AuditLine;
  const problem = `The audit file ${path} has lines of version ${String(version)}, which this version of oplead-sdk does not know.`;
  throw new OpleadError("audit_unavailable", `${problem} Use the version that wrote them, or move the file away.`);
}

// Bytes of the buffer; no line is as long.
const CHUNK = 4_194_304;
// Bytes of one read, few enough to be in the processor's cache when they are searched.
const STEP = 262_144;
const NEWLINE = 10;

// Searches bytes, and decodes only lines that match.
function* linesWith(path: string, needle: Buffer, buffer: Buffer): Generator<string> {
  const { openSync, readSync, closeSync } = fileSystem();
  const use = <T>(task: () => T): T => useAudit(path, "read", task);
  const descriptor = use(() => openSync(path, "r"));
  try {
    for (let kept = 0, read = 1; read > 0; ) {
      read = use(() => readSync(descriptor, buffer, kept, Math.min(STEP, CHUNK - kept), null));
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

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

// Replaces the account number in place by a random one of the same length, so that lines that other processes write
// meanwhile are not lost.
export function forgetAudit(file: string, accountNumber: string): number {
  const needle = Buffer.from(member("accountNumber", accountNumber));
  const replacement = Buffer.from(member("accountNumber", unusedLike(file, accountNumber, needle.length)));
  return useAudit(file, "written", () => {
    let changed = 0;
    for (const path of filesOf(file)) changed += replaceIn(path, needle, replacement);
    return changed;
  });
}

// An unused account number with as many bytes as the given one, because lines are changed in place.
function unusedLike(file: string, accountNumber: string, bytes: number): string {
  const length = bytes - Buffer.byteLength(member("accountNumber", ""));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const random = crypto.getRandomValues(new Uint8Array(length));
    const name = Array.from(random, (value) => LETTERS[value % LETTERS.length]).join("");
    if (name !== accountNumber && readAudit(file, { accountNumber: name }).next().done) return name;
  }
  // All numbers of this length seem taken: another user may have this one.
  return "x".repeat(length);
}

function replaceIn(path: string, needle: Buffer, replacement: Buffer): number {
  const { openSync, readSync, writeSync, closeSync } = fileSystem();
  const descriptor = openSync(path, "r+");
  try {
    const buffer = Buffer.allocUnsafe(1_048_576);
    let changed = 0;
    for (let start = 0; ; ) {
      const read = readSync(descriptor, buffer, 0, buffer.length, start);
      const chunk = buffer.subarray(0, read);
      for (let at = chunk.indexOf(needle); at !== -1; at = chunk.indexOf(needle, at + needle.length)) {
        writeSync(descriptor, replacement, 0, replacement.length, start + at);
        changed += 1;
      }
      if (read < buffer.length) return changed;
      // A number on the border of two chunks is found in the second one.
      start += read - needle.length + 1;
    }
  } finally {
    closeSync(descriptor);
  }
}
