import { expect, it } from "vitest";
import { NOUNS, TEXTS } from "../../../../src/cli/texts/fr/texts.ts";
import { englishLines } from "../../../support/english.ts";

const texts = Object.entries(TEXTS);
const parametersOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).sort();

it("Each French text of the command takes the parameters of the English one", () => {
  const wrong = texts.filter(([english, french]) => {
    return String([...new Set(parametersOf(english))]) !== String([...new Set(parametersOf(french))]);
  });
  expect(wrong).toEqual([]);
});

it("No French text of the command reads like English", () => {
  expect(texts.map(([, french]) => french).filter((french) => englishLines(french).length > 0)).toEqual([]);
});

it("Every text of the command differs from the English one, but for those that hold only parameters and punctuation", () => {
  const same = texts.filter(
    ([english, french]) => english === french && /\p{L}/u.test(english.replace(/\{\w+\}/g, "")),
  );
  expect(same).toEqual([]);
});

it("Every noun can be counted in French", () => {
  for (const noun of Object.values(NOUNS)) expect(noun).toMatch(/^[\p{L} ]+(?:\|[\p{L} ]+)?$/u);
});
