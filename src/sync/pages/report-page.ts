import { type Html, html } from "../../base/page/html.ts";
import { oneOf, options, optionsCheck } from "../../base/validation/validate.ts";
import { printable, reportForm } from "../forms.ts";
import type { FailedReport } from "../types/failed-report.ts";
import type { LanguageOptions, SavedReport, SyncReport } from "../types/report.ts";
import { reportProblems } from "./groups.ts";
import { type Figure, figuresIn, renderPage, sentences } from "./render.ts";
import { type Words, wordsIn } from "./words.ts";

const checkOptions = optionsCheck<LanguageOptions>("toHtml", () => options({ language: oneOf("en", "fr") }));

/** The page of a run, or of one that has no report: see {@link SyncReport.toHtml}. */
export async function reportPage(report: SyncReport | FailedReport, given: LanguageOptions = {}): Promise<string> {
  checkOptions(given);
  const words = wordsIn(given.language);
  if ("reason" in report) return failedPage(report, words);
  return runPage(printable(reportForm, report), words);
}

function runPage(report: SavedReport, words: Words): string {
  const { page, say, told } = words;
  const { status, stopReason, refusals, runId, startedAt, durationMs, testMode } = report;
  return renderPage(
    {
      title: page.report_title({ id: runId }),
      lead: began(startedAt, durationMs, testMode, words),
      tone: status === "complete" ? "good" : status === "partial" ? "warn" : "bad",
      verdict: status === "complete" ? page.complete({ left: report.counts.notSelected }) : page[status](),
      reasons: stopReason ? [told(stopReason)] : [],
      more: refusals.length === 0 ? [] : [overruled(refusals.map(told), testMode, words)],
      figures: figuresOf(report, words),
      warnings: report.warnings.map(told),
      lists: [[say("not_sent"), reportProblems(report, words)]],
      end: nextRun(report, words),
    },
    words,
  );
}

/** What the guard found, where the run went on all the same. */
function overruled(findings: readonly string[], testMode: boolean, { page, say }: Words): Html {
  const title = testMode ? say("title_would_be_refused") : say("title_approved");
  return html`<h3>${title}</h3>${sentences(findings, page)}`;
}

function failedPage({ status, startedAt, reason, hash }: FailedReport, words: Words): string {
  const { page, told, reasons } = words;
  const { code, message, findings } = reason;
  // Messages are English. In another language their code is told, and the log of the run has the rest.
  const known = Object.hasOwn(reasons, code) ? reasons[code as "source_failed"]() : words.words.see_log();
  const why = words.isTranslated ? [known] : [message];
  return renderPage(
    {
      title: page.report_title({ id: hash ?? startedAt }),
      lead: began(startedAt, undefined, false, words),
      tone: "bad",
      verdict: page[`run_${status}`](),
      reasons: findings ? findings.map(told) : why,
      ...{ more: [], figures: [], warnings: [], lists: [] },
    },
    words,
  );
}

function began(startedAt: string, ms: number | undefined, testMode: boolean, { page, say }: Words): string {
  const at = startedAt.slice(0, 16).replace("T", " ");
  return `${page.began({ at, ms })}${testMode ? ` ${say("test_mode")}` : ""}`;
}

function figuresOf({ counts, requests }: SavedReport, words: Words): Figure[] {
  const of = figuresIn(words);
  return [
    of(counts.created, "created"),
    of(counts.updated, "updated"),
    of(counts.unchanged, "unchanged"),
    of(counts.failed, "failed", "bad"),
    of(counts.incomplete, "incomplete", "warn"),
    of(counts.skipped, "skipped", "warn"),
    of(counts.unverifiable, "unverifiable", "warn"),
    of(counts.held, "held", "warn"),
    of(counts.invalid, "invalid", "bad"),
    of(counts.duplicate, "duplicate", "bad"),
    of(counts.twin, "twin", "warn"),
    of(counts.stale, "stale"),
    of(counts.notSelected, "not_selected"),
    { amount: requests, label: words.page.requests({ count: requests, ms: undefined }) },
  ];
}

function nextRun(
  { failures, skipped, held, invalid, duplicates, twins, missing }: SavedReport,
  { page, say }: Words,
): Html {
  const users = (list: readonly { readonly accountNumber: string }[]) =>
    new Set(list.map((one) => one.accountNumber)).size;
  const again = users([...failures.filter((failure) => !failure.held), ...skipped]);
  const left = users([...failures.filter((failure) => failure.held), ...held]);
  const unreadable = invalid.length + twins.length + duplicates.reduce((sum, { records }) => sum + records.length, 0);
  const leavers = missing.filter(({ state }) => state !== "done").length;
  const lines = [
    ...(again > 0 ? [page.next_retry({ count: again })] : []),
    ...(left > 0 ? [page.next_held({ count: left })] : []),
    ...(unreadable > 0 ? [page.next_invalid({ count: unreadable })] : []),
    ...(leavers > 0 ? [page.next_leavers({ count: leavers })] : []),
  ];
  const items = lines.length === 0 ? [say("nothing_to_make_up")] : lines;
  return html`<section aria-labelledby="next-title"><h2 id="next-title">${say("next_run")}</h2><ul>${items.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}
