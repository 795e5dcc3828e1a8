/** The row's number, hidden from code that lists the columns. */
const ROW = Symbol("row");

/** The row of a record as a spreadsheet counts. Only records of tables have one. */
export function rowNumberOf(record: unknown): number | undefined {
  return (record as { readonly [ROW]?: number })[ROW];
}

export function withRowNumber<T extends object>(record: T, row: number): T {
  return Object.defineProperty(record, ROW, { value: row });
}
