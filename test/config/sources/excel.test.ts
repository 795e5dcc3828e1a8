import { join } from "node:path";
import fc from "fast-check";
import { zipSync } from "fflate";
import { expect, it } from "vitest";
import writeXlsx from "write-excel-file/node";
import { csvSource, type ExcelOptions, excelSource, type RecordSource } from "../../../src/config/index.ts";
import { folderWith, listOf } from "../../support/folder.ts";
import { sized } from "../../support/long-form.ts";
import { type Parts, textRow, workbookOf } from "../../support/workbook.ts";

async function told<Row>(source: RecordSource<Row>) {
  const rows = await listOf(source());
  const numbers = rows.map((row) => source.rowOf(row));
  return { rows, numbers, warnings: source.warnings(), suspected: source.suspected() };
}

async function read(content: Parts | Uint8Array | string, options: ExcelOptions = {}) {
  const bytes = typeof content === "string" || content instanceof Uint8Array ? content : workbookOf(content);
  const folder = await folderWith({ "rh.xlsx": bytes });
  return told(excelSource(join(folder, "rh.xlsx"), options));
}

async function refusal(source: () => AsyncIterable<unknown>) {
  const error = await listOf(source()).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toMatchObject({ code: "source_failed" });
  return (error as { issues?: { code: string }[] }).issues?.[0]?.code;
}

async function refused(bytes: Uint8Array | string, name = "rh.xlsx", source = excelSource) {
  const folder = await folderWith({ [name]: bytes });
  return refusal(source(join(folder, name)));
}

const number = (place: string, value: number | string, style = 0) => `<c r="${place}" s="${style}"><v>${value}</v></c>`;
const oneCell = (cell: string, more: Partial<Parts> = {}) =>
  read({
    sheets: { S: `${textRow(1, "ref", "x")}<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c>${cell}</row>` },
    ...more,
  });

