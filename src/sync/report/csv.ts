/** How cells become text. */
export interface CsvFormat {
  readonly delimiter: "," | ";" | "\t";
  /** Whether the text begins with a byte order mark, by which Excel recognises UTF-8. */
  readonly bom: boolean;
}

type Cell = string | number | undefined;

/**
 * CSV as RFC 4180 describes it, safe to open in a spreadsheet: a cell that would run as a formula gets an apostrophe in
 * front, which the spreadsheet shows as text.
 */
export function toCsv(rows: readonly (readonly Cell[])[], { delimiter, bom }: CsvFormat): string {
  const lines = rows.map((row) => `${row.map((cell) => cellOf(cell ?? "", delimiter)).join(delimiter)}\r\n`);
  return (bom ? "\uFEFF" : "") + lines.join("");
}

function cellOf(value: string | number, delimiter: string): string {
  const text = String(value);
  // Spreadsheets skip leading white space, and read full-width signs as the plain ones.
  const safe = /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(delimiter) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
