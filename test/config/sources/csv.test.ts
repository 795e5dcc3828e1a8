import { appendFileSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type CsvOptions, csvSource } from "../../../src/config/index.ts";
import { folderWith, listOf } from "../../support/folder.ts";

async function read(content: string | Uint8Array, options: CsvOptions = {}) {
  const folder = await folderWith({ "dealers.csv": content });
  const source = csvSource(join(folder, "dealers.csv"), options);
  const rows = await listOf(source());
  const numbers = rows.map((row) => source.rowOf(row));
  return { rows, numbers, warnings: source.warnings(), suspected: source.suspected() };
}

it.each([
  ["semicolons", "ref;name\nA-1;Petit\n"],
  ["commas", "ref,name\nA-1,Petit\n"],
  ["tabs", "ref\tname\nA-1\tPetit\n"],
  ["CRLF", "ref;name\r\nA-1;Petit\r\n"],
  ["old Mac line ends", "ref;name\rA-1;Petit\r"],
  ["no line end at the end", "ref;name\nA-1;Petit"],
  ["a byte order mark", "\ufeffref;name\nA-1;Petit\n"],
  ["Excel's own first line", "sep=;\r\nref;name\r\nA-1;Petit\r\n"],
  ["a delimiter inside a quoted header", '"ref";"name"\nA-1;Petit\n'],
  ["white space around cells", " ref ; name\nA-1 ;\u00a0Petit \n"],
  ["empty cells left out at the end of a row, and a header with empty columns", "ref;name;;\nA-1;Petit\n"],
])("a CSV file with %s gives the same rows as the plain table", async (_what, text) => {
  const { rows } = await read(text);
  expect(rows).toEqual([{ ref: "A-1", name: "Petit" }]);
});

it("reading a large file lets other work run in between, even if its reader never waits", async () => {
  const folder = await folderWith({ "dealers.csv": `ref;name\n${"A-1;Petit\n".repeat(200_000)}` });
  const rows = csvSource(join(folder, "dealers.csv"))();
  let turns = 0;
  let reads = true;
  const turn = () => {
    turns += 1;
    if (reads) setImmediate(turn);
  };
  for await (const _row of rows) if (turns === 0) turn();
  reads = false;
  // Two megabytes are about thirty pieces.
  expect(turns).toBeGreaterThan(25);
});

it("text in quotation marks may hold delimiters, line breaks and quotation marks", async () => {
  const { rows, numbers } = await read('ref;name\r\nA-1;"Garage ""Le Pneu""; Brest\r\n2e étage"\r\nA-2;5" alu\r\n');
  expect(rows.map(({ name }) => name)).toEqual(['Garage "Le Pneu"; Brest\r\n2e étage', '5" alu']);
  expect(numbers).toEqual([2, 3]);
});

it("the header is row 1, and blank rows count although they are left out", async () => {
  const { rows, numbers } = await read("ref;name\nA-1;x\n\n;\nA-2;y\n");
  expect(rows.map(({ ref }) => ref)).toEqual(["A-1", "A-2"]);
  expect(numbers).toEqual([2, 5]);
});

it("the row number is not a column of the record", async () => {
  const { rows } = await read("ref\nA-1\n");
  expect(Object.keys(rows[0] ?? {})).toEqual(["ref"]);
  expect(JSON.stringify(rows[0])).toBe('{"ref":"A-1"}');
});

it("a warning names postcodes without their leading zero by rows and column, and shows no value", async () => {
  const zips = ["29200", "1000", "75001", "13001", "1410"];
  const { warnings } = await read(`ref;Code postal\n${zips.map((zip, i) => `A-${i};${zip}\n`).join("")}`);
  const parameters = { column: "Code postal", rows: [3, 6], more: 0 };
  expect(warnings).toMatchObject([{ path: "Code postal", code: "zip_codes_lost_zero", parameters }]);
  expect(warnings[0]?.message).toContain('rows 3, 6, column "Code postal": the postcode has four');
  expect(JSON.stringify(warnings)).not.toContain("1410");
});

it("a column of Belgian postcodes gets no warning", async () => {
  expect((await read("ref;zip\nA;1000\nB;1410\nC;75001\n")).warnings).toEqual([]);
  expect((await read("ref;zip\nA;1000\nC;75001\n")).warnings).toEqual([]);
});

it("a warning names a number in scientific notation, whatever the column", async () => {
  const { warnings } = await read("ref;phone\nA;3,36E+10\nB;+33600000000\n");
  const parameters = { column: "phone", rows: [2], more: 0 };
  expect(warnings).toMatchObject([{ path: "phone", code: "numbers_shortened", parameters }]);
  expect(warnings[0]?.message).toContain('row 2, column "phone": the number was shortened');
});

it("rows with values such as Sorti are suspected to have left, in columns with few different values", async () => {
  const states = ["Actif", "Sorti", "Actif", "INACTIVE", "Désactivé", "partie", "Actif"];
  const lines = states.map((state, at) => `A-${at};${state};${at === 3 ? "Parti" : `Name ${at}`}`);
  // "Parti" may be a name. A column with many different values holds no states.
  const more = Array.from({ length: 12 }, (_, at) => `B-${at};Actif;Name B-${at}`);
  const { warnings, suspected } = await read(`ref;Statut;Nom\n${[...lines, ...more].join("\n")}\n`);
  expect(warnings).toEqual([]);
  expect(suspected.map(({ record, issue }) => [record, issue.path, issue.parameters])).toEqual([
    [1, "Statut", { value: "Sorti" }],
    [3, "Statut", { value: "INACTIVE" }],
    [4, "Statut", { value: "Désactivé" }],
    [5, "Statut", { value: "partie" }],
  ]);
});

