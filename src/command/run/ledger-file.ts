import { createReadStream, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Ledger, LedgerEntry, LedgerInfo } from "oplead-sdk/sync";
import { CommandError } from "../exit.ts";
import { told } from "../say.ts";
import { writePrivateFile } from "../shell/files.ts";

const FORMAT = "oplead-ledger";

// Without the key, which stays where it is kept, and without the note of a run under way.
const NOTES = ["pause", "approval"] as const;

interface Head {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly entries: number;
  readonly info: LedgerInfo;
  readonly notes: Readonly<Partial<Record<(typeof NOTES)[number], string>>>;
}

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

// A pipe can be read only once.
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

// Into an empty ledger, or one with entries of this file only: an interrupted import can be repeated. A file that is
// cut, other entries or another key write nothing.
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
