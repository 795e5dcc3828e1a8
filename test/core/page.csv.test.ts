import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { csvLine } from "../../src/core/page.ts";

it("a line that csvLine() writes is read back by a CSV parser, for any cells and any delimiter", () => {
  const cells = fc.array(fc.string({ unit: fc.constantFrom('"', ",", ";", "\t", "\r", "\n", "a", "É", " ", "'") }), {
    minLength: 2,
  });
  fc.assert(
    fc.property(cells, fc.constantFrom(",", ";", "\t"), (line, delimiter) => {
      expect(parse(csvLine(line, delimiter), { delimiter, record_delimiter: "\r\n", relax_quotes: false })).toEqual([
        line,
      ]);
    }),
  );
});

it("a cell gets quotation marks only if a character in it could end it", () => {
  expect(csvLine(["a b", "7", "O'Neil", "l'été"])).toBe("a b,7,O'Neil,l'été");
  expect(csvLine(["a;b", 'say "no"', "two\nlines", "", "1,5"])).toBe('"a;b","say ""no""","two\nlines",,"1,5"');
});

it("a cell is never longer than 32,000 characters, because Excel spoils the rows after a longer cell", () => {
  const [[cell = "", next] = []] = parse(csvLine(["a".repeat(40_000), "b"])) as [string, string][];
  expect([cell.length, cell.endsWith("a…"), next]).toEqual([32_000, true, "b"]);
  const [[quotes = ""] = []] = parse(csvLine(['"'.repeat(32_000)])) as [string][];
  expect(quotes).toHaveLength(32_000);
});
