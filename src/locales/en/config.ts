import { type Lists, type Numbers, type Perhaps, type Strings, type Teller, tellerOf } from "../coded.ts";
import { lineOf } from "../grammar.ts";
import { counted, listed, number, plural, some } from "./words.ts";

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

// Problems of a config or source. They end the run, or its log reports them.
export const CONFIG = {
  no_config: "must export a config: export default defineConfig({ … })",
  no_config_file: ({ path }: Strings<"path">) => `there is no file ${path}`,
  no_config_in: ({ folder, files }: Strings<"folder" | "files">) =>
    `there is no ${files} in ${folder}: write one with npx oplead-sdk init`,
  several_configs: ({ files }: Lists<"files">) => `there are several files: ${files.join(", ")}. Keep one`,
  not_loaded: ({ problem }: Strings<"problem">) => `cannot be loaded: ${problem}`,
  module_missing: ({ problem }: Strings<"problem">) =>
    `cannot be loaded: ${problem}. Install it beside the config, for example: npm install oplead-sdk`,
  unknown_target: ({ known }: Lists<"known">) =>
    `is not a target of the config: it has ${known.length === 0 ? "none" : known.join(", ")}`,
  key_without_ledger:
    "is for the ledger in a folder: give it to this ledger itself, for example redisLedger(redis, { ledgerKey })",
  needed: "is missing, and this command needs it",
  variables_not_set: ({ names }: Lists<"names">) =>
    names.map((name) => `the environment variable ${name} is not set`).join("; "),
  no_facts_file: ({ code }: Strings<"code">) => `cannot be read (${code}): oplead probe writes this file`,
  not_source:
    "must be csvSource(…), excelSource(…), jsonSource(…), restSource(…), an iterable, or a function that returns one",
  not_ledger_or_folder: "must be the path of a folder, or a ledger",
  not_column: "must be the name of a column",
  two_columns: "must be at least two columns, of which a person has two filled",
  not_texts: ({ value }: Strings<"value">) => `${JSON.stringify(value)} must have a text, or a list of texts`,
  text_of_two: ({ text, values }: Strings<"text"> & Lists<"values">) =>
    `${JSON.stringify(text)} stands for ${values.map((value) => JSON.stringify(value)).join(" and for ")}: take one away`,
  unknown_mapping_field: ({ known, similar }: Lists<"known"> & Perhaps<"similar">) =>
    similar === undefined ? `is not a field: there is ${listed(known)}` : `is not a field: is ${similar} meant?`,
  not_field: 'must be the name of a column, a helper such as cell.values("…", { … }), or a function',
  not_rule_helper: 'must be a helper such as cell.kilometres("…") or cell.codes("…"), or a function',
  not_skip: 'must be cell.values("…", { skip: ["…"] }), cell.notPerson(…), a list of them, or a function',
  syntax_error: (at: SyntaxPlace) => `${at.place}: ${at.problem}${lineOf(at)}`,
  comma_missing: (at: SyntaxPlace) => `${at.place}: ${at.problem}. Probably a comma is missing before it${lineOf(at)}`,
  quote_missing: (at: SyntaxPlace) => `${at.place}: ${at.problem}. Probably a quotation mark is missing${lineOf(at)}`,
  bracket_missing: (at: SyntaxPlace) =>
    `${at.place}: ${at.problem}. Probably a bracket is missing, or there is one too many${lineOf(at)}`,
  key_twice: (at: Strings<"place" | "name" | "line" | "mark">) =>
    `${at.place}: ${at.name} stands twice in this table, and only the second list would count. Put the words of both into one list${lineOf(at)}`,
  not_path: "must be a path or an address",
  not_pattern: 'must be a path whose last part may hold * and ?, for example "exports/export-*.csv"',
  not_http_address: "must be an address that begins with http:// or https://",
  not_alert_target: ({ fields }: Lists<"fields">) => `must have ${listed(fields, "or")}, or be a function`,
  not_smtp_address: "must be an address that begins with smtp:// or smtps://",
  not_mail_address: "must be an e-mail address, or a list of them",
  not_place: 'must be a place with dots, for example "data.users", or a function',
  no_final_newline: "the file does not end with a line break, so it is probably not complete",
  file_missing: "the file does not exist",
  other_file_kind: ({ endings }: Lists<"endings">) =>
    `the ending of the name does not say how to read it: it must be one of ${endings.join(", ")}`,
  file_is_folder: "is a folder, not a file",
  file_forbidden: "the file may not be read by this user",
  file_too_large: "the file is larger than 2 GiB, which is read as a whole: split it",
  file_unreadable: ({ code }: Strings<"code">) => `the file cannot be read (${code})`,
  file_empty: "the file is empty: the first row must name the columns",
  header_empty: ({ row }: Numbers<"row">) => `row ${row}, which headerRow names, is empty`,
  columns_twice: ({ name, second }: Strings<"name" | "second">) =>
    `two columns have the name ${JSON.stringify(name)}: rename one, or name both in the option columns, the right one as ${JSON.stringify(second)}`,
  header_lacks: ({
    absent,
  }: {
    readonly absent: readonly { readonly name: string; readonly similar: string | undefined }[];
  }) =>
    `the header lacks ${absent.map(({ name, similar }) => JSON.stringify(name) + (similar === undefined ? "" : ` (there is ${JSON.stringify(similar)})`)).join(", ")}`,
  quote_not_closed: ({ row }: Numbers<"row">) => `the quotation mark that opens in row ${row} is never closed`,
  not_csv: ({ row, code }: Numbers<"row"> & Strings<"code">) => `row ${row} is not CSV (${code})`,
  file_not_json: ({ line }: { readonly line: number | undefined }) =>
    `${line === undefined ? "the file" : `line ${line}`} is not JSON`,
  strange_byte: ({ line, column, encoding }: Numbers<"line" | "column"> & Strings<"encoding">) =>
    `line ${line}, column ${column}: this is no character in ${encoding}, so the text is damaged or in two encodings. If all of it is in another one, name that in the option encoding`,
  zero_bytes: ({ line, column }: Numbers<"line" | "column">) =>
    `line ${line}, column ${column}: zero bytes, which are in no text: the file was probably not copied whole`,
  unknown_charset: ({ charset }: Strings<"charset">) =>
    `the answer says that it is in ${JSON.stringify(charset)}, which is not known: name its encoding in the option encoding`,
  file_changes: "the file is being changed: it can be read when it has been copied",
  not_one_source: "must be a source: csvSource(…), restSource(…), an iterable, or a function that returns one",
  not_columns: 'must be the name of a column, or two: ["agency", "code"], the first of the main source',
  part_empty: ({ title }: Strings<"title">) =>
    `${title} has no record: if it should have some, its users look like leavers`,
  partners_empty: ({ main }: Strings<"main">) =>
    `it has no record, so every record of ${main} would lose its partner. If that may be, set allowEmpty: true`,
  no_columns: "it is no record with columns",
  name_taken: ({ name }: Strings<"name">) => `it has ${JSON.stringify(name)} already: give as another name`,
  column_absent: ({ column }: Strings<"column">) => `no record has ${JSON.stringify(column)}`,
  page_twice: "a page leads back to one before it",
  pages_empty: ({ pages }: Numbers<"pages">) =>
    `${pages} pages in a row have no record, and each leads to another one: does next lead to an end?`,
  pages_past_total: ({ count, total }: Numbers<"count" | "total">) =>
    `${count} records came, although the source names a total of ${total}, and next leads to more: does next lead to an end?`,
  too_many_pages: ({ pages }: Numbers<"pages">) =>
    `${pages} pages were read, and next leads to another one: does next lead to an end? If there are more pages, raise maxPages`,
  answer_too_large: ({ mebibytes }: Numbers<"mebibytes">) =>
    `the answer is larger than ${mebibytes} MiB: ask the source for pages`,
  no_total: "no page has a number at the place that the option total names",
  records_missing: ({ count, total }: Numbers<"count" | "total">) =>
    `${count} of ${total} records came: does next lead to every page?`,
  next_unusable: "the address of the next page is not valid, or has a user name or password",
  other_origin: "the next page is on another origin",
  no_token_given: ({ reason }: Strings<"reason">) =>
    `gave no token (${reason}): check clientId, clientSecret and scope`,
  no_access_token: "the answer has no access_token",
  answer_not_json: "the answer is not JSON",
  no_answer: ({ timeoutMs }: Numbers<"timeoutMs">) => `gave no answer within ${timeoutMs} ms`,
  own_fetch_failed: ({ error }: Strings<"error">) => `its fetch failed (${error})`,
  unreachable: ({ reason }: Perhaps<"reason">) =>
    reason === undefined ? "cannot be reached" : `cannot be reached (${reason})`,
  answered: ({ status, hasToken }: Numbers<"status"> & { readonly hasToken: boolean }) => {
    const access = hasToken ? ": the token is not accepted, nor is a new one" : ": check the headers of the source";
    const redirect = isRedirect(status) ? ", a redirect: write the address it leads to" : "";
    return `answered ${status}${status === 401 || status === 403 ? access : redirect}`;
  },
  no_list: ({ place, lists }: Lists<"lists"> & Perhaps<"place">) => {
    const hint = lists.length === 0 ? "" : `; there are lists at ${quoted(lists)}`;
    const where = place === undefined ? "in the document" : `at ${JSON.stringify(place)}`;
    return `there is no list of records ${where}: say where it is with the option items${hint}`;
  },
  keys_twice: ({ column, places, more }: Lists<"places"> & Numbers<"more"> & Strings<"column">) =>
    `the same ${JSON.stringify(column)} is in ${places.join("; in ")}${more === 0 ? "" : `; and ${number(more)} more ${plural(more, "is", "are")} there several times`}`,
  no_partners: ({ title, column, records }: Strings<"title" | "column"> & Numbers<"records">) =>
    `none of ${records} records has a partner in ${title}: is ${JSON.stringify(column)} the right column?`,
  partners_lost_zero: ({ title, places, more }: Lists<"places"> & Numbers<"more"> & Strings<"title">) =>
    `${some(places, more)}: no partner in ${title}, and one if leading zeros did not count, so one of the ` +
    "two sources has lost them. Give the column the format Text before you export it.",
  is_workbook: "this is an Excel workbook: use excelSource",
  is_no_workbook: "this is not an Excel workbook: if it is a text file, name it .csv, or use csvSource in a program",
  is_zip: "this is a ZIP archive: unpack it, and name the file that was in it",
  old_workbook:
    "this is a workbook of Excel 97 to 2003 (.xls), which is not read: save it in Excel as an Excel workbook (.xlsx), or let the export write .xlsx or CSV",
  workbook_with_password:
    "the workbook is protected by a password: save a copy without it (File, Info, Protect Workbook, Encrypt with Password)",
  markup_as_table:
    "this is a web page or XML that only has the name of a table: open it in Excel and save it as an Excel workbook (.xlsx), or let the export write .xlsx or CSV",
  other_workbook: "this is not a workbook in the form .xlsx: open it in Excel and save it as an Excel workbook (.xlsx)",
  workbook_too_large:
    "the workbook unpacks to more than a sheet of 1 GiB or 256 MiB of texts: delete what is not the table, or save the sheet as CSV UTF-8 and use csvSource",
  broken_workbook: "the workbook is not complete, or damaged: copy it again, or open it in Excel and save it once more",
  no_such_sheet: ({ sheet, names }: Strings<"sheet"> & Lists<"names">) =>
    names.length === 0
      ? "the workbook has no sheet of cells"
      : `there is no sheet ${JSON.stringify(sheet)}: there is ${quoted(names)}`,
  other_sheets: ({ sheet, others, hidden }: Strings<"sheet"> & Lists<"others" | "hidden">) =>
    `the sheet ${JSON.stringify(sheet)} is read, ${others.length === 0 ? "no other" : `not ${quoted(others)}`}${hidden.length === 0 ? "" : ` (hidden: ${quoted(hidden)})`}. The option sheet names another one`,
  hidden_rows: ({ rows, more }: Numbers<"more"> & { readonly rows: readonly number[] }) =>
    `${plural(rows.length + more, "row", "rows")} ${some(rows, more)}: hidden in Excel, and read as the others are. Delete rows that are not meant`,
  merged_cells: ({ areas, more }: Lists<"areas"> & Numbers<"more">) =>
    `merged cells ${some(areas, more)}: only the first cell of each has the value, the others are empty. Unmerge them and fill them in`,
  unknown_formats: ({ formats, more }: Lists<"formats"> & Numbers<"more">) =>
    `cells with the ${plural(formats.length, "format", "formats")} ${some(
      formats.map((one) => JSON.stringify(one)),
      more,
    )}: not known, so their numbers are read as they are, a date as a count of days. Give these cells another format`,
  no_file_matches: ({ partial }: Numbers<"partial">) =>
    `no file has a name that matches${partial === 0 ? "" : `; partial files, which are still being copied: ${partial}`}`,
  name_without_date: ({ file }: Strings<"file">) =>
    `which file is newest cannot be told: ${JSON.stringify(file)} has no date in its name as others have. Remove it, or make the pattern narrower`,
  file_of_the_future:
    "the newest file is dated in the future, so no later one would be read: correct its name, or the clock that dated it",
  file_too_old: ({ hours, maxAgeHours }: Numbers<"hours" | "maxAgeHours">) =>
    `the newest export is ${hours < 48 ? counted(hours, "hour") : counted(Math.floor(hours / 24), "day")} old, and at most ${counted(maxAgeHours, "hour is", "hours are")} allowed: is the export still made?`,
};

