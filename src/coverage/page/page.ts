import * as assets from "../../../generated/report-assets.ts";
import { documentOf, type Html, html, jsonInScript } from "../../core/page.ts";
import { ASSUMPTIONS } from "../../locales/en/findings.ts";
import { ASSUMPTIONS_FR } from "../../locales/fr/findings.ts";
import { capitalised } from "../../locales/grammar.ts";
import { assumptionTextBy } from "../assumptions.ts";
import type { CoverageFinding } from "../messages.ts";
import type { Network } from "../network.ts";
import { AXES } from "../rules/rules.ts";
import type { AssumptionName, Assumptions, CoverageResult } from "../types.ts";
import type { ReportData } from "./data.ts";
import { type Figure, figuresOf, LEVELS, levelsOf } from "./figures.ts";
import { homePath, layoutOn, legendOf, mapOf } from "./map.ts";
import type { CoverageWords, Label, PageTexts } from "./words.ts";

interface Heading {
  readonly title: string;
  readonly company: string | undefined;
  // The date in the form `2026-01-31`.
  readonly date: string;
}

// The page loads nothing: its content security policy allows only the script and the style that the file contains.
export function renderPage(
  network: Network,
  result: CoverageResult,
  data: ReportData,
  heading: Heading,
  words: CoverageWords<PageTexts>,
): Html {
  const say: typeof words.say = words.say.bind(words);
  const figures = figuresOf(network, words);
  const levels = levelsOf(network, network.cells.all(), "any");
  const layout = layoutOn(network);
  const shown = { levels, of: LEVELS };
  const homes = homePath(
    network,
    layout,
    network.members.map(({ user }) => user),
  );
  const map = html`<div class="with-legend">${legendOf(shown, words)}
${mapOf(layout, shown, homes)}</div>
<p class="tip note only-script">${say("map_tip")}</p><p id="tip" hidden></p>`;
  const table = findingsTable(result, words);
  const json = jsonInScript(data);
  const main = html`${figuresSection(figures, words)}
<div class="columns">
<section aria-labelledby="map-title" class="map"><h2 id="map-title">${say("title_map")}</h2>
${filters(network, words)}
<p id="map-text" aria-live="polite" class="note"></p>
${map}
</section>
${leadForm(network, words)}
</div>
${section("findings", "title_findings", table, words)}
<section class="only-script" aria-labelledby="counties-title"><h2 id="counties-title">${say("title_counties")}</h2>
<p class="note">${say("for_leads_above")}</p>
<div class="scroll tall" tabindex="0" role="group" aria-label="${say("table_of_counties")}"><table id="counties" class="sortable"></table></div></section>
${section("assumptions", "title_assumptions", assumptionsIn(network, result, words), words)}`;
  const notCounted = result.notCounted.map((one) => html`<strong>${words.told(one)}</strong><br>`);
  const counts = say("lead", { users: network.users.length, postcodes: network.spots.all.length });
  const lead = html`${notCounted}${counts}`;
  return documentIn(heading, { lead, skip: { to: "findings-title", text: say("skip") }, main, data: json }, words);
}

function documentIn(
  { title, company, date }: Heading,
  {
    lead,
    ...parts
  }: { readonly lead: Html; readonly skip: { to: string; text: string }; readonly main: Html; readonly data?: Html },
  words: CoverageWords<PageTexts>,
): Html {
  return documentOf({
    language: words.language,
    title,
    lead: html`<b>${company === undefined ? "" : `${company} · `}<time datetime="${date}">${words.date(date)}</time></b><br>${lead}`,
    ...parts,
    footer: html`<p>${words.say("sources")}</p>`,
    assets,
  });
}

function section(
  id: string,
  title: Label,
  content: Html,
  words: CoverageWords<PageTexts>,
  isHeadingHidden = false,
): Html {
  return html`<section aria-labelledby="${id}-title"><h2 id="${id}-title"${isHeadingHidden ? html` class="hidden"` : ""}>${words.say(title)}</h2>
${content}</section>`;
}

function figuresSection(figures: readonly Figure[], words: CoverageWords<PageTexts>): Html {
  const items = figures.map(
    ({ value, label, detail, tone }) =>
      html`<li class="${tone}"><b>${value}</b> <span>${label}</span> <small>${detail}</small></li>`,
  );
  return section("figures", "title_figures", html`<ul class="figures">${items}</ul>`, words, true);
}

