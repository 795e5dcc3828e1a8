import { expect, it } from "vitest";
import { visible } from "../../../src/command/shell/output.ts";

it.each([
  ["a colour", "\u001b[31mred", "\\u001b[31mred"],
  ["a title", "\u001b]0;evil\u0007", "\\u001b]0;evil\\u0007"],
  ["a C1 sequence", "\u009b2J", "\\u009b2J"],
  ["DEL and NUL", "a\u007f\u0000", "a\\u007f\\u0000"],
  ["a return to the start of the line", "good\revil", "good\\u000devil"],
  ["a text that runs backwards", "a\u202egnp.exe", "a\\u202egnp.exe"],
  ["isolates and marks", "\u2066\u2069\u200f\u061c", "\\u2066\\u2069\\u200f\\u061c"],
])("visible shows %s instead of letting a terminal obey it", (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
});

it("visible keeps lines, tabs, a byte order mark, letters of all scripts and emoji", () => {
  const text = "\ufeffa\tb\r\nÉtienne ✓ 工 العربية 👩‍👧\n";
  expect(visible(text)).toBe(text);
});

it("JSON in which visible() has escaped the control characters is still valid and has the same content", () => {
  const value = { name: "a\u009b\u202e\u001b\r\n" };
  expect(JSON.parse(visible(JSON.stringify(value, undefined, 2)))).toEqual(value);
});
