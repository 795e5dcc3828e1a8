import { expect, it } from "vitest";
import { isIterable, isPlain } from "../../src/core/values.ts";

it.each([[{}], [Object.create(null)], [{ a: 1 }]])("isPlain is true for %j", (value) => {
  expect(isPlain(value)).toBe(true);
});

it.each([null, undefined, "text", 7, [], () => ({}), new Date(), new Map()])("isPlain is false for %s", (value) => {
  expect(isPlain(value)).toBe(false);
});

it("isIterable accepts every value that for await accepts, except text", () => {
  async function* records() {}
  expect([[], new Set(), records()].map(isIterable)).toEqual([true, true, true]);
  expect(["text", {}, null, records].map(isIterable)).toEqual([false, false, false, false]);
});