function filters({ cells }: Network, words: CoverageWords<PageTexts>): Html {
  const say: typeof words.say = words.say.bind(words);
  const selects = AXES.filter(({ codes }) => cells.codes[codes].length > 1).map(({ field, codes }) =>
    select(
      `filter-${field}`,
      capitalised(say(field)),
      html`<option value="">${say("all")}</option>${optionsOf(cells.codes[codes], words)}`,
    ),
  );
  return html`<form id="filters" class="only-script">
${selects}
<p class="field"><label for="filter-user">${say("user")}</label><input id="filter-user" list="users" autocomplete="off" placeholder="${say("all_users")}"></p><datalist id="users"></datalist>
<p class="field wide"><label for="filter-counting">${say("colour")}</label><select id="filter-counting"><option value="any">${say("any_lead")}</option><option value="fewest">${say("fewest_lead")}</option></select></p>
<p class="field button"><button type="reset">${say("reset")}</button></p></form>`;
}

const MOST_PER_KIND = 80;

// The table can be read without a script.
function findingsTable({ findings }: CoverageResult, words: CoverageWords<PageTexts>): Html {
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

function row(finding: CoverageFinding, words: CoverageWords<PageTexts>): Html {
  const { kind, zipCodes, inhabitants, accountNumbers, dimensions } = finding;
  const numberCell = (value: number | undefined) =>
    html`<td class="number" data-value="${value ?? 0}">${value ? words.number(value) : "–"}</td>`;
  const data = AXES.map(({ field, codes }) => {
    const [only, ...others] = dimensions[codes] ?? [];
    return only === undefined || others.length > 0 ? "" : html` data-${field}="${only}"`;
  });
  return html`<tr data-kind="${kind}"${data}><td><span class="tag ${kind}">${words.say(kind)}</span></td><td>${words.told(finding)}</td>${numberCell(zipCodes.length)}${numberCell(inhabitants)}${numberCell(accountNumbers.length)}</tr>
`;
}

function leadForm({ cells, universe }: Network, words: CoverageWords<PageTexts>): Html {
  const say: typeof words.say = words.say.bind(words);
  const selects = AXES.filter(({ codes }) => cells.codes[codes].length > 0).map(({ field, codes }) =>
    select(
      `lead-${field}`,
      capitalised(say(field)),
      html`${optionsOf(cells.codes[codes], words)}<option value="">${say("not_known")}</option>`,
    ),
  );
  const countries = universe.countries.map(({ code }) => code);
  return html`<section class="lead only-script" aria-labelledby="lead-title"><h2 id="lead-title">${say("title_lead")}</h2>
<form id="lead">
<p class="field"><label for="lead-zip">${say("postcode")}</label><input id="lead-zip" inputmode="numeric" autocomplete="off" maxlength="12" placeholder="29200" aria-describedby="lead-result"></p>
${countries.length > 1 ? select("lead-country", say("country"), html`${optionsOf(countries, words)}`) : ""}
${selects}
</form><div id="lead-result" aria-live="polite"><p class="note">${say("enter_postcode")}</p></div></section>`;
}

function assumptionsIn({ assumptions }: Network, result: CoverageResult, words: CoverageWords<PageTexts>): Html {
  return html`<p>${words.say("how_rules_combine")}</p>
<ul>${result.assumptions.map((name) => html`<li title="${name}">${assumptionIn(name, assumptions, words)}</li>`)}</ul>`;
}

function assumptionIn(name: AssumptionName, assumptions: Assumptions, { language }: CoverageWords<PageTexts>): string {
  return assumptionTextBy(language === "fr" ? ASSUMPTIONS_FR : ASSUMPTIONS, name, assumptions);
}

function select(id: string, label: string, options: Html): Html {
  return html`<p class="field"><label for="${id}">${label}</label><select id="${id}">${options}</select></p>`;
}

function optionsOf(codes: readonly string[], words: CoverageWords<PageTexts>): Html[] {
  return codes.map((code) => html`<option value="${code}" title="${code}">${words.code(code)}</option>`);
}
