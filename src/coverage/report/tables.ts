import { type Html, html } from "../../base/page/html.ts";
import { AXES } from "../rules/rules.ts";
import type { CoverageFinding, CoverageResult, FindingKind } from "../types.ts";
import type { CoverageWords, PageTexts } from "./words.ts";

/** "Show on the map" shows these findings by their user. */
const ABOUT_USERS: ReadonlySet<FindingKind> = new Set(["dead", "subsumed", "unreachable"]);

/** Rows of one kind; more make the file large and help no reader. */
const MOST_PER_KIND = 80;

/** The findings as a table that can be read without a script. With one, it can be sorted and filtered. */
export function findingsTable({ findings }: CoverageResult, words: CoverageWords<PageTexts>): Html {
  const say: typeof words.say = words.say.bind(words);
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  const shown = kinds.flatMap((kind) => findings.filter((finding) => finding.kind === kind).slice(0, MOST_PER_KIND));
  const hidden = findings.length - shown.length;
  if (findings.length === 0) return html`<p>${say("nothing_found")}</p>`;
  return html`
<ul class="kinds">${kinds.map(
    (kind) =>
      html`<li><span class="tag ${kind}">${say(kind)}</span> ${say(`means_${kind}`, { count: findings.filter((finding) => finding.kind === kind).length })}</li>`,
  )}</ul>
<div class="only-script toolbar"><label for="kind">${say("show")}</label>
<select id="kind"><option value="">${say("all_kinds")}</option>${kinds.map((kind) => html`<option value="${kind}">${say(kind)}</option>`)}</select></div>
<div class="scroll" tabindex="0" role="group" aria-label="${say("table_of_findings")}">
<table id="findings" class="sortable"><caption class="hidden">${say("title_findings")}</caption>
<thead><tr><th scope="col">${say("kind")}</th><th scope="col">${say("finding")}</th><th scope="col" class="number">${say("title_postcodes")}</th><th scope="col" class="number">${say("title_inhabitants")}</th><th scope="col" class="number">${say("title_users")}</th></tr></thead>
<tbody>${shown.map((finding) => row(finding, words))}</tbody></table></div>
${hidden > 0 ? html`<p class="note">${say("left_out", { count: hidden, most: MOST_PER_KIND })}</p>` : ""}`;
}

/** The users nearest to a gap, with what each would need. */
function nearestIn({ nearest }: CoverageFinding, words: CoverageWords<PageTexts>): Html | string {
  return nearest.length === 0
    ? ""
    : html`<ul class="nearest">${nearest.map((one) => html`<li>${words.told(one)}</li>`)}</ul>`;
}

function row(finding: CoverageFinding, words: CoverageWords<PageTexts>): Html {
  const { kind, certain, zipCodes, inhabitants, accountNumbers, dimensions } = finding;
  const numberCell = (value: number | undefined) =>
    html`<td class="number" data-value="${value ?? 0}">${value ? words.number(value) : "–"}</td>`;
  const data = AXES.map(({ field, codes }) => {
    const [only, ...others] = dimensions[codes] ?? [];
    return only === undefined || others.length > 0 ? "" : html` data-${field}="${only}"`;
  });
  if (ABOUT_USERS.has(kind)) data.push(html` data-user="${accountNumbers[0]}"`);
  return html`<tr data-kind="${kind}"${data}><td><span class="tag ${kind}">${words.say(kind)}</span>${certain ? "" : html` <small>${words.say("perhaps")}</small>`}</td><td>${words.told(finding)}${nearestIn(finding, words)}</td>${numberCell(zipCodes.length)}${numberCell(inhabitants)}${numberCell(accountNumbers.length)}</tr>
`;
}
