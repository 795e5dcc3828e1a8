import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { csvLine } from "../../src/base/csv.ts";

it("a line of any cells, with any delimiter, is read back as it was", () => {
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

it("a cell gets quotation marks only where something in it could end it", () => {
  expect(csvLine(["a b", "7", "O'Neil", "l'été"])).toBe("a b,7,O'Neil,l'été");
  expect(csvLine(["a;b", 'say "no"', "two\nlines", "", "1,5"])).toBe('"a;b","say ""no""","two\nlines",,"1,5"');
});
