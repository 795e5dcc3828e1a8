import { expect, it } from "vitest";
import { tellGuard } from "../../src/locales/en/sync.ts";
import { planOverview } from "../../src/sync/overview/plan-overview.ts";
import { asMarkdown, asText } from "../../src/sync/overview/render.ts";
import { linesOf } from "../../src/sync/render-methods.ts";
import { createReport, failedReport } from "../../src/sync/report/create-report.ts";
import { englishLines } from "../support/english.ts";
import { fullPlan } from "../support/full-plan.ts";
import { fullReport } from "../support/full-report.ts";

const FRENCH = { language: "fr" } as const;
const plain = (text: string) => text.replace(/[\u202f\u202f]/g, " ");

it("a plan with an item of each kind has no English sentence in its French text and Markdown", () => {
  for (const testMode of [true, false]) {
    const overview = planOverview({ ...fullPlan, testMode }, FRENCH);
    expect(englishLines(asText(overview))).toEqual([]);
    expect(englishLines(asMarkdown(overview))).toEqual([]);
  }
});

it("a report with an item of each kind has no English sentence in its French text and Markdown", async () => {
  for (const testMode of [true, false]) {
    const report = createReport({ ...fullReport, testMode });
    expect(englishLines(await report.render("text", FRENCH))).toEqual([]);
    expect(englishLines(await report.render("markdown", FRENCH))).toEqual([]);
    expect((await linesOf(report, FRENCH)).map(({ text }) => text)).toEqual(
      (await report.render("text", FRENCH)).split("\n"),
    );
  }
});

it("a French plan follows the French rules for numbers, punctuation and the singular", () => {
  const counts = { ...fullPlan.counts, records: 12_345 };
  const estimate = { requests: 0, durationMs: undefined };
  const text = asText(planOverview({ ...fullPlan, counts, estimate }, FRENCH));
  expect(text).toContain("Plan Abc123\u202f: 12\u202f345 enregistrements");
  expect(text).toContain("0 requête\n");
  expect(text).toContain("En attente de correction\u202f:\n");
});

it("a French report has the reason of a refusal in French, and code and JSON as in English", async () => {
  const finding = tellGuard("empty_source", { population: 1_200 });
  const failure = { code: "sync_refused", message: "x", findings: [finding], plan: fullPlan };
  const report = failedReport(failure);
  expect(plain(await report.render("markdown", FRENCH))).toContain(
    "La source n’a donné aucun utilisateur, alors que le registre en contient 1 200.",
  );
  expect(englishLines(await report.render("text", FRENCH))).toEqual([]);
  expect(JSON.stringify(report)).toContain(finding.message);
});
