/**
 * A line of CSV as RFC 4180 describes it, without its end. Whatever may separate cells somewhere is put in quotation marks. Why
 * not by a library: docs/decisions/libraries.md.
 */
export function csvLine(cells: readonly string[], delimiter = ","): string {
  return cells
    .map(short)
    .map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(delimiter);
}

/** Excel takes 32,767 characters a cell, and spoils the rows behind a longer one. */
const LONGEST_CELL = 32_000;

function short(cell: string): string {
  return cell.length <= LONGEST_CELL ? cell : `${cell.slice(0, LONGEST_CELL - 1)}…`;
}

/** Safe to open in a spreadsheet: what would run as a formula gets an apostrophe in front, and is shown as text then. */
export function safeCell(value: string | number): string {
  const text = String(value);
  // Spreadsheets skip leading white space, and read full-width signs as the plain ones.
  return /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
}
