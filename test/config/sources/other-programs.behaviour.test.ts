import { join } from "node:path";
import { expect, it } from "vitest";
import { csvSource, excelSource } from "../../../src/config/index.ts";
import { failureOf } from "../../support/failure.ts";
import { listOf } from "../../support/folder.ts";

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);

const rowsOf = async (source: ReturnType<typeof csvSource>) => (await listOf(source())).map((row) => ({ ...row }));

it.each(["libreoffice.xlsx", "xlsxwriter.xlsx", "xlsxwriter-1904.xlsx", "xlsxwriter-stream.xlsx"])(
  "the workbook %s gives the rows that the same table gives as CSV, without a warning",
  async (name) => {
    const source = excelSource(fixture(name));
    expect(await rowsOf(source)).toEqual(await rowsOf(csvSource(fixture("twin.csv"))));
    expect(source.warnings()).toEqual([]);
  },
);

it("a formula that no program has computed is pointed out as empty, and other cells are as in CSV", async () => {
  const source = excelSource(fixture("openpyxl-1904.xlsx"));
  const twin = await rowsOf(csvSource(fixture("twin.csv")));
  expect(await rowsOf(source)).toEqual(twin.map((row) => ({ ...row, Total: "" })));
  expect(source.warnings()).toMatchObject([
    { code: "formulas_without_value", parameters: { column: "Total", rows: [2, 3, 4, 5], more: 0 } },
  ]);
});

it.each([
  ["password.xlsx", "workbook_with_password", "is protected by a password: save a copy without it"],
  ["libreoffice.xls", "old_workbook", ".xlsx"],
  ["libreoffice.ods", "other_workbook", ".xlsx"],
])("the workbook %s is refused with the code %s, and the message says what to do: %s", async (name, code, advice) => {
  const error = await failureOf(listOf(excelSource(fixture(name))()));
  expect(error).toMatchObject({ code: "source_failed", issues: [{ code }] });
  expect(error.message).toContain(`${name}: `);
  expect(error.message).toContain(advice);
});
