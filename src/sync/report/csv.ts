/**
 * CSV (RFC 4180) that a spreadsheet may open, every row as long as the first: a cell that it would run as a formula gets
 * an apostrophe in front, which it shows as text.
 */
export function toCsv(rows: readonly (readonly (string | number | undefined)[])[]): string {
  const indexes = [...(rows[0]?.keys() ?? [])];
  return rows.map((row) => `${indexes.map((index) => cellOf(row[index] ?? "")).join(",")}\r\n`).join("");
}

function cellOf(value: string | number): string {
  const text = String(value);
  // Spreadsheets look past leading white space, and read full-width signs as the plain ones.
  const safe = /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
