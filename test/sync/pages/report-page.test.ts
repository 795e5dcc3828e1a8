import { expect, it } from "vitest";
import { tellGuard } from "../../../src/locales/en/sync.ts";
import { createReport, failedReport } from "../../../src/sync/report/create-report.ts";
import { fullPlan } from "../../support/full-plan.ts";
import { fullReport } from "../../support/full-report.ts";
import { textOf } from "../../support/page-text.ts";

const report = createReport(fullReport);
const nothing = { findings: [] };

it("the page of a report says how and why the run ended, and what to do about users that did not arrive", async () => {
  const page = await report.render("html");
  expect(page).toContain("<h1>7 people were not sent: 5 rows to correct</h1>");
  expect(page).toContain("The run was stopped before its end.");
  expect(page).toContain("5 calls in a row got no answer.");
  expect(page).toContain("Oplead did not answer in time.");
  expect(page).toContain("Nothing to correct; the next run tries again.");
  for (const kind of ["failed", "skipped", "held", "invalid", "duplicate", "twin", "suspicious", "leaver"])
    expect(page).toContain(`data-kind="${kind}"`);
});

it("the page of a run with a limit does not say that Oplead has every user", async () => {
  const counts = { ...fullReport.counts, notSelected: 3 };
  const page = await createReport({ ...fullReport, ...nothing, status: "complete", counts }).render("html");
  expect(page).toContain("Oplead has every user of this run as the source has it. 3 users were left out of it.");
  const whole = { ...counts, notSelected: 0 };
  expect(await createReport({ ...fullReport, ...nothing, status: "complete", counts: whole }).render("html")).toContain(
    "Oplead has every user as the source has it.",
  );
});

it("the page of a run that was approved against the guard says so above the guard's findings", async () => {
  const refusals = [tellGuard("empty_source", { population: 1_200 })];
  const text = textOf(await createReport({ ...fullReport, refusals }).render("html"));
  expect(text).toMatch(/Approved, although it was refused\s+The source gave no user, and the ledger has 1,200\./);
  const rehearsed = await createReport({ ...fullReport, refusals, testMode: true }).render("html");
  expect(rehearsed).not.toContain("Approved, although");
});

it("the page of a run that was refused, or broke off, says why nothing was sent", async () => {
  const findings = [tellGuard("empty_source", { population: 1_200 })];
  const refused = failedReport({ code: "sync_refused", message: "x", findings, plan: fullPlan });
  expect(await refused.render("html")).toContain("The source gave no user, and the ledger has 1,200.");
  const failed = failedReport({ code: "source_failed", message: "There is no file users.csv." });
  expect(await failed.render("html")).toContain("There is no file users.csv.");
  expect(await failed.render("html", { language: "fr" })).toContain("La source n’a pas pu être lue.");
});