export const tellConfig: Teller<typeof CONFIG> = /* @__PURE__ */ tellerOf(CONFIG);

// Problems of rows. Plans and reports list them.
export const ROWS = {
  surplus_cells: ({ cells, columns }: Numbers<"cells" | "columns">) =>
    `the row has ${cells} cells, the header ${columns}: put text that contains the delimiter in quotation marks`,
  zip_codes_lost_zero: (at: Cells) =>
    `${cells(at)}: the postcode has four digits and most others have five, so a leading zero was probably lost. ` +
    "Give the column the format Text before you enter or import the codes.",
  state_of_leaver: ({ value }: Strings<"value">) =>
    `says ${JSON.stringify(value)}: has this person left? To leave such rows out, let map return null for them`,
  value_unknown: ({ value }: Strings<"value" | "column">) =>
    `has ${JSON.stringify(value)}, which is not in its list in the config`,
  country_unknown: ({ value }: Strings<"value" | "column">) =>
    `has ${JSON.stringify(value)}, which is no country: write its name or its code of two letters`,
  date_unknown: ({ column, value }: Strings<"column" | "value">) =>
    `has ${JSON.stringify(value)} in the column ${JSON.stringify(column)}, which is no date: write it as 31/01/2026`,
  distance_unknown: ({ value }: Strings<"value" | "column">) =>
    `has ${JSON.stringify(value)}, which is no distance: write kilometres, for example 30`,
  county_unknown: ({ value }: Strings<"value" | "column">) =>
    `has ${JSON.stringify(value)}, which is no number of a department: write for example 29, or 01, 2A`,
  may_be_cut: ({ row }: Numbers<"row">) =>
    `the file ends inside row ${row}, without a line break, so the row may be cut off: is the file still being copied? ` +
    'If it always ends like this, set finalNewline: "optional"',
  in_source: ({ title, message }: Strings<"title" | "code" | "message">) => `${title}: ${message}`,
  no_partner: ({ title, column, zero }: Strings<"title" | "column"> & { readonly zero: boolean }) =>
    `no record of ${title} has this ${JSON.stringify(column)}` +
    (zero ? ": one would if leading zeros did not count, so one of the two sources has lost them" : ""),
  no_partner_key: ({ column }: Strings<"column">) => `the column ${JSON.stringify(column)} is empty`,
  partner_twice: ({ title, column, places }: Strings<"title" | "column"> & Lists<"places">) =>
    `several records of ${title} have this ${JSON.stringify(column)}: ${places.join(" and ")}`,
  numbers_shortened: (at: Cells) =>
    `${cells(at)}: the number was shortened by a spreadsheet (1,23E+10) and its last digits are lost. ` +
    "Give the column the format Text and export it again from where it comes from.",
  error_cells: (at: Cells) => `${cells(at)}: a formula has failed (#N/A or another error value): repair it in the file`,
  formulas_without_value: (at: Cells) =>
    `${cells(at)}: the formula has no value, because a program wrote it: open the file in Excel and save it`,
};

export const tellRow: Teller<typeof ROWS> = /* @__PURE__ */ tellerOf(ROWS);

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ");

export interface SyntaxPlace extends Strings<"line" | "mark"> {
  /** Place of the error: `oplead.config.mjs:12:3`. */
  readonly place: string;
  /** The parser's own message. */
  readonly problem: string;
}

export interface Cells {
  readonly column: string;
  /** The first rows, with the numbers that a spreadsheet shows. */
  readonly rows: readonly number[];
  /** Rows that `rows` does not list. */
  readonly more: number;
}

function cells({ column, rows, more }: Cells): string {
  const where = `${plural(rows.length, "row", "rows")} ${some(rows, more)}`;
  return `${where}, column ${JSON.stringify(column)}`;
}