it("any table gives the same rows, numbers and warnings as a workbook and as a CSV file", async () => {
  const letters = fc.string({ unit: fc.constantFrom(..."aé€;,\"' 0_x\n"), maxLength: 6 });
  const cell = fc.oneof(
    letters,
    fc.constantFrom("", "01000", "1000", "75001", "3,36E+10", "#N/A", "#REF!", "TRUE", "2026-01-31"),
    fc.integer({ min: -99_999, max: 99_999 }),
    fc.boolean(),
    fc
      .date({ min: new Date("1901-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => new Date(date.setUTCHours(0, 0, 0, 0))),
  );
  const names = fc.uniqueArray(fc.constantFrom("ref", "CP", "Code postal", "nom", "x y"), {
    minLength: 1,
    maxLength: 4,
  });
  const csvCell = (value: unknown) => {
    const text =
      value instanceof Date
        ? value.toISOString().slice(0, 10)
        : value === true
          ? "TRUE"
          : value === false
            ? "FALSE"
            : String(value);
    return `"${text.replaceAll('"', '""')}"`;
  };
  const excelCell = (value: unknown) =>
    value instanceof Date
      ? { value, type: Date, format: "dd/mm/yyyy" }
      : value === ""
        ? null
        : { value: value as string };
  await fc.assert(
    fc.asyncProperty(names, fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 8 }), async (header, rows) => {
      const table = [header, ...rows];
      const xlsx = await writeXlsx(table.map((row) => row.map(excelCell))).toBuffer();
      const csv = `${table.map((row) => row.map(csvCell).join(";")).join("\r\n")}\r\n`;
      const folder = await folderWith({ "t.xlsx": xlsx, "t.csv": csv });
      const twin = await Promise.all(
        [excelSource(join(folder, "t.xlsx")), csvSource(join(folder, "t.csv"), { delimiter: ";" })].map(
          async (source) => {
            const rows = await listOf(source());
            const read = rows.map((row) => {
              try {
                return { ...row };
              } catch {
                return "surplus";
              }
            });
            return { read, at: rows.map(source.rowOf), warnings: source.warnings(), suspected: source.suspected() };
          },
        ),
      );
      expect(twin[0]).toEqual(twin[1]);
    }),
    { numRuns: sized(8, 50) },
  );
});

it.each([
  ["00000", 1000, "01000"],
  ["General", "0.30000000000000004", "0.3"],
  ["#,##0", 1500, "1500"],
  ['0#" "##" "##" "##" "##', 612345678, "06 12 34 56 78"],
  ["dd/mm/yyyy", 46053, "2026-01-31"],
  ["[$-40C]d\\-mmm\\-yy;@", 46053, "2026-01-31"],
  ["dd/mm/yyyy hh:mm", 46053.5, "2026-01-31T12:00:00"],
  ["dd/mm/yyyy", 46053.5, "2026-01-31"],
  ["dd/mm/yyyy", -1, "-1"],
  ["hh:mm", 0.5, "12:00"],
  ["General", 1.5e20, "1.5E+20"],
  [";;;", 7, "7"],
])("a number with the format %s is written as Excel shows it: %s is %s", async (format, value, text) => {
  const { rows } = await oneCell(number("B2", value, 1), { formats: [format] });
  expect(rows).toEqual([{ ref: "A", x: text }]);
});

it.each(["[ENG][$-1009]d\\-mmm\\-yy;@", "Standard", "0E0", "[>=100]0;0;0;0;0"])(
  "a number with the format %s, which cannot be read, is read in full, and a warning names the format",
  async (format) => {
    const { rows, warnings } = await oneCell(number("B2", 46053.5, 1), { formats: [format] });
    expect(rows).toEqual([{ ref: "A", x: "46053.5" }]);
    expect(warnings).toMatchObject([{ code: "unknown_formats", parameters: { formats: [format] } }]);
  },
);

it("days count from 1904 if the workbook says so", async () => {
  const { rows } = await oneCell(number("B2", 44591, 1), { formats: ["yyyy\\-mm\\-dd"], date1904: true });
  expect(rows[0]?.x).toBe("2026-01-31");
});

it("a formula gives the value that was saved, and a formula without a value is pointed out", async () => {
  const formula = (inner: string) => `<row r="3"><c r="A3" t="str"><f>A2</f><v>B</v></c><c r="B3"${inner}</c></row>`;
  const rows = (inner: string) => read({ sheets: { S: textRow(1, "ref", "x") + formula(inner) } });
  expect((await rows(' t="str"><f>A1</f><v></v>')).rows).toEqual([{ ref: "B", x: "" }]);
  expect((await rows("><f>1+1</f><v>2</v>")).rows).toEqual([{ ref: "B", x: "2" }]);
  const { rows: read_, warnings, suspected } = await rows("><f>1+1</f>");
  expect(read_).toEqual([{ ref: "B", x: "" }]);
  expect(warnings).toMatchObject([{ code: "formulas_without_value", parameters: { column: "x", rows: [3] } }]);
  expect(suspected).toMatchObject([{ record: 0 }]);
});

it("error values are pointed out with their rows", async () => {
  const { rows, warnings } = await oneCell('<c r="B2" t="e"><f>A1</f><v>#N/A</v></c>');
  expect(rows[0]?.x).toBe("#N/A");
  expect(warnings).toMatchObject([{ code: "error_cells", parameters: { column: "x", rows: [2] } }]);
});

it("only the first of merged cells has the value, and a warning names the merged areas inside the table", async () => {
  const after = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B3:B4"/></mergeCells>';
  const rows = textRow(1, "Effectifs") + textRow(2, "ref", "x") + textRow(3, "A", "Ouest") + textRow(4, "B");
  const { rows: records, warnings } = await read({ sheets: { S: rows }, after }, { headerRow: 2 });
  expect(records).toEqual([
    { ref: "A", x: "Ouest" },
    { ref: "B", x: "" },
  ]);
  expect(warnings).toMatchObject([{ code: "merged_cells", parameters: { areas: ["B3:B4"], more: 0 } }]);
});

it("hidden rows are read, and a warning names them and the sheets that are not read", async () => {
  const rows = textRow(1, "ref") + textRow(2, "A").replace("<row", '<row hidden="1"') + textRow(9, "B");
  const sheets = { Secret: textRow(1, "no"), RH: rows, Autre: "" };
  const { numbers, warnings } = await read({ sheets, hidden: ["Secret"] });
  expect(numbers).toEqual([2, 9]);
  expect(warnings).toMatchObject([
    { code: "other_sheets", parameters: { sheet: "RH", others: ["Secret", "Autre"], hidden: ["Secret"] } },
    { code: "hidden_rows", parameters: { rows: [2], more: 0 } },
  ]);
  expect((await read({ sheets, hidden: ["Secret"] }, { sheet: "Secret" })).warnings).toMatchObject([
    { code: "other_sheets" },
  ]);
});

it("the option headerRow names a header that is not the first row, for CSV files too", async () => {
  const rows = textRow(1, "Liste") + textRow(3, "ref") + textRow(4, "A");
  expect(await read({ sheets: { S: rows } }, { headerRow: 3 })).toMatchObject({ rows: [{ ref: "A" }], numbers: [4] });
  const folder = await folderWith({ "t.csv": "Liste\n\nref\nA\n" });
  const file = join(folder, "t.csv");
  expect(await told(csvSource(file, { headerRow: 3 }))).toMatchObject({ rows: [{ ref: "A" }], numbers: [4] });
  await expect(listOf(csvSource(file, { headerRow: 2 })())).rejects.toThrow("row 2, which headerRow names, is empty");
  await expect(listOf(csvSource(file, { headerRow: 9 })())).rejects.toThrow("row 9, which headerRow names, is empty");
});

const table = (text: string) => `<html><table><tr><td>${text}</td></tr></table></html>`;
const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]);

