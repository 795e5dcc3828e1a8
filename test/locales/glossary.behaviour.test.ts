import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { allTexts } from "../support/texts.ts";

const page = readFileSync(new URL("../../docs/start/how-it-works.md", import.meta.url), "utf8");

// Also names of options, functions and targets, which French texts keep.
const NAMES = ["map", "coverage", "fake", "platform"];

const terms = page
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, english = "", french = ""]) => /^\p{Ll}/u.test(french) && !french.includes(english))
  .map(([, english = ""]) => english)
  .filter((term) => !NAMES.includes(term));

// The glossary replaces them.
const OTHERS = [
  ..."sortant sortants parent parents rattachement zone chevauchement chevauchements lacune lacunes".split(" "),
  ..."politique politiques login nature garde-fous passage déroulement prospect prospects".split(" "),
  "grand livre",
];

it("French texts use the French words of the glossary, and not the English ones", async () => {
  expect(terms).toContain("ledger");
  expect(terms).toContain("guard");
  const wrong = new RegExp(`(?<![\\p{L}./-])(?:${[...terms, ...OTHERS].join("|")})(?![\\p{L}./-])`, "iu");
  const french = (await allTexts()).map(({ french }) => String(french));
  const found = french.filter((text) => wrong.test(withoutCode(text)));
  expect(found).toEqual([]);
});

function withoutCode(text: string) {
  return text
    .replace(/\boplead(?:-sdk)? [a-z]+(?: [a-z]+)*/g, "")
    .replace(/\([^)]*\)|«[^»]*»|`[^`]*`|\{[^}]*\}/g, "")
    .replace(/--?[\w-]+|^ledger\s:/g, "");
}
