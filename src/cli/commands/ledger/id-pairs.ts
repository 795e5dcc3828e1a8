import { CommandError } from "../../shell/command-error.ts";

/** `accountNumber,id` lines, with `,` or `;`, with or without a header and quotation marks. */
export function readPairs(text: string, file: string): [accountNumber: string, id: string][] {
  const pairs: [string, string][] = [];
  for (const [index, row] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (row.trim() === "") continue;
    const match = /^\s*(?:"((?:[^"]|"")*)"|([^",;]*?))\s*[,;\t]\s*(?:"((?:[^"]|"")*)"|([^",;]*?))\s*$/.exec(row);
    const accountNumber = (match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? "").trim();
    const id = (match?.[3]?.replaceAll('""', '"') ?? match?.[4] ?? "").trim();
    if (pairs.length === 0 && /^account_?number$/i.test(accountNumber)) continue;
    if (accountNumber === "" || id === "") {
      throw new CommandError("import", `${file}, line ${index + 1}: must be accountNumber,id. Nothing was imported.`);
    }
    pairs.push([accountNumber, id]);
  }
  return pairs;
}

/** A line of CSV. */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
}
