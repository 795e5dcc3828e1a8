import { expect, it } from "vitest";
import { allTexts } from "../support/texts.ts";

// Tables that may use the code of an issue, warning or finding, because their texts are about the same case.
const ABOUT_ERRORS = /^(?:command(?:-[a-z]+)?|doctor|report|pages|coverage-page|overview|rules)\.ts|^sync\.ts STOPS$/;

it("no code of an issue, warning or finding is in two tables, and each is in snake_case", async () => {
  const texts = (await allTexts()).filter(({ subject }) => !ABOUT_ERRORS.test(subject));
  const codes = texts.map(({ code }) => code);
  expect(codes.length).toBeGreaterThan(50);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(codes.filter((code) => !/^[a-z]+(?:_[a-z]+)*$/.test(code))).toEqual([]);
});
