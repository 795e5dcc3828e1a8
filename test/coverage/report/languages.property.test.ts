import fc from "fast-check";
import { expect, it } from "vitest";
import { coverage, coverageReport } from "../../../src/coverage/index.ts";
import { COVERAGE_PAGE_FR } from "../../../src/locales/fr/pages.ts";
import { englishLines } from "../../support/english.ts";
import { sized } from "../../support/long-form.ts";
import { textOf } from "../../support/page-text.ts";
import * as w from "../worlds.ts";

const parametersOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).sort();

/** What a reader sees or hears: texts of elements and labels in attributes, a line each. */
function saidBy(page: string): string[] {
  const attributes = [...page.matchAll(/(?:aria-label|placeholder)="([^"]*)"/g)].map(([, text = ""]) => text);
  const text = textOf(page).replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  return [...text.split("\n"), ...attributes].map((line) => line.trim());
}

it("each French text of the coverage page takes the parameters of the English one and does not read like English", () => {
  for (const [english, french] of Object.entries(COVERAGE_PAGE_FR)) {
    expect(parametersOf(french), english).toEqual(parametersOf(english));
    expect(englishLines(french)).toEqual([]);
  }
});

it("no coverage page in French has an English sentence, whatever the users, their rules and the assumptions are", async () => {
  const same = Object.entries(COVERAGE_PAGE_FR).filter(([english, french]) => english === french);
  expect(same).toEqual([]);
  const universe = { countries: w.countries, ranges: w.ranges, requestTypes: w.requestTypes };
  await fc.assert(
    fc.asyncProperty(w.users, w.assumptions, async (users, assumptions) => {
      const result = await coverage(users.map(w.toCoverageUser), { universe, assumptions, locate: w.locate });
      const lines = saidBy(await coverageReport(result, { language: "fr" }));
      expect(lines.filter((line) => line in COVERAGE_PAGE_FR)).toEqual([]);
      expect(englishLines(lines.join("\n"))).toEqual([]);
    }),
    { numRuns: sized(15, 300) },
  );
});