it("csvSource points a workbook to excelSource, and excelSource a text file to csvSource", async () => {
  const book = workbookOf({ sheets: { S: textRow(1, "ref") } });
  expect(await refused(book, "rh.csv", csvSource)).toBe("is_workbook");
  expect(await refused(zipSync({ "rh.csv": Buffer.from("ref") }), "rh.csv", csvSource)).toBe("is_zip");
  expect(await refused("ref;nom\nA;Petit\n")).toBe("is_no_workbook");
});

it("a workbook of Excel 97, one with a password, and a web page named .xls are refused with advice", async () => {
  for (const source of [csvSource, excelSource]) {
    expect(await refused(ole, "rh.xls", source)).toBe("old_workbook");
    const locked = Buffer.concat([ole, Buffer.from("EncryptedPackage", "utf16le")]);
    expect(await refused(locked, "rh.xlsx", source)).toBe("workbook_with_password");
    expect(await refused(table("ref"), "rh.xls", source)).toBe("markup_as_table");
    expect(await refused(Buffer.from(`\ufeff${table("é")}`, "utf16le"), "rh.xls", source)).toBe("markup_as_table");
    expect(await refused('<?xml version="1.0"?><Workbook/>', "rh.xls", source)).toBe("markup_as_table");
  }
});

it("a sheet that does not exist is refused with the names of the sheets that do", async () => {
  await expect(read({ sheets: { RH: textRow(1, "ref") } }, { sheet: "Paie" })).rejects.toThrow(
    'there is no sheet "Paie": there is "RH"',
  );
});

it("a workbook that was cut, or has a changed byte in its sheet, fails instead of giving fewer rows", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => textRow(i + 2, `A-${i * 7919}`, `Nom ${i}`)).join("");
  const book = workbookOf({ sheets: { S: textRow(1, "ref", "nom") + rows } });
  for (let length = 0; length < book.length; length += 397) {
    expect(await refused(book.subarray(0, length)), String(length)).toMatch(/^(?:broken_workbook|is_no_workbook)$/);
  }
  const whole = (await read(book)).rows;
  await fc.assert(
    fc.asyncProperty(fc.nat(book.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = Uint8Array.from(book);
      changed[at] = (changed[at] ?? 0) ^ by;
      const result = await read(changed).catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toMatchObject({ code: "source_failed" });
      else expect((result as { rows: unknown }).rows).toEqual(whole);
    }),
    { numRuns: sized(10, 80) },
  );
});

it("a small file that unpacks to gigabytes is refused before it fills the memory", async () => {
  const bomb = workbookOf({
    sheets: { S: `${textRow(1, "ref")}<row><c t="inlineStr"><is><t>${"0".repeat(6_000_000)}</t></is></c></row>` },
  });
  expect(bomb.length).toBeLessThan(20_000);
  expect(await refused(bomb)).toBe("broken_workbook");
  const directory = Buffer.from(bomb);
  const entry = directory.lastIndexOf(Buffer.from("xl/worksheets/sheet1.xml")) - 46;
  const size = directory.readUInt32LE(entry + 24);
  directory.writeUInt32LE(1000, entry + 24);
  expect(await refused(directory)).toBe("broken_workbook");
  directory.writeUInt32LE(size + 2 ** 31, entry + 24);
  expect(await refused(directory)).toBe("workbook_too_large");
});

it("XML whose document type defines entities that expand is refused, and they are not expanded", async () => {
  const entities = '<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "x">]>';
  const sheet = `<?xml version="1.0"?>${entities}<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`;
  expect(
    await refused(workbookOf({ sheets: { S: "" }, more: { "xl/worksheets/sheet1.xml": Buffer.from(sheet) } })),
  ).toBe("broken_workbook");
});
