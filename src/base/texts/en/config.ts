/** Problems of a config or with the rows of a source. */
export const CONFIG = {
  no_config: () => "must export a config: export default defineConfig({ … })",
  unknown_target: ({ known }: { readonly known: readonly string[] }) =>
    `is not a target of the config: it has ${known.length === 0 ? "none" : known.join(", ")}`,
  key_without_ledger: () =>
    "is for the ledger in a folder: give the key to this ledger itself, for example redisLedger(redis, { ledgerKey })",
  needed: () => "is missing, and this command needs it",
  variables_not_set: ({ names }: { readonly names: readonly string[] }) =>
    names.map((name) => `the environment variable ${name} is not set`).join("; "),
  not_source: () => "must be csvSource(…), jsonSource(…), restSource(…), an iterable, or a function that returns one",
  not_ledger_or_folder: () => "must be the path of a folder, or a ledger",
  not_path: () => "must be a path or an address",
  not_http_address: () => "must be an address that begins with http:// or https://",
  not_place: () => 'must be a place with dots, for example "data.users", or a function',
  surplus_cells: ({ cells, columns }: { readonly cells: number; readonly columns: number }) =>
    `the row has ${cells} cells, the header ${columns}: put text that contains the delimiter in quotation marks`,
  zip_codes_lost_zero: (at: Cells) =>
    `${cells(at)}: the postcode has four digits and most others have five, so a leading zero was probably lost. ` +
    "Give the column the format Text before you enter or import the codes.",
  may_be_cut: ({ row }: { readonly row: number }) =>
    `the file ends inside row ${row}, without a line break, so the row may be cut off: is the file still being copied? ` +
    'If it always ends like this, set finalNewline: "optional"',
  no_final_newline: () => "the file does not end with a line break, so it is probably not complete",
  file_changes: () => "the file is being changed: it can be read when it has been copied",
  numbers_shortened: (at: Cells) =>
    `${cells(at)}: the number was shortened by a spreadsheet (1,23E+10) and its last digits are lost. ` +
    "Give the column the format Text and export it again from where it comes from.",
};

/** Where something was seen in a table. */
export interface Cells {
  readonly column: string;
  /** The first rows, as a spreadsheet counts them. */
  readonly rows: readonly number[];
  /** How many rows there are besides. */
  readonly more: number;
}

function cells({ column, rows, more }: Cells): string {
  const where = `${rows.length === 1 ? "row" : "rows"} ${rows.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
  return `${where}, column ${JSON.stringify(column)}`;
}
