import { expect, it } from "vitest";
import { reportOverview } from "../../../src/sync/overview/plan-overview.ts";
import { asMarkdown, asText } from "../../../src/sync/overview/render.ts";
import { at, fullReport } from "../../support/full-report.ts";
import { headings } from "../../support/headings.ts";

it("the text and the Markdown of a report have the same sections", () => {
  const [moved] = fullReport.moves;
  const moves = [...fullReport.moves, { ...moved, from: "OLD-2", problem: "unknown" }] as typeof fullReport.moves;
  const overview = reportOverview({ ...fullReport, moves });
  expect(headings(asText(overview))).toEqual(headings(asMarkdown(overview)));
  expect(headings(asText(overview))).toEqual(
    overview.sections
      .filter(({ items }) => items.length > 0)
      .map(({ title }) => title)
      .sort(),
  );
});

it("a long section says how many rows it leaves out, and Markdown leaves out fewer rows than text", () => {
  const skipped = Array.from({ length: 60 }, (_, number) => ({
    kind: "skipped" as const,
    ...at(number, `ACC-${number}`),
    reason: "stopped" as const,
  }));
  const overview = reportOverview({ ...fullReport, findings: skipped });
  expect(asText(overview)).toContain("\n  ACC-9  The run stopped before sending it.\n  … and 50 more\n");
  expect(asMarkdown(overview)).toContain("\n| ACC-49 | The run stopped before sending it. |\n\n… and 10 more\n");
});
