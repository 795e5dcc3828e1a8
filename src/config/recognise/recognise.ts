import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { issueAt } from "../../base/issues.ts";
import { options as fields, optionsCheck, text } from "../../base/validation/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { refuseOtherKinds } from "../sources/files/file-kind.ts";
import { checkPath, fileFailed, fileRefused } from "../sources/source.ts";
import { readCells } from "../sources/tables/csv-cells.ts";
import { type ExcelOptions, excelRows } from "../sources/tables/excel.ts";
import { numbered, type Rows } from "../sources/tables/table.ts";
import { byContent, byName, pointsInto, type UserColumn } from "./fields.ts";

/** A column that was recognised, and why. */
export interface RecognisedColumn {
  readonly column: UserColumn;
  /** As the header names it; as the rows of `csvSource` and `excelSource` have it. */
  readonly name: string;
  readonly by: "name" | "content";
  /** The cells of the people, without white space around them. Personal data. */
  readonly cells: readonly string[];
}

/** The result of recognising a table of people. */
export interface RecognisedTable {
  readonly source: "csvSource" | "excelSource";
  /** The row that names the columns, as a spreadsheet counts, and whether it is the first one with any text. */
  readonly headerRow: number;
  readonly isFirstRow: boolean;
  /** All names of columns, from left to right. One that stands there twice has `(2)` behind it the second time. */
  readonly names: readonly string[];
  readonly columns: readonly RecognisedColumn[];
  /** How many rows are people. */
  readonly people: number;
  /** Rows below the header that are none: totals, remarks. */
  readonly otherRows: readonly number[];
}

/** A header is among the first rows; of a long table the first rows tell enough. */
const [HEADER_ROWS, MOST_ROWS] = [40, 20_000];

/** Columns that a person has two of, and a total does not. */
const OF_A_PERSON: readonly UserColumn[] = ["accountNumber", "lastname", "email"];

/** A total may stand in the column of names. */
const NO_NAME = /^[\d\s.,]*$/;

/**
 * Looks at a CSV file or a workbook of people, and says which row names the columns and which column holds what for Oplead, by their names in French and English and by
 * their cells. `oplead init --from` writes its config by it.
 *
 * @param path Path of the file. A relative one starts at the working directory.
 * @throws {@link OpleadError} `source_failed` if it cannot be read as a table.
 */
export async function recogniseTable(
  path: string,
  options: Pick<ExcelOptions, "sheet"> = {},
): Promise<RecognisedTable> {
  checkPath("recogniseTable", "path", path);
  checkOptions(options);
  const title = basename(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileFailed(title, error);
  });
  const source = bytes.subarray(0, 2).toString("latin1") === "PK" ? "excelSource" : "csvSource";
  if (source === "csvSource") refuseOtherKinds(bytes, title, source);
  const nothing = { warn: () => {}, suspect: () => {} };
  const notes = { hiddenRows: [], merged: [] };
  const rows = await firstRows(
    source === "excelSource" ? excelRows(bytes, title, options, nothing, notes) : readCells(bytes, title, {}),
  );
  const first = rows.findIndex(isFilled);
  if (first < 0) throw fileRefused(title, issueAt("", tellConfig("file_empty")));
  const header = headerAmong(rows, first);
  const names = numbered(rows[header] ?? []);
  const below = rows.flatMap((cells, at) => (at > header && isFilled(cells) ? [{ row: at + 1, cells }] : []));
  const found = columnsOf(
    names,
    below.map(({ cells }) => cells),
  );
  const marks = found.filter(({ column }) => OF_A_PERSON.includes(column));
  const isPerson = (cells: readonly string[]): boolean => {
    const filled = marks.filter(({ column, at }) => !(column === "lastname" ? NO_NAME : /^$/).test(cells[at] ?? ""));
    return filled.length >= Math.min(2, marks.length);
  };
  const people = below.filter(({ cells }) => isPerson(cells));
  return {
    source,
    headerRow: header + 1,
    isFirstRow: header === first,
    names: names.filter((name) => name !== ""),
    columns: found.map(({ at, ...column }) => ({ ...column, cells: people.map(({ cells }) => cells[at] ?? "") })),
    people: people.length,
    otherRows: below.filter(({ cells }) => !isPerson(cells)).map(({ row }) => row),
  };
}

const checkOptions = optionsCheck<Pick<ExcelOptions, "sheet">>("recogniseTable", () => fields({ sheet: text() }));

const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell !== "");

async function firstRows(table: AsyncIterable<Rows>): Promise<string[][]> {
  const all: string[][] = [];
  for await (const rows of table) {
    for (const cells of rows) all.push(cells.map((cell) => cell.trim()));
    if (all.length > MOST_ROWS) break;
  }
  return all;
}

/** The row with most names of columns that are known; among equals, and where none is known, the first of those with most cells. */
function headerAmong(rows: readonly (readonly string[])[], first: number): number {
  const weight = (cells: readonly string[]): number => {
    const known = new Set(cells.flatMap((cell) => byName(cell)?.column ?? [])).size;
    return known * 1000 + cells.filter((cell) => cell !== "").length;
  };
  let best = first;
  for (let at = first; at < Math.min(rows.length, first + HEADER_ROWS); at += 1) {
    if (weight(rows[at] ?? []) > weight(rows[best] ?? [])) best = at;
  }
  return best;
}

type Found = Omit<RecognisedColumn, "cells"> & { readonly at: number };

/** Each column once. Of several with a fitting name the one with the most certain name, and the first of equals. */
function columnsOf(names: readonly string[], rows: readonly (readonly string[])[]): Found[] {
  const found = new Map<UserColumn, Found & { readonly rank: number }>();
  const cellsOf = (at: number): string[] => rows.map((cells) => cells[at] ?? "");
  for (const [at, name] of names.entries()) {
    const known = byName(name);
    if (!known || (found.get(known.column)?.rank ?? 99) <= known.rank) continue;
    // "Titre" is the form of address for some, and the job for others.
    if (known.column === "civility" && byContent(cellsOf(at)) !== "civility") continue;
    found.set(known.column, { column: known.column, name, by: "name", at, rank: known.rank });
  }
  const isTaken = (at: number): boolean => [...found.values()].some((one) => one.at === at);
  for (const [at, name] of names.entries()) {
    const column = name === "" || isTaken(at) ? undefined : byContent(cellsOf(at));
    if (column && !found.has(column)) found.set(column, { column, name, by: "content", at, rank: 99 });
  }
  const account = found.get("accountNumber");
  const accounts = new Set(account ? cellsOf(account.at).filter((cell) => cell !== "") : []);
  for (const [at, name] of names.entries()) {
    if (found.has("parent") || name === "" || isTaken(at)) continue;
    if (pointsInto(cellsOf(at), accounts)) found.set("parent", { column: "parent", name, by: "content", at, rank: 99 });
  }
  return [...found.values()].map(({ rank: _, ...one }) => one);
}
