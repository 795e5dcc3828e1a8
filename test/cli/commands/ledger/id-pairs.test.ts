import { expect, it } from "vitest";
import { csvLine } from "../../../../src/base/csv.ts";
import { readPairs } from "../../../../src/cli/commands/ledger/id-pairs.ts";

it.each([
  ["commas", "A-1,7\nA-2,8\n"],
  ["semicolons, CRLF and a byte order mark", "\ufeffA-1;7\r\nA-2;8\r\n"],
  ["tabs and old Mac line ends", "A-1\t7\rA-2\t8"],
  ["a header", "accountNumber,id\nA-1,7\nA-2,8\n"],
  ["another spelling of the header, in quotation marks", '"ACCOUNT_NUMBER";"id"\n"A-1";"7"\n"A-2";"8"\n'],
  ["spaces and blank lines", "\n A-1 , 7\n\n  A-2,8 \n\n"],
])("Pairs with %s are read", async (_what, text) => {
  expect(await readPairs(text, "ids.csv")).toEqual([
    ["A-1", "7"],
    ["A-2", "8"],
  ]);
});

it("The pairs that ledger export writes are read back unchanged, also with delimiters and quotation marks inside", async () => {
  const pairs: [string, string][] = [
    ['A "one"', "7,8"],
    ["A;2", "9"],
    ["É-3", "10"],
  ];
  expect(await readPairs(pairs.map((pair) => csvLine(pair)).join("\n"), "ids.csv")).toEqual(pairs);
});

it.each([
  ["a line without an id", "A-1,7\nA-2\n", 2],
  ["an empty id", "A-1,7\n\nA-2,\n", 3],
  ["an empty account number", ",7\n", 1],
  ["a third cell", "accountNumber,id\nA-1,7,x\n", 2],
  ["a quotation mark that is never closed", 'A-1,7\n"A-2,8\n', 2],
])("A file with %s is refused with the number of the line", async (_what, text, line) => {
  await expect(readPairs(text, "ids.csv")).rejects.toMatchObject({
    code: "import",
    message: expect.stringMatching(new RegExp(`^ids\\.csv, line ${line}: must be accountNumber,id\\.`)),
  });
});
