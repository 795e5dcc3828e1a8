import type { Rows } from "./table.ts";
import { NO_VALUE } from "./table.ts";
import { type Attributes, readXml, type SheetEntry, unescaped, type Workbook } from "./workbook.ts";

export interface SheetNotes {
  readonly hiddenRows: number[];
  readonly merged: string[];
}

const [MOST_ROWS, MOST_COLUMNS] = [1_048_576, 16_384];

// Shared: a sheet may have a million blank rows.
const BLANK: readonly string[] = [];

export async function* sheetRows(
  { strings, textOf }: Workbook,
  { part }: SheetEntry,
  notes: SheetNotes,
): AsyncGenerator<Rows> {
  let rows: (readonly string[])[] = [];
  let [row, column, text, inValue] = [0, 0, "", false];
  let cell: Attributes = {};
  let hasFormula = false;
  let cells: string[] = [];

  const cellText = (): string => {
    if (text === "") return hasFormula && cell.t !== "str" ? NO_VALUE : "";
    switch (cell.t) {
      case "s":
        return strings[Number(text)] ?? "";
      case "b":
        return text === "1" || text === "true" ? "TRUE" : "FALSE";
      case "str":
      case "inlineStr":
        return unescaped(text);
      case "d":
        return text.replace(/T00:00:00(?:\.0+)?Z?$/, "");
      case "e":
        return text;
      default:
        return Number.isFinite(Number(text)) ? textOf(Number(text), Number(cell.s ?? 0)) : text;
    }
  };

  const reading = readXml(part, {
    open: (tag, given) => {
      if (tag === "row") {
        const attributes = given();
        const number = attributes.r === undefined ? row + 1 : Number(attributes.r);
        if (!(number > row && number <= MOST_ROWS)) throw new Error("rows out of order");
        for (; row < number - 1; row += 1) rows.push(BLANK);
        row = number;
        [cells, column] = [[], 0];
        if (/^(?:1|true)$/.test(attributes.hidden ?? "")) notes.hiddenRows.push(row);
      } else if (tag === "c") {
        const attributes = given();
        column = attributes.r === undefined ? column + 1 : columnOf(attributes.r);
        if (!(column > cells.length && column <= MOST_COLUMNS)) throw new Error("cells out of order");
        [cell, text, hasFormula] = [attributes, "", false];
      } else if (tag === "f") hasFormula = true;
      else if (tag === "mergeCell") notes.merged.push(given().ref ?? "");
      // Phonetic hints do not belong to the value.
      inValue = tag === "v" || (tag === "t" && cell.t === "inlineStr");
    },
    text: (piece) => {
      if (inValue) text += piece;
    },
    close: (tag) => {
      inValue = false;
      if (tag === "c") {
        const value = cellText();
        if (value === "") return;
        while (cells.length < column - 1) cells.push("");
        cells.push(value);
      } else if (tag === "row") rows.push(cells);
    },
  });
  for await (const _piece of reading) {
    if (rows.length === 0) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

// Returns 28 for `AB12`.
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? "";
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
}
