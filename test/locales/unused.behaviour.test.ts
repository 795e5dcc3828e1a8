import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { allTexts } from "../support/texts.ts";

const src = new URL("../../src/", import.meta.url);

const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/^locales\/(?:en|fr)\//.test(file.replaceAll("\\", "/")))
  .map((file) => readFileSync(new URL(file, src), "utf8"))
  .join("\n");

// Names that tables of texts have in the source.
const TABLE = /\b(?:advice|alerts|by|overview|page|reasons|texts|words|[A-Z_]+)\.([a-z]\w*)/g;

const foundBy = (pattern: RegExp) => [...sources.matchAll(pattern)].map(([, name = ""]) => name);

it("every text of the package is used: by its code, a property of its name, or a code built in part", async () => {
  const names = new Set([...foundBy(/["'`]([a-z]\w*)["'`]/gi), ...foundBy(/\.([a-z]\w*)\(/gi), ...foundBy(TABLE)]);
  const beginnings = foundBy(/`([a-z][a-z_]*_)\$\{/g);
  const ends = foundBy(/\$\{[^`{}]*\}(_[a-z_]+)`/g);
  const isSaid = (code: string) =>
    names.has(code) ||
    beginnings.some((beginning) => code.startsWith(beginning)) ||
    ends.some((end) => code.endsWith(end));
  expect(isSaid("text_that_nothing_says")).toBe(false);
  const unused = (await allTexts())
    .filter(({ code }) => !isSaid(code))
    .map(({ subject, code }) => `${subject} ${code}`);
  expect(unused).toEqual([]);
});
