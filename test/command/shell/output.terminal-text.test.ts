import { expect, it } from "vitest";
import { coloured, wrapped } from "../../../src/command/shell/output.ts";

it("long lines break between words and continue indented, and a word that is too long is not broken", () => {
  const text = `Held:\n  ACC-3  user: refused 422 since 2026-01-09. Correct the fields.\n  ${"x".repeat(40)}`;
  expect(wrapped(text, 30).split("\n")).toEqual([
    "Held:",
    "  ACC-3  user: refused 422",
    "      since 2026-01-09.",
    "      Correct the fields.",
    `  ${"x".repeat(40)}`,
  ]);
  expect(wrapped(text, 80)).toBe(text);
});

it("a line has the colour of its tone, and a line without a tone has no colour, whatever its words are", () => {
  const tones = ["good", "notable", "bad", undefined] as const;
  expect(tones.map((tone) => coloured({ text: "Refused:", tone }))).toEqual([
    "\u001b[32mRefused:\u001b[39m",
    "\u001b[33mRefused:\u001b[39m",
    "\u001b[31mRefused:\u001b[39m",
    "Refused:",
  ]);
});
