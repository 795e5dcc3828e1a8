import type { LanguageOptions } from "../../core/names.ts";
import { type Html, html } from "../../core/page.ts";
import { localTime } from "../../locales/grammar.ts";
import { among } from "../findings.ts";
import { printable, reportForm } from "../forms.ts";
import { type FailedFacts, failedOverview } from "../overview/failed-overview.ts";
import type { Item, Kind } from "../overview/overview.ts";
import { reportOverview } from "../overview/plan-overview.ts";
import type { FailedRun } from "../types/failed-report.ts";
import type { ReportFacts, SyncReport } from "../types/report.ts";
import { renderPage, sentences } from "./render.ts";
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
  const refusals = overview.sections.filter(({ kind, items }) => OF_REFUSALS.includes(kind) && items.length > 0);
  const gone = overview.figures.find(({ kind }) => kind === "leaver")?.amount ?? 0;
  const amounts = unsentIn(report);
  const rows = amounts.held + amounts.unreadable;
  const done = page.report_title({ created: counts.created, updated: counts.updated, gone });
  const isAllSent = amounts.again + rows === 0;
  const ended = status === "complete" ? page.complete({ left: counts.notSelected }) : page[status];
  return renderPage(
    {
      title: isAllSent ? done : page.report_unsent({ users: amounts.again + rows, rows }),
      lead: [began(startedAt, durationMs, testMode, words), page.report_of({ id: runId })].join(" "),
      tone: status === "complete" ? "good" : status === "partial" ? "warn" : "bad",
      consequences: [...(isAllSent ? [] : [done]), ended, ...sentencesOf("stopped", "paused")],
      more: [
        nextRun({ ...amounts, gone }, words),
        ...refusals.map(
          ({ kind, items }) => html`<h2>${say(`title_${kind}`)}</h2>${sentences([...items].map(toldOf), page)}`,
        ),
      ],
      figures: overview.figures,
      warnings: [...overview.first, ...sentencesOf("warnings")],
      lists: [[say("not_sent"), overview.sections.filter(({ role }) => role === "unsent")]],
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
      title: words.page[`run_${status}`],
      lead: [began(startedAt, undefined, false, words), ...(hash ? [words.page.plan_hash({ hash })] : [])].join(" "),
      tone: "bad",
      consequences: [],
      more: [
        sentences(
          why.flatMap(({ items }) => [...items].map(toldOf)),
          words.page,
        ),
      ],
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
  return `${page.began({ at: localTime(startedAt, false), ms })}${testMode ? ` ${say("test_mode")}` : ""}`;
}

// Users that did not arrive, by what the next run does with them.
interface Unsent {
  readonly again: number;
  readonly held: number;
  readonly unreadable: number;
}

function unsentIn({ findings }: ReportFacts): Unsent {
  const users = (list: readonly { readonly accountNumber: string }[]) =>
    new Set(list.map((one) => one.accountNumber)).size;
  const failed = among(findings, "failed");
  return {
    again: users([...failed.filter(({ held }) => !held), ...among(findings, "skipped", "waiting")]),
    held: users([...failed.filter(({ held }) => held), ...among(findings, "held")]),
    unreadable:
      among(findings, "invalid", "twin").length +
      among(findings, "duplicate").reduce((sum, { places }) => sum + places.length, 0),
  };
}

function nextRun(
  { again, held, unreadable, gone }: Unsent & { readonly gone: number },
  { page, say }: PageLanguage,
): Html {
  const lines = [
    ...(again > 0 ? [page.next_retry({ count: again })] : []),
    ...(held > 0 ? [page.next_held({ count: held })] : []),
    ...(unreadable > 0 ? [page.next_invalid({ count: unreadable })] : []),
    ...(gone > 0 ? [page.next_leavers({ count: gone })] : []),
  ];
  const items = lines.length === 0 ? [say("nothing_to_make_up")] : lines;
  return html`<h2>${say("next_run")}</h2><ul class="reasons">${items.map((line) => html`<li>${line}</li>`)}</ul>`;
}
