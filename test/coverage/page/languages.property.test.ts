import fc from "fast-check";
import { expect, it } from "vitest";
import { coverage } from "../../../src/coverage/index.ts";
import { COVERAGE_PAGE, COVERAGE_SCRIPT } from "../../../src/locales/en/coverage-page.ts";
import { LEAD_LABELS, RULE_LABELS } from "../../../src/locales/en/rules.ts";
import { capitalised } from "../../../src/locales/grammar.ts";
import { englishLines } from "../../support/english.ts";
import { sized } from "../../support/long-form.ts";
import { textOf } from "../../support/page-text.ts";
import * as w from "../worlds.ts";

const english = new Set(
  Object.values<(parameters: never) => string>({ ...COVERAGE_SCRIPT, ...COVERAGE_PAGE, ...LEAD_LABELS, ...RULE_LABELS })
    .filter((text) => text.length === 0)
    .map((text) => capitalised(text({} as never))),
);

// What a reader sees or hears.
function saidBy(page: string): string[] {
  const attributes = [...page.matchAll(/(?:aria-label|placeholder)="([^"]*)"/g)].map(([, text = ""]) => text);
  const text = textOf(page).replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  return [...text.split("\n"), ...attributes].map((line) => line.trim());
}

it("no coverage page in French has an English sentence, whatever users, rules and assumptions are", async () => {
  expect(english.size).toBeGreaterThan(60);
  const universe = { countries: w.countries, ranges: w.ranges, requestTypes: w.requestTypes };
  await fc.assert(
    fc.asyncProperty(w.users, w.assumptions, async (users, assumptions) => {
      const result = await coverage(users.map(w.toCoverageUser), { universe, assumptions, locate: w.locate });
      const lines = saidBy(await result.render("html", { language: "fr" }));
      expect(lines.filter((line) => english.has(line))).toEqual([]);
      expect(englishLines(lines.join("\n"))).toEqual([]);
    }),
    { numRuns: sized(15, 120) },
  );
});
