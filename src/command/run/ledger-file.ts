/*
 * The whole ledger as one file, to move it to a new server or into a different kind of ledger. The file does not
 * contain the ledger's key.
 */

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Ledger, LedgerEntry, LedgerInfo } from "oplead-sdk/sync";
import { CommandError } from "../exit.ts";
import { told } from "../say.ts";
import { writePrivateFile } from "../shell/files.ts";

const FORMAT = "oplead-ledger";

/**
 * The notes of a ledger that an exported file holds. The ledger's key is left out, because it must not leave the place
 * where it is kept. The note about a run under way is left out, because no run uses the imported ledger.
 */
const NOTES = ["pause", "approval"] as const;

/** The first line of the file of an exported ledger. Each line after it is an entry. */
interface Head {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly entries: number;
  readonly info: LedgerInfo;
  readonly notes: Readonly<Partial<Record<(typeof NOTES)[number], string>>>;
}

/**
 * Writes every entry of the ledger, the ledger's info and its {@link NOTES} to a file that only the file's owner can
 * read. Returns the number of entries.
 */
export async function exportLedger(ledger: Ledger, file: string): Promise<number> {
  const lines: string[] = [];
  for await (const [accountNumber, { revision: _, ...entry }] of ledger.entries()) {
    lines.push(JSON.stringify({ accountNumber, entry }));
  }
  const { position: _, ...info } = (await ledger.getInfo()) ?? {};
  const notes = await Promise.all(NOTES.map(async (name) => [name, await ledger.readNote(name)] as const));
  const head: Head = { format: FORMAT, version: 1, entries: lines.length, info, notes: Object.fromEntries(notes) };
  writePrivateFile(file, `${[JSON.stringify(head), ...lines].join("\n")}\n`);
  return lines.length;
}

/** Whether a file was written by {@link exportLedger}. A pipe is not read, because it can be read only once. */
export function isLedgerFile(file: string): boolean {
  try {
    return (
      statSync(file).isFile() &&
      readFileSync(file).subarray(0, 64).toString("latin1").startsWith(`{"format":"${FORMAT}"`)
    );
  } catch {
    return false;
  }
}

/**
 * Reads a file of {@link exportLedger} into a ledger that is empty or has only entries of this file, so that an
 * interrupted import can be repeated. Nothing is written if the file is cut, if the ledger has an entry that differs
 * from the file's, or if the ledger has a different key.
 */
export async function importLedger(ledger: Ledger, file: string): Promise<number> {
  const { head, entries } = await readLedgerFile(file);
  const { key } = await ledger.fingerprints();
  const foreign = [...entries.values()].find((entry) => entry.key !== undefined && entry.key !== key);
  if (foreign) throw new CommandError("import", told("import_other_key"));
  const missing = new Map(entries);
  for await (const [accountNumber, { revision: _, ...known }] of ledger.entries()) {
    const wanted = entries.get(accountNumber);
    if (wanted === undefined || JSON.stringify(wanted) !== JSON.stringify(known)) {
      throw new CommandError("import", told("import_not_empty", { user: accountNumber }));
    }
    missing.delete(accountNumber);
  }
  for (const [accountNumber, entry] of missing) await ledger.replace(accountNumber, 0, entry);
  for (const name of NOTES) {
    const value = head.notes[name];
    if (value !== undefined) await ledger.writeNote(name, undefined, value);
  }
  await ledger.setInfo({ ...head.info, openRunId: undefined });
  return entries.size;
}

async function readLedgerFile(file: string): Promise<{ head: Head; entries: Map<string, LedgerEntry> }> {
  const entries = new Map<string, LedgerEntry>();
  let head: Head | undefined;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line === "") continue;
      const parsed = JSON.parse(line);
      if (head === undefined) head = parsed as Head;
      else entries.set(String(parsed.accountNumber), parsed.entry);
    }
  } catch {
    throw new CommandError("import", told("import_file_damaged", { file }));
  }
  if (head?.version !== 1 || head.entries !== entries.size) {
    throw new CommandError("import", told("import_file_damaged", { file }));
  }
  return { head, entries };
}
