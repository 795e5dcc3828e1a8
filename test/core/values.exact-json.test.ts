import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "../../src/core/values.ts";

it("an integer that a number holds exactly is read as a number, and any other as text with every digit", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (integer) => {
      const isExact = integer >= BigInt(Number.MIN_SAFE_INTEGER) && integer <= BigInt(Number.MAX_SAFE_INTEGER);
      expect(parseJson(`{"id":${integer}}`)).toEqual({ id: isExact ? Number(integer) : String(integer) });
      expect(parseJson(`[${integer},1]`)).toEqual([isExact ? Number(integer) : String(integer), 1]);
    }),
  );
});

it("sixteen digits are found at every place of a document", () => {
  for (let place = 0; place < 40; place += 1) {
    const text = `["${"x".repeat(place)}",9007199254740993]`;
    expect(parseJson(text)).toEqual(["x".repeat(place), "9007199254740993"]);
  }
});

it("a document without large integers is read as JSON.parse reads it, with digits anywhere", () => {
  fc.assert(
    fc.property(fc.json(), fc.stringMatching(/^["\\ 0-9a]{0,40}$/), (json, digits) => {
      const text = JSON.stringify({ [digits]: digits, json, fraction: 0.1234567890123456, large: 1e15, small: 1e-30 });
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it.each(["1234567890123456.5", "1234567890123456789e-3", "-0.00000000000000001"])(
  "the number %s is not a large integer, so it stays a number",
  (number) => {
    expect(parseJson(`{"n":${number}}`)).toEqual({ n: Number(number) });
  },
);

it.each(["1e400", "1E+16", "9.007199254740993e15", "9007199254740993.0"])(
  "%s, not written as a whole number, stays a number",
  (number) => {
    expect(parseJson(`{"n":${number}}`)).toEqual({ n: Number(number) });
  },
);
