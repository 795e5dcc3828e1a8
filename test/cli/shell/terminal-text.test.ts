import { expect, it } from "vitest";
import { coloured, wrapped } from "../../../src/cli/shell/terminal-text.ts";

it("lines break between words, go on to the right of where they began, and keep a word that is too long whole", () => {
  const text = `Held:\n  ACC-3  user: rejected 422 since 2026-01-09. Correct the fields.\n  ${"x".repeat(40)}`;
  expect(wrapped(text, 30).split("\n")).toEqual([
    "Held:",
    "  ACC-3  user: rejected 422",
    "      since 2026-01-09.",
    "      Correct the fields.",
    `  ${"x".repeat(40)}`,
  ]);
  expect(wrapped(text, 80)).toBe(text);
});

it("what is worth a look has a colour: counts and headings of what is created, changed, held, refused and warned of", () => {
  const text = "Plan abc: 5 records\n    3  new\n  1,2  unchanged\n\nRefused by the guard:\n  why\n\nWarnings:\n  one";
  expect(coloured(text)).toBe(
    "Plan abc: 5 records\n\u001b[32m    3  new\u001b[39m\n  1,2  unchanged\n\n" +
      "\u001b[31mRefused by the guard:\u001b[39m\n  why\n\n\u001b[33mWarnings:\u001b[39m\n  one",
  );
});