it("a row with more cells than the header throws when its cells are read, and the rows after it are fine", async () => {
  const { rows, numbers } = await read("ref,name\nA-1,Petit, Paul\nA-2,Durand\n");
  expect(() => rows[0]?.ref).toThrow(
    expect.objectContaining({ code: "invalid_input", message: expect.stringContaining("row 2") }),
  );
  expect(rows[1]).toEqual({ ref: "A-2", name: "Durand" });
  expect(numbers).toEqual([2, 3]);
});

it.each([
  ["the file is empty", "", /the file is empty/],
  ["two columns have one name", "ref;ref\nA;B\n", /two columns have the name "ref"/],
  ["a quotation mark is never closed", 'ref;name\nA-1;x\n\nA-2;"y\n', /opens in row 4 is never closed/],
])("source_failed says that %s", async (_what, text, message) => {
  await expect(read(text)).rejects.toMatchObject({ code: "source_failed", message: expect.stringMatching(message) });
});

it("source_failed names a required column that is absent, and a similar column that is there", async () => {
  await expect(read("REF;Zip Code\nA;1\n", { columns: ["ref", "zipCode", "city"] })).rejects.toMatchObject({
    code: "source_failed",
    message: 'dealers.csv: the header lacks "ref" (there is "REF"), "zipCode" (there is "Zip Code"), "city"',
  });
});

it.each([
  ["does not exist", "nothing.csv", /nothing.csv: the file does not exist/],
  ["is a folder", ".", /is a folder/],
])("source_failed says that the file %s", async (_what, name, message) => {
  const folder = await folderWith();
  await expect(listOf(csvSource(join(folder, name))())).rejects.toMatchObject({
    code: "source_failed",
    retryable: false,
    message: expect.stringMatching(message),
  });
});

it("a last row without a line break is warned of, and its record marked as perhaps cut off", async () => {
  const { rows, warnings, suspected } = await read("ref;radius\nA-1;30\nA-2;3");
  expect(rows).toHaveLength(2);
  const cut = { code: "may_be_cut", path: "", parameters: { row: 3 }, message: expect.stringContaining("row 3") };
  expect(warnings).toEqual([cut]);
  expect(suspected).toEqual([{ record: 1, issue: cut }]);
});

it.each(["ref;radius\nA-1;30\n", "ref;radius\r\nA-1;30\r\n", "ref\rA-1\r", "ref\nA-1\n ", "ref", ""])(
  "no warning says that a file that ends with %j is incomplete",
  async (text) => {
    expect(
      await read(text).then(
        ({ warnings }) => warnings,
        () => [],
      ),
    ).toEqual([]);
  },
);

it("a file without a last line break is refused if finalNewline is required, and accepted if optional", async () => {
  const text = "ref;radius\nA-1;3";
  expect((await read(text, { finalNewline: "optional" })).warnings).toEqual([]);
  await expect(read(text, { finalNewline: "required" })).rejects.toMatchObject({
    code: "source_failed",
    retryable: true,
    issues: [{ code: "no_final_newline" }],
  });
  expect((await read(`${text}0\n`, { finalNewline: "required" })).rows).toHaveLength(1);
});

it("csvSource waits for a file that was changed less than minAgeMs ago, and not for an older one", async () => {
  const folder = await folderWith({ "dealers.csv": "ref\nA-1\n" });
  const file = join(folder, "dealers.csv");
  const timeToRead = async (changedMsAgo: number, minAgeMs: number) => {
    const changed = new Date(Date.now() - changedMsAgo);
    await utimes(file, changed, changed);
    const start = performance.now();
    await listOf(csvSource(file, { minAgeMs })());
    return performance.now() - start;
  };
  expect(await timeToRead(59_700, 60_000)).toBeGreaterThan(250);
  expect(await timeToRead(61_000, 60_000)).toBeLessThan(20_000);
  // The clock of the file server is an hour ahead.
  expect(await timeToRead(-3_600_000, 300)).toBeLessThan(20_000);
});

it("a file that changes again and again is refused after ten times minAgeMs", async () => {
  const folder = await folderWith({ "dealers.csv": "ref\n" });
  const file = join(folder, "dealers.csv");
  const copying = setInterval(() => appendFileSync(file, "A-1\n"), 1);
  onTestFinished(() => clearInterval(copying));
  const reading = listOf(csvSource(file, { minAgeMs: 100 })());
  await expect(reading).rejects.toMatchObject({ retryable: true, issues: [{ code: "file_changes" }] });
});

it("a file that changes while it is read is refused, even without minAgeMs", async () => {
  const folder = await folderWith({ "dealers.csv": `ref\n${"A-1\n".repeat(4_000_000)}` });
  const file = join(folder, "dealers.csv");
  let reads = true;
  const append = () => {
    appendFileSync(file, "A-2\n");
    if (reads) setImmediate(append);
  };
  append();
  const reading = csvSource(file)()[Symbol.asyncIterator]().next();
  await expect(reading).rejects.toMatchObject({ code: "source_failed", issues: [{ code: "file_changes" }] });
  reads = false;
});
