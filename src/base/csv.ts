/**
 * A line of CSV as RFC 4180 describes it, without its end. Whatever may separate cells somewhere is put in quotation marks. Why
 * not by a library: docs/decisions/libraries.md.
 */
export function csvLine(cells: readonly string[], delimiter = ","): string {
  return cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter);
}
