import { isOpleadError } from "../../core/errors.ts";
import { issueAt } from "../../core/issues.ts";
import * as check from "../../core/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { fileSource, refuseOtherKinds, type SourceFile } from "./file.ts";
import type { SheetNotes } from "./sheet.ts";
import {
  type FileKind,
  firstOf,
  type RecordSource,
  readWhole,
  type Suspicions,
  sourceRefused,
  withLikeness,
} from "./source.ts";
import { type CsvRow, type Rows, readTable, type TableOptions, tableKinds, tableOptionsOf } from "./table.ts";
import type { SheetEntry } from "./workbook.ts";

/** Options of {@link excelSource}. */
export interface ExcelOptions<Column extends string = string> extends TableOptions<Column> {
  /** Sheet. Default: the first that is not hidden. */
  readonly sheet?: string | undefined;
}

const checkOptions = check.optionsCheck<ExcelOptions>("excelSource", () =>
  check.options({ ...tableKinds(), sheet: check.text() }),
);

/**
 * The rows of an Excel sheet (`.xlsx`, `.xlsm`), with rows, row numbers and findings as if saved as CSV. Cells are
 * text: numbers as Excel shows them (`01000` in the format `00000`) without separators of thousands, days as
 * `2026-01-31`, truth values as `TRUE` and `FALSE`, formulas as their saved value. Only the first of merged cells has a
 * value. The compressed file and all cell texts are kept in memory.
 *
 * {@link RecordSource.warnings} also names error values such as `#N/A`, formulas without a value, merged cells, hidden
 * rows (read), formats that cannot be read (numbers in full) and other sheets (not read).
 *
 * @param file Path, or `{ newest }`: see {@link NewestFile}. A relative one starts at the config file's folder, outside
 * the command at the working directory.
 * @throws {@link OpleadError} `source_failed`, while it is read: no workbook, damaged, protected by a password, over 1
 * GiB a sheet or 256 MiB of texts, no such sheet, or no usable header.
 */
export function excelSource<Column extends string = string>(
  file: SourceFile,
  options: ExcelOptions<Column> = {},
): RecordSource<CsvRow<Column>> {
  checkOptions(options);
  const source = fileSource("excelSource", file, (path, title, found) => readRows(path, title, options, found));
  return withLikeness(source, { kind: "excel", options });
}

export const excelFiles: FileKind = {
  kind: "excel",
  endings: [".xlsx", ".xlsm"],
  read: (file, usual) => excelSource(file, tableOptionsOf(usual, "excel")),
};

async function* readRows<Column extends string>(
  path: string,
  title: string,
  options: ExcelOptions<Column>,
  found: Suspicions,
): AsyncGenerator<CsvRow<Column>> {
  const notes: SheetNotes = { hiddenRows: [], merged: [] };
  const end = { header: 0, lastRow: 0, lastFilled: 0, lastRecord: -1 };
  yield* readTable(
    title,
    excelRows(await readWhole(path, title, options.minAgeMs), title, options, found, notes),
    options,
    found,
    end,
  );
  const hidden = notes.hiddenRows.filter((row) => row > end.header && row <= end.lastFilled);
  if (hidden.length > 0) {
    const { first: rows, more } = firstOf(hidden);
    found.warn(issueAt("", tellConfig("hidden_rows", { rows, more })));
  }
  const merged = notes.merged.filter((area) => {
    const last = area.slice(area.indexOf(":") + 1);
    return Number(last.replace(/\D/g, "")) >= end.header;
  });
  if (merged.length > 0) {
    const { first: areas, more } = firstOf(merged);
    found.warn(issueAt("", tellConfig("merged_cells", { areas, more })));
  }
}

export async function* excelRows(
  bytes: Buffer,
  title: string,
  { sheet: wanted }: Pick<ExcelOptions, "sheet">,
  found: Suspicions,
  notes: SheetNotes,
): AsyncGenerator<Rows> {
  refuseOtherKinds(bytes, title, "excelSource");
  // Loaded lazily: most configs read no workbook.
  const [{ openWorkbook, OtherArchive, TooLarge }, { sheetRows }] = await Promise.all([
    import("./workbook.ts"),
    import("./sheet.ts"),
  ]);
  try {
    const workbook = await openWorkbook(bytes);
    yield* sheetRows(workbook, sheetOf(workbook.sheets, title, wanted, found), notes);
    const { first: formats, more } = firstOf([...workbook.unknownFormats]);
    if (formats.length > 0) found.warn(issueAt("", tellConfig("unknown_formats", { formats, more })));
  } catch (error) {
    if (isOpleadError(error)) throw error;
    if (error instanceof OtherArchive) throw sourceRefused(title, issueAt("", tellConfig("other_workbook")));
    if (error instanceof TooLarge) throw sourceRefused(title, issueAt("", tellConfig("workbook_too_large")));
    throw sourceRefused(title, issueAt("", tellConfig("broken_workbook")), true, error);
  }
}

function sheetOf(
  sheets: readonly SheetEntry[],
  title: string,
  wanted: string | undefined,
  { warn }: Suspicions,
): SheetEntry {
  const sheet =
    wanted === undefined
      ? (sheets.find(({ isHidden }) => !isHidden) ?? sheets[0])
      : sheets.find(({ name }) => name.trim() === wanted.trim());
  const names = sheets.map(({ name }) => name);
  if (!sheet) throw sourceRefused(title, issueAt("", tellConfig("no_such_sheet", { sheet: wanted ?? "", names })));
  const others = names.filter((name) => name !== sheet.name);
  const hidden = sheets.filter(({ isHidden }) => isHidden).map(({ name }) => name);
  if ((wanted === undefined && others.length > 0) || sheet.isHidden) {
    warn(issueAt("", tellConfig("other_sheets", { sheet: sheet.name, others, hidden })));
  }
  return sheet;
}
