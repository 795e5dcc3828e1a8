import { type Html, html } from "../../core/page.ts";
import { among } from "../findings.ts";
import { printable, reportForm } from "../forms.ts";
import { type FailedFacts, failedOverview } from "../overview/failed-overview.ts";
import type { Item, Kind, Overview } from "../overview/overview.ts";
import { reportOverview } from "../overview/plan-overview.ts";
import type { FailedRun } from "../types/failed-report.ts";
import type { LanguageOptions, ReportFacts, SyncReport } from "../types/report.ts";
import { inCode, renderPage, sentences } from "./render.ts";
import { type PageLanguage, pageLanguage } from "./words.ts";

// Kinds about refusals, which did not stop the run.
const OF_REFUSALS: readonly Kind[] = ["approved", "not_approved", "would_be_refused"];

export async function reportPage(given: SyncReport, options: LanguageOptions = {}): Promise<string> {
  const words = pageLanguage(options.language);
  const report = printable(reportForm, given);
  const overview = reportOverview(report, options);
  const { page, say } = words;
  const { status, runId, startedAt, durationMs, testMode, counts } = report;
  const sentencesOf = (...kinds: readonly Kind[]): string[] => {
    return overview.sections.filter(({ kind }) => kinds.includes(kind)).flatMap(({ items }) => [...items].map(toldOf));
  };
  const refusals = overview.sections.filter(({ kind }) => OF_REFUSALS.includes(kind));
  return renderPage(
    {
      title: page.report_title({ created: counts.created, updated: counts.updated, gone: leaversIn(overview) }),
      lead: html`${began(startedAt, durationMs, testMode, words)} ${page.report_of({ id: runId })}${overview.first.map((text) => html`<br><strong>${inCode(text)}</strong>`)}`,
      tone: status === "complete" ? "good" : status === "partial" ? "warn" : "bad",
      verdict: status === "complete" ? page.complete({ left: report.counts.notSelected }) : page[status](),
      reasons: sentencesOf("stopped", "paused"),
      more: refusals.map(
        ({ kind, items }) => html`<h3>${say(`title_${kind}`)}</h3>${sentences([...items].map(toldOf), page)}`,
      ),
      figures: overview.figures,
      warnings: sentencesOf("warnings"),
      lists: [[say("not_sent"), overview.sections.filter(({ role }) => role === "unsent")]],
      end: nextRun(report, overview, words),
    },
    words,
  );
}

export async function failedPage(
  facts: FailedFacts,
  failure: FailedRun,
  options: LanguageOptions = {},
): Promise<string> {
  const words = pageLanguage(options.language);
  const { status, startedAt, hash } = facts;
  const why = failedOverview(facts, failure, options).sections.filter(({ role }) => role === "why");
  return renderPage(
    {
      title: words.page.report_title({ created: 0, updated: 0, gone: 0 }),
      lead: [began(startedAt, undefined, false, words), ...(hash ? [words.page.plan_hash({ hash })] : [])].join(" "),
      tone: "bad",
      verdict: words.page[`run_${status}`](),
      reasons: why.flatMap(({ items }) => [...items].map(toldOf)),
      more: [],
      figures: [],
      warnings: [],
      lists: [],
    },
    words,
  );
}

function toldOf({ alone }: Item): string {
  return alone;
}

function began(startedAt: string, ms: number | undefined, testMode: boolean, { page, say }: PageLanguage): string {
  const at = startedAt.slice(0, 16).replace("T", " ");
  return `${page.began({ at, ms })}${testMode ? ` ${say("test_mode")}` : ""}`;
}

function leaversIn({ figures }: Pick<Overview, "figures">): number {
  return figures.find(({ kind }) => kind === "leaver")?.amount ?? 0;
}

function nextRun({ findings }: ReportFacts, { figures }: Overview, { page, say }: PageLanguage): Html {
  const users = (list: readonly { readonly accountNumber: string }[]) =>
    new Set(list.map((one) => one.accountNumber)).size;
  const failed = among(findings, "failed");
  const again = users([...failed.filter(({ held }) => !held), ...among(findings, "skipped", "waiting")]);
  const left = users([...failed.filter(({ held }) => held), ...among(findings, "held")]);
  const unreadable =
    among(findings, "invalid", "twin").length +
    among(findings, "duplicate").reduce((sum, { places }) => sum + places.length, 0);
  const leavers = leaversIn({ figures });
  const lines = [
    ...(again > 0 ? [page.next_retry({ count: again })] : []),
    ...(left > 0 ? [page.next_held({ count: left })] : []),
    ...(unreadable > 0 ? [page.next_invalid({ count: unreadable })] : []),
    ...(leavers > 0 ? [page.next_leavers({ count: leavers })] : []),
  ];
  const items = lines.length === 0 ? [say("nothing_to_make_up")] : lines;
  return html`<section aria-labelledby="next-title"><h2 id="next-title">${say("next_run")}</h2><ul>${items.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}
