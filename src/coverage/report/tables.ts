import { type Html, html } from "../../base/page/html.ts";
import { AXES } from "../rules/rules.ts";
import type { CoverageFinding, CoverageResult, FindingKind } from "../types.ts";
import type { Text, Words } from "./words.ts";

/** The label of each kind, and what it means. "Show on the map" shows findings about users by their user. */
const KINDS: { readonly [Kind in FindingKind]: { label: Text; means: Text; isAboutUsers?: boolean } } = {
  gap: { label: "Gap", means: "no user is eligible" },
  thin: { label: "Only one user", means: "only one user is eligible" },
  overlap: { label: "Overlap", means: "more users are eligible than wanted" },
  dead: { label: "Never matches", means: "a rule, or a part of one, can never match", isAboutUsers: true },
  subsumed: { label: "Subsumed", means: "all leads of a user also reach another user", isAboutUsers: true },
  unreachable: { label: "No lead", means: "a user can get no lead", isAboutUsers: true },
};

/** Rows of one kind; more make the file large and help no reader. */
const MOST_PER_KIND = 80;

/** The findings as a table that can be read without a script. With one, it can be sorted and filtered. */
export function findingsTable({ findings }: CoverageResult, words: Words): Html {
  const say = words.say.bind(words);
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  const shown = kinds.flatMap((kind) => findings.filter((finding) => finding.kind === kind).slice(0, MOST_PER_KIND));
  const hidden = findings.length - shown.length;
  if (findings.length === 0)
    return html`<p>${say("Nothing was found: every lead reaches enough users, and every rule can match.")}</p>`;
  return html`
<ul class="kinds">${kinds.map(
    (kind) =>
      html`<li><span class="tag ${kind}">${say(KINDS[kind].label)}</span> ${say(KINDS[kind].means)}${words.language === "fr" ? "\u00a0" : ""}: ${words.counted(findings.filter((finding) => finding.kind === kind).length, "finding|findings")}</li>`,
  )}</ul>
<div class="only-script toolbar"><label for="kind">${say("Show")}</label>
<select id="kind"><option value="">${say("all kinds of findings")}</option>${kinds.map((kind) => html`<option value="${kind}">${say(KINDS[kind].label)}</option>`)}</select></div>
<div class="scroll" tabindex="0" role="group" aria-label="${say("Table of findings")}">
<table id="findings" class="sortable"><caption class="hidden">${say("Findings")}</caption>
<thead><tr><th scope="col">${say("Kind")}</th><th scope="col">${say("Finding")}</th><th scope="col" class="number">${say("Postcodes")}</th><th scope="col" class="number">${say("Inhabitants")}</th><th scope="col" class="number">${say("Users")}</th></tr></thead>
<tbody>${shown.map((finding) => row(finding, words))}</tbody></table></div>
${hidden > 0 ? html`<p class="note">${say("{findings} left out here: at most {most} of each kind are listed, those with the most inhabitants first.", { findings: words.counted(hidden, "smaller finding|smaller findings"), most: String(MOST_PER_KIND) })}</p>` : ""}`;
}

/** The users nearest to a gap, with what each would need. */
function nearestIn({ nearest }: CoverageFinding, words: Words): Html | string {
  return nearest.length === 0
    ? ""
    : html`<ul class="nearest">${nearest.map((one) => html`<li>${words.told(one)}</li>`)}</ul>`;
}

function row(finding: CoverageFinding, words: Words): Html {
  const { kind, certain, zipCodes, inhabitants, accountNumbers, dimensions } = finding;
  const numberCell = (value: number | undefined) =>
    html`<td class="number" data-value="${value ?? 0}">${value ? words.number(value) : "–"}</td>`;
  const data = AXES.map(({ field, codes }) => {
    const [only, ...others] = dimensions[codes] ?? [];
    return only === undefined || others.length > 0 ? "" : html` data-${field}="${only}"`;
  });
  if (KINDS[kind].isAboutUsers) data.push(html` data-user="${accountNumbers[0]}"`);
  return html`<tr data-kind="${kind}"${data}><td><span class="tag ${kind}">${words.say(KINDS[kind].label)}</span>${certain ? "" : html` <small>${words.say("perhaps")}</small>`}</td><td>${words.told(finding)}${nearestIn(finding, words)}</td>${numberCell(zipCodes.length)}${numberCell(inhabitants)}${numberCell(accountNumbers.length)}</tr>
`;
}
