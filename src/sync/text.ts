import { showIdentity } from "../base/redact.ts";
import { number } from "../base/words.ts";
import type { DuplicateUser, InvalidRecord, SourcePosition, SuspiciousRecord } from "./types/records.ts";

/** Lines of amounts, those of zero left out: `    12  new`. */
export function amounts(lines: readonly (readonly [amount: number, what: string])[]): string[] {
  const shown = lines.filter(([amount]) => amount > 0).map(([amount, what]) => [number(amount), what] as const);
  const width = Math.max(0, ...shown.map(([amount]) => amount.length));
  return shown.map(([amount, what]) => `  ${amount.padStart(width)}  ${what}`);
}

/** The first few of a list, one to a line under a title; nothing for an empty one. */
export function firstFew<T>(title: string, items: readonly T[], line: (item: T) => string, few = 10): string[] {
  if (items.length === 0) return [];
  const more = items.length > few ? [`  … and ${number(items.length - few)} more`] : [];
  return ["", `${title}:`, ...items.slice(0, few).map((item) => `  ${line(item)}`), ...more];
}

/** The first few records with problems, and what is wrong with each. */
export function firstProblems(title: string, records: readonly (InvalidRecord | SuspiciousRecord)[]): string[] {
  return firstFew(title, records, (record) => `${userAt(record)}  ${problemsOf(record)}`);
}

function problemsOf({ issues }: InvalidRecord | SuspiciousRecord): string {
  return issues.map(({ path, message }) => `${path} ${message}`.trimStart()).join("; ");
}

export function firstDuplicates(users: readonly DuplicateUser[]): string[] {
  return firstFew("Several records each", users, ({ accountNumber, records, rows }) => {
    const places = records.map((record, index) => placeOf({ record, row: rows[index] }));
    return `${who(accountNumber)}  ${places.join(", ")}`;
  });
}

/** A user and where it stands, if `rowOf` tells: `DLR-1 (row 17)`. A record without an account number: `row 17`. */
export function userAt(user: SourcePosition & { readonly accountNumber: string | undefined }): string {
  if (user.accountNumber === undefined) return placeOf(user);
  return user.row === undefined ? who(user.accountNumber) : `${who(user.accountNumber)} (${placeOf(user)})`;
}

function placeOf({ record, row }: SourcePosition): string {
  if (row === undefined) return `record ${record}`;
  return typeof row === "number" ? `row ${row}` : row;
}

/** What Oplead answered: `rejected 422`, or `timeout` if it did not. */
export function answerOf({ code, status }: { readonly code: string; readonly status?: number | undefined }): string {
  return status === undefined ? code : `${code} ${status}`;
}

/** How often each name occurs, the commonest first: `company 3, address 2`. */
export function tally(names: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${number(count)}`)
    .join(", ");
}

/** An account number fit to be shown. */
export const who = showIdentity;

/** The first five of many account numbers: `DLR-1, DLR-2, …`. */
export function someOf(accountNumbers: readonly string[]): string {
  return `${accountNumbers.slice(0, 5).map(who).join(", ")}${accountNumbers.length > 5 ? ", …" : ""}`;
}

/** A heading with a table of amounts, those of zero left out. */
export function amountsTable(lines: readonly (readonly [amount: number, what: string])[]): string[] {
  const rows = lines.filter(([amount]) => amount > 0).map(([amount, what]) => [number(amount), what]);
  return rows.length === 0 ? [] : markdownTable(["users", ""], rows);
}

/** The first rows of a table under a heading that folds; nothing for an empty list. */
export function foldedTable<T>(
  title: string,
  head: readonly string[],
  items: readonly T[],
  row: (item: T) => readonly string[],
  most = 50,
): string[] {
  if (items.length === 0) return [];
  const more = items.length > most ? ["", `… and ${number(items.length - most)} more`] : [];
  const rows = items.slice(0, most).map(row);
  return [
    "",
    `<details><summary>${title} (${number(items.length)})</summary>`,
    "",
    ...markdownTable(head, rows),
    ...more,
    "",
    "</details>",
  ];
}

/** Records with problems as a table under a heading that folds. */
export function problemTable(
  title: string,
  heading: string,
  records: readonly (InvalidRecord | SuspiciousRecord)[],
): string[] {
  return foldedTable(title, ["record", heading], records, (record) => [userAt(record), problemsOf(record)]);
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)];
}

/** Text that stays text: it can neither end its cell, nor become HTML, a link, a mention or emphasis. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>|#@!~&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
