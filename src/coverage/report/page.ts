import { type Html, html, jsonInScript } from "../../base/page/html.ts";
import { capitalised } from "../../locales/grammar.ts";
import type { Network } from "../network/network.ts";
import { AXES } from "../rules/rules.ts";
import type { Suggestion } from "../suggest/types.ts";
import type { CoverageResult } from "../types.ts";
import { actionsOf } from "./actions.ts";
import type { ReportData } from "./data/data.ts";
import { figuresOf } from "./map/figures.ts";
import { LEVELS, levelsOf } from "./map/levels.ts";
import { layoutOn, legendOf, mapOf } from "./map/map.ts";
import { assumptionsIn, documentIn, figuresSection, type Heading, section } from "./parts.ts";
import { findingsTable } from "./tables.ts";
import type { CoverageWords, PageTexts } from "./words.ts";

/** The report as one file. It loads nothing: the policy in its head allows no network, and only the script and style it carries. */
export function renderPage(
  network: Network,
  result: CoverageResult,
  data: ReportData,
  heading: Heading,
  suggestions: readonly Suggestion[],
  words: CoverageWords<PageTexts>,
): Html {
  const say: typeof words.say = words.say.bind(words);
  const figures = figuresOf(network, result, words);
  // Users for any lead, as the page shows them first.
  const levels = levelsOf(network, network.cells.all(), "any");
  const layout = layoutOn(network);
  const shown = { levels, of: LEVELS };
  const map = html`${legendOf(shown, "legend", words)}
${mapOf(layout, shown, "map-title map-text")}
<p class="tip note only-script">${say("map_tip")}</p><p id="tip" hidden></p>`;
  const table = findingsTable(result, words);
  const json = jsonInScript(data);
  const ofCoverage = html`${figuresSection(figures, words)}
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
  const actions = actionsOf(result, suggestions, words);
  const all = html`<details><summary>${say("suggestions", { count: suggestions.length })}</summary>
<ol>${suggestions.map((one) => html`<li>${words.told(one)}</li>`)}</ol></details>`;
  const toDo = html`<ol>${actions.map(({ text, to }) => html`<li><a href="#${to}">${text}</a></li>`)}</ol>${suggestions.length > 1 ? all : ""}`;
  const main = html`${actions.length === 0 ? "" : html`<div class="actions">${section("actions", "title_to_do", toDo, words)}</div>`}
${ofCoverage}`;
  const lead = say("lead", { users: network.users.length, postcodes: network.spots.all.length });
  return documentIn(heading, { lead, skip: { to: "findings-title", text: say("skip") }, main, data: json }, words);
}

/** Lists of codes, where there is a choice, and the users. */
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

function select(id: string, label: string, options: Html): Html {
  return html`<p class="field"><label for="${id}">${label}</label><select id="${id}">${options}</select></p>`;
}

function optionsOf(codes: readonly string[], words: CoverageWords<PageTexts>): Html[] {
  return codes.map((code) => html`<option value="${code}">${words.code(code)}</option>`);
}
