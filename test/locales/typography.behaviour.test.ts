import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { coverage } from "../../src/coverage/index.ts";
import { planPage } from "../../src/sync/pages/plan-page.ts";
import { createReport } from "../../src/sync/report/create-report.ts";
import { savedPlan } from "../../src/sync/saved-plan.ts";
import * as w from "../coverage/worlds.ts";
import { fullPlan } from "../support/full-plan.ts";
import { fullReport } from "../support/full-report.ts";
import { textOf } from "../support/page-text.ts";
import { allTexts } from "../support/texts.ts";

// With a few letters around each.
function wronglySet(text: string, space: string) {
  const apostrophe = /.{0,12}(?:\p{L}'(?=\p{L}|«)|aujourd'hui).{0,12}/gu;
  const other = new RegExp(
    `.{0,12}(?:(?<=[^${space}])[;!?](?=\\s|$)|[^${space}:][:»%](?=\\s|$)|«[^${space}]).{0,12}`,
    "gu",
  );
  return [...text.matchAll(apostrophe), ...text.matchAll(other)].map(([found]) => found);
}

const NARROW = "\u202f";
const NO_BREAK = "\u00a0";

it("wronglySet finds a wrong apostrophe, and a breaking space before a punctuation mark", () => {
  expect(wronglySet("l'essai", NARROW)).toEqual(["l'essai"]);
  expect(wronglySet(`l’essai${NARROW}: 5${NARROW}%, «${NARROW}a${NARROW}»${NARROW}?`, NARROW)).toEqual([]);
  for (const wrong of ["a ?", "a : b", "a: b", "5 %", "« a", "a »", "a;"]) {
    expect(wronglySet(wrong, NARROW)).toHaveLength(1);
  }
});

it("every French text has typographic apostrophes and narrow no-break spaces", async () => {
  const texts = await allTexts();
  const wrong = texts.flatMap(({ subject, code, french }) =>
    wronglySet(withoutCode(String(french)), NARROW).map((found) => `${subject} ${code}: ${found}`),
  );
  expect(wrong).toEqual([]);
});

it("the French pages of a plan, a report and coverage follow the rules of French typography", async () => {
  const french = { language: "fr" } as const;
  const saved = savedPlan(
    fullPlan,
    fullPlan.changes.map((change) => ({ ...change, hash: "h" })),
  );
  const universe = { countries: w.countries, ranges: w.ranges, requestTypes: w.requestTypes };
  const [users = []] = fc.sample(w.users, { numRuns: 1, seed: 7 });
  expect(users.length).toBeGreaterThan(0);
  const pages = [
    await planPage(saved, french),
    await createReport(fullReport).render("html", french),
    await (await coverage(users.map(w.toCoverageUser), { universe, locate: w.locate })).render("html", french),
  ];
  for (const page of pages) expect(wronglySet(withoutCode(textOf(page)), NARROW)).toEqual([]);
});

it("the French pages of the documentation follow the rules of French typography", () => {
  const folder = new URL("../../docs/fr/", import.meta.url);
  const pages = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  expect(pages.length).toBeGreaterThan(5);
  const prose = pages.map((page) =>
    page.replace(/^```[\s\S]*?^```|<!--.*?-->|`[^`\n]*`|\]\([^)]*\)|^\|[ -:|]*$/gm, "…"),
  );
  expect(prose.flatMap((text) => wronglySet(text, NO_BREAK))).toEqual([]);
});

function withoutCode(text: string) {
  return text.replace(/\{.*\}|exemple \d+%|\([^)]*\)|"[^"]*"|\b\w[\w.]*: (?:[[{"(\w]|…)|https?:\/\/\S*/g, "…");
}
