import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { OpleadError, type OpleadErrorCode } from "../../../src/index.ts";
import { ADVICE } from "../../../src/locales/en/advice.ts";
import { REASONS } from "../../../src/locales/en/report.ts";
import { among } from "../../../src/sync/findings.ts";
import { createReport } from "../../../src/sync/report/create-report.ts";
import type { Finding } from "../../../src/sync/types/findings.ts";
import { englishLines } from "../../support/english.ts";
import { fullReport } from "../../support/full-report.ts";
import { allTexts } from "../../support/texts.ts";

// Without record_error, whose text the author of `map` writes.
async function issuesOf(subjects: RegExp) {
  return (await allTexts())
    .filter(({ subject, code }) => subjects.test(subject) && code !== "record_error")
    .map(({ code, english, parameters }) => ({ path: "field", code, parameters, message: english }));
}

it("the French CSV of a report with each kind of problem and issue holds no English sentence", async () => {
  const issues = await issuesOf(/ (?:VALUES|USER|CONTENT|RECORDS|ROWS|RULES|BUILDERS|RULE_FINDINGS)$/);
  const [failure] = among(fullReport.findings, "failed");
  const [held] = among(fullReport.findings, "held");
  const [skip] = among(fullReport.findings, "skipped");
  const [waiting] = among(fullReport.findings, "waiting");
  const codes = Object.keys(REASONS).filter(
    (code): code is OpleadErrorCode => !/^(?:rule|another|run|parent|dupl|possible|leaver)/.test(code),
  );
  const recordsOf = (kind: "invalid" | "suspicious") =>
    among(fullReport.findings, kind).map((one) => ({ ...one, issues }) as unknown as Finding);
  const report = createReport({
    ...fullReport,
    findings: [
      ...(["user", "maxDistance"] as const).flatMap((step) =>
        codes.map((code) => ({ ...failure, step, code, error: new OpleadError(code, "x") }) as Finding),
      ),
      ...codes.map((code) => ({ ...held, code }) as Finding),
      ...(["stopped", "aborted"] as const).map((reason) => ({ ...skip, reason }) as Finding),
      waiting as Finding,
      ...among(fullReport.findings, "duplicate", "twin"),
      ...recordsOf("invalid"),
      ...recordsOf("suspicious"),
      ...(["grace", "due", "perhaps", "done"] as const).flatMap((state) =>
        among(fullReport.findings, "leaver").map((leaver) => ({ ...leaver, state })),
      ),
    ],
  });
  const rows: Record<string, string>[] = parse(await report.render("csv", { language: "fr" }), {
    columns: true,
    delimiter: ";",
    bom: true,
  });
  expect(rows.length).toBe(3 * codes.length + 3 + 2 * issues.length + 2 + 1 + 3);
  const told = rows.flatMap(({ motif = "", conseil = "", problème = "", étape = "" }) => [
    motif,
    conseil,
    problème,
    étape,
  ]);
  const english = new Set([
    ...issues.map(({ message }) => `field ${message}`),
    ...Object.values(ADVICE).map((text) => text),
  ]);
  expect(told.filter((text) => english.has(text))).toEqual([]);
  expect(englishLines(told.join("\n"))).toEqual([]);
});

it("the page of a report names each row with a value that the config does not know", async () => {
  const [invalid] = among(fullReport.findings, "invalid");
  const parameters = { column: "Title", value: "Dr" };
  const issues = [{ path: "civility", code: "value_unknown", message: "", parameters }];
  const findings = ["A-1", "A-2"].map((accountNumber) => ({ ...invalid, accountNumber, issues }) as unknown as Finding);
  const page = await createReport({ ...fullReport, findings }).render("html");
  expect(["A-1", "A-2"].filter((one) => page.includes(one))).toEqual(["A-1", "A-2"]);
});
