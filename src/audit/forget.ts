import { argumentsCheck, text } from "../base/validation/validate.ts";
import { fileSystem, filesOf, useAudit } from "./files.ts";
import { member, readAudit } from "./read-audit.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Replaces an account number by a random one of the same length in all files of an audit, in place, so that processes that write them meanwhile lose
 * nothing. What happened stays on record, and no line tells any more whom it happened to. Oplead's own IDs and request ids stay.
 *
 * @returns how many lines were changed.
 * @throws {@link OpleadError} `invalid_input`, `audit_unavailable`.
 */
export function forgetAudit(file: string, accountNumber: string): number {
  checkForget({ file, accountNumber });
  const needle = Buffer.from(member("accountNumber", accountNumber));
  const replacement = Buffer.from(member("accountNumber", unusedLike(file, accountNumber, needle.length)));
  return useAudit(file, "written", () => {
    let changed = 0;
    for (const path of filesOf(file)) changed += replaceIn(path, needle, replacement);
    return changed;
  });
}

const checkForget = /* @__PURE__ */ argumentsCheck("forgetAudit", () => ({ file: text(), accountNumber: text() }));

/** A random account number that takes as many bytes, and that no line has. */
function unusedLike(file: string, accountNumber: string, bytes: number): string {
  const length = bytes - Buffer.byteLength(member("accountNumber", ""));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const random = crypto.getRandomValues(new Uint8Array(length));
    const name = Array.from(random, (value) => LETTERS[value % LETTERS.length]).join("");
    if (name !== accountNumber && readAudit(file, { accountNumber: name }).next().done) return name;
  }
  // So short that all are taken: it is shared then.
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
      // One that lies on the border is found in the next chunk.
      start += read - needle.length + 1;
    }
  } finally {
    closeSync(descriptor);
  }
}
