import { join } from "node:path";
import { expect, it } from "vitest";
import writeXlsx from "write-excel-file/node";
import { csvSource, joinSources, jsonSource, restSource, sourceOfFile } from "../../../src/config/index.ts";
import { failureOf } from "../../support/failure.ts";
import { folderWith, listOf } from "../../support/folder.ts";

async function workbook(rows: readonly (readonly string[])[]) {
  return writeXlsx(rows.map((row) => row.map((value) => ({ value, type: String })))).toBuffer();
}

const ROWS = [
  { ref: "A", radius: "40" },
  { ref: "B", radius: "50" },
];

it("sourceOfFile reads a file by the ending of its name, whatever kind of source the file replaces", async () => {
  const folder = await folderWith({
    "export.csv": "ref;radius\nA;40\nB;50\n",
    "export.TXT": "ref\tradius\nA\t40\nB\t50\n",
    "export.xlsx": await workbook([["ref", "radius"], ...ROWS.map(({ ref, radius }) => [ref, radius])]),
    "export.json": JSON.stringify(ROWS),
    "export.jsonl": ROWS.map((row) => JSON.stringify(row)).join("\n"),
  });
  const generator = async function* () {
    yield ROWS[0];
  };
  for (const usual of [undefined, generator, ROWS, restSource({ url: "https://hr.example/users" })]) {
    for (const ending of ["csv", "TXT", "xlsx", "json", "jsonl"]) {
      const source = sourceOfFile(join(folder, `export.${ending}`), usual);
      expect(await listOf(source())).toEqual(ROWS);
      expect(source.title).toBe(`export.${ending}`);
    }
  }
});

it("sourceOfFile uses the options of the config's source for its kind, and checks columns of another", async () => {
  const folder = await folderWith({
    "export.csv": "Export of Monday;;\nref;radius\nA;40\n",
    "other.xlsx": await workbook([["ref"], ["A"]]),
  });
  const usual = csvSource(join(folder, "today.csv"), { headerRow: 2, columns: ["ref", "radius"] });
  expect(await listOf(sourceOfFile(join(folder, "export.csv"), usual)())).toEqual([{ ref: "A", radius: "40" }]);
  const failure = await failureOf(listOf(sourceOfFile(join(folder, "other.xlsx"), usual)()));
  expect(failure).toMatchObject({ code: "source_failed", issues: [{ code: "header_lacks" }] });
});

it.each([
  ["the whole answer", { data: { users: ROWS } }],
  ["the list alone", ROWS],
])("a file with %s from a web service gives sourceOfFile the records of the source it replaces", async (_, kept) => {
  const folder = await folderWith({ "kept.json": JSON.stringify(kept) });
  for (const usual of [
    restSource({ url: "https://hr.example/users", items: "data.users" }),
    jsonSource("today.json", { items: "data.users" }),
  ]) {
    expect(await listOf(sourceOfFile(join(folder, "kept.json"), usual)())).toEqual(ROWS);
  }
});

it("sourceOfFile replaces the first of two joined sources, so that each record still finds its partner", async () => {
  const folder = await folderWith({
    "rh.csv": "ref;agency\nBAD;1\n",
    "rh-before.csv": "ref;agency\nA;1\n",
    "agencies.csv": "code;CP\n1;29000\n",
  });
  const usual = joinSources(csvSource(join(folder, "rh.csv")), {
    with: csvSource(join(folder, "agencies.csv")),
    on: ["agency", "code"],
    as: "at",
  });
  const source = sourceOfFile(join(folder, "rh-before.csv"), usual);
  expect(await listOf(source())).toEqual([{ ref: "A", agency: "1", at: { code: "1", CP: "29000" } }]);
  expect(source.title).toBe("rh-before.csv + agencies.csv");
});

it("sourceOfFile refuses a name with an unknown ending", () => {
  expect(() => sourceOfFile("export.pdf")).toThrow(/export\.pdf: the ending of the name .* must be one of \.csv/);
  expect(() => sourceOfFile("")).toThrow(expect.objectContaining({ code: "invalid_options" }));
});
