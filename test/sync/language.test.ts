import { expect, it } from "vitest";
import { tellGuard } from "../../src/locales/en/sync.ts";
import { planOverview } from "../../src/sync/overview/plan-overview.ts";
import { asText } from "../../src/sync/overview/render.ts";
import { failedReport } from "../../src/sync/report/create-report.ts";
import { englishLines } from "../support/english.ts";
import { fullPlan } from "../support/full-plan.ts";

const FRENCH = { language: "fr" } as const;
const plain = (text: string) => text.replace(/[\u202f\u202f]/g, " ");

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
