import { outlines } from "../../../../generated/france-map.ts";
import { MAP } from "../../../base/page/france-map.ts";
import { type Html, html } from "../../../base/page/html.ts";
import type { Network } from "../../network/network.ts";
import type { CoverageWords, Label, PageTexts, ScriptTexts } from "../words.ts";
import { BOX_SIZE, dotPath, type Layout, layoutOf } from "./layout.ts";
import { countLevel } from "./levels.ts";

/** The layout on the map of France that pages have. */
export function layoutOn(network: Network): Layout {
  return layoutOf(network, (county) => county in outlines);
}

/** For each spot the place of its level in a list of levels. */
export interface Shown {
  readonly levels: Uint8Array;
  /** The class and the meaning of each level. */
  readonly of: readonly { readonly name: string; readonly label: Label<ScriptTexts> }[];
}

/** The levels with their colours, and how many postcodes each has. */
export function legendOf({ levels, of }: Shown, label: Label, words: CoverageWords<PageTexts>): Html {
  const items = of.map(
    ({ name, label: meaning }, level) =>
      html`<li><svg viewBox="0 0 16 16" aria-hidden="true"><path class="dot ${name}" d="M8 8h0"/></svg> <span data-label="${level}">${words.say(meaning)}</span> <span class="count" data-count="${level}">${words.number(countLevel(levels, level))}</span></li>`,
  );
  return html`<ul class="legend" aria-label="${words.say(label)}">${items}</ul>`;
}

/** The map of a page. */
export function mapOf(layout: Layout, { levels, of }: Shown, labelledBy: string): Html {
  const viewBox = `0 0 ${MAP.width} ${layout.height}`;
  const land = layout.hasMap
    ? html`<g class="land">${Object.entries(outlines).map(([county, path]) => html`<path d="${path}" data-county="${county}"/>`)}</g>`
    : "";
  const boxes = layout.boxes.map(
    ({ x, y, label }) =>
      html`<g><rect class="box" x="${x}" y="${y}" width="${BOX_SIZE.width}" height="${BOX_SIZE.height}" rx="6"/><text x="${x + 10}" y="${y + 26}">${label}</text></g>`,
  );
  // The first is drawn below the others.
  const dots = of
    .map(({ name }, level) => html`<path class="dot ${name}" d="${dotPath(layout.dots, levels, level)}"/>`)
    .reverse();
  return html`<svg class="map-view" viewBox="${viewBox}" role="img" aria-labelledby="${labelledBy}" id="map">${land}${boxes}<g id="dots">${dots}</g><circle id="marker" r="22" cx="-99" cy="-99"/></svg>`;
}
