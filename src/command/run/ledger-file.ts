import { readFileSync, statSync } from "node:fs";
import type { Ledger, LedgerEntry, LedgerPlatform } from "oplead-sdk/sync";
import type { LedgerInfo } from "#parts";
import { canonicalJson, hashText, readEntry, readInfo } from "#parts";
import { isObject, jsonIn } from "../../core/values.ts";
import { CommandError } from "../exit.ts";
import { told } from "../say.ts";
import { writePrivateFile } from "../shell/files.ts";

const FORMAT = "oplead-ledger";
const VERSION = 2;

// Notes in the file: not the key, which stays where it is kept, and not the note of a run under way.
const NOTES = ["pause", "approval"] as const;

interface Head {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly entries: number;
  readonly info: LedgerInfo;
  readonly notes: Readonly<Partial<Record<(typeof NOTES)[number], string>>>;
}

export async function exportLedger(ledger: Ledger, file: string): Promise<number> {
  const entries: object[] = [];
  for await (const [accountNumber, { revision: _, ...entry }] of ledger.entries()) {
    entries.push({ accountNumber, entry });
  }
  const { position: _, ...info } = (await ledger.getInfo()) ?? {};
  const notes = await Promise.all(NOTES.map(async (name) => [name, await ledger.readNote(name)] as const));
  const head: Head = {
    format: FORMAT,
    version: VERSION,
    entries: entries.length,
    info,
    notes: Object.fromEntries(notes),
  };
  const lines: string[] = [];
  for (const content of [head, ...entries]) lines.push(sealed(content, lines.at(-1) ?? ""));
  writePrivateFile(file, `${lines.join("\n")}\n`);
  return entries.length;
}

// The checksum of a line covers the line before it, too: the first line that differs is known, and the last one covers
// the whole file.
function sealed(content: object, before: string): string {
  return JSON.stringify({ ...content, sum: hashText(before + JSON.stringify(content)).slice(0, 8) });
}

// A ledger file is JSON, even if its head was moved; no CSV file begins with `{`. A pipe can be read only once.
export function isLedgerFile(file: string): boolean {
  try {
    return statSync(file).isFile() && readFileSync(file, "utf8").trimStart().startsWith("{");
  } catch {
    return false;
  }
}

export function nameOf(platform: LedgerPlatform | undefined): string {
  const { baseUrl = "", name } = platform ?? {};
  return name === undefined ? baseUrl : `${baseUrl} (${name})`;
}

// Imports into an empty ledger, or one with entries of this file only, so an interrupted import can be repeated. Writes
// nothing if the file was changed, the ledger has other entries, or the key or platform is another.
export async function importLedger(
  ledger: Ledger,
  file: string,
  platform: LedgerPlatform | undefined,
): Promise<number> {
  const { info, notes, entries } = readLedgerFile(file);
  if (info?.platform && platform && nameOf(info.platform) !== nameOf(platform)) {
    const names = { stored: nameOf(info.platform), current: nameOf(platform) };
    throw new CommandError("import", told("import_other_platform", names));
  }
  const keys = await ledger.fingerprints();
  const foreign = [...entries.values()].find(({ key }) => key !== undefined && !keys.reads(key));
  if (foreign) throw new CommandError("import", told("import_other_key"));
  const notEmpty = (user: string) => new CommandError("import", told("import_not_empty", { user }));
  const missing = new Map(entries);
  for await (const [accountNumber, { revision: _, ...known }] of ledger.entries()) {
    if (canonicalJson(entries.get(accountNumber)) !== canonicalJson(known)) throw notEmpty(accountNumber);
    missing.delete(accountNumber);
  }
  for (const [accountNumber, entry] of missing) {
    if (!(await ledger.replace(accountNumber, 0, entry))) throw notEmpty(accountNumber);
  }
  for (const name of NOTES) {
    const value = notes[name];
    if (value !== undefined) await ledger.writeNote(name, undefined, value);
  }
  if (info) await ledger.setInfo(info);
  return entries.size;
}

function readLedgerFile(file: string) {
  const differs = (line: number) => new CommandError("import", told("import_line_differs", { file, line }));
  const [first = "", ...lines] = readFileSync(file, "utf8").trimEnd().split(/\r?\n/);
  const head = contentOf(first) as Partial<Head>;
  if (head.format === FORMAT && head.version !== VERSION) {
    throw new CommandError("import", told("import_other_form", { file }));
  }
  if (head.format !== FORMAT || sealed(head, "") !== first) throw differs(1);
  const entries = new Map<string, LedgerEntry>();
  const lineOf = new Map<string, number>();
  let before = first;
  for (const [at, text] of lines.entries()) {
    const line = at + 2;
    const content = contentOf(text);
    const { accountNumber, entry: given } = content;
    const entry = readEntry(given);
    // An entry that was damaged in the exported ledger is marked as damaged.
    const isDamaged = entry.damaged && !Object(given).damaged;
    const isUser = typeof accountNumber === "string" && /^\S/.test(accountNumber);
    if (sealed(content, before) !== text || isDamaged || !isUser) throw differs(line);
    before = text;
    for (const name of [`account ${accountNumber}`, ...(entry.id === undefined ? [] : [`id ${entry.id}`])]) {
      const other = lineOf.get(name);
      if (other !== undefined) throw new CommandError("import", told("import_line_twice", { file, line, other }));
      lineOf.set(name, line);
    }
    entries.set(accountNumber, entry);
  }
  if (head.entries !== lines.length) throw differs(lines.length + 2);
  return { info: readInfo(head.info), notes: head.notes ?? {}, entries };
}

function contentOf(line: string): Readonly<Record<string, unknown>> {
  const value = jsonIn(line);
  if (!isObject(value)) return {};
  const { sum: _, ...content } = value;
  return content;
}
