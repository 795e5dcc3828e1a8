import { expect, it } from "vitest";
import { englishLines } from "../support/english.ts";
import { allTexts } from "../support/texts.ts";

const SHARED = ["ID X", "code", "Leads", "Segment", "Node", "Oplead", "Pause", "Proxy", "Source"];
// The text comes from the user.
const OF_THE_USER = "record_error";

it("every code of every subject has a French text, which differs from the English one", async () => {
  const texts = await allTexts();
  expect(texts.length).toBeGreaterThan(150);
  const missing = texts.filter(
    ({ code, english, french }) =>
      french === "" ||
      (french === english && holdsWords(String(french)) && code !== OF_THE_USER && !SHARED.includes(french)),
  );
  expect(missing).toEqual([]);
});

// A text may consist only of parameters, or of a command of the system.
function holdsWords(text: string) {
  return /\p{L}{2}/u.test(text.replace(/^(?:chmod|npm install) .*/, ""));
}

it("no French text reads like English", async () => {
  const texts = (await allTexts()).map(({ french }) => String(french));
  expect(texts.filter((text) => englishLines(text).length > 0)).toEqual([]);
});

it("the thousands of a number are separated by a comma in English and by a narrow space in French", async () => {
  const texts = await allTexts();
  const english = texts.map(({ english: text }) => String(text).split("12,345").length - 1);
  expect(Math.max(...english)).toBeGreaterThan(1);
  const other = texts.filter(({ french }, at) => String(french).split("12\u202f345").length - 1 !== english[at]);
  expect(other.map(({ subject, code }) => `${subject} ${code}`)).toEqual([]);
});
