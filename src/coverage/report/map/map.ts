import { outlines } from "../../../../generated/france-map.ts";
import { MAP } from "../../../base/page/france-map.ts";
import { type Html, html } from "../../../base/page/html.ts";
import type { Network } from "../../network/network.ts";
import type { Text, Words } from "../words.ts";
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
  readonly of: readonly { readonly name: string; readonly label: Text }[];
}

/** The levels with their colours, and how many postcodes each has. */
export function legendOf({ levels, of }: Shown, label: Text, words: Words, isSecond = false): Html {
  const items = of.map(
    ({ name, label: meaning }, level) =>
      html`<li><svg viewBox="0 0 16 16" aria-hidden="true"><path class="dot ${name}" d="M8 8h0"/></svg> <span${isSecond ? "" : html` data-label="${level}"`}>${words.say(meaning)}</span> <span class="count"${isSecond ? "" : html` data-count="${level}"`}>${words.number(countLevel(levels, level))}</span></li>`,
  );
  return html`<ul class="legend" aria-label="${words.say(label)}">${items}</ul>`;
}

/** The map of a page, or another one beside it, which borrows the land of the first. */
export function mapOf(layout: Layout, { levels, of }: Shown, labelledBy: string, given: MapOptions = {}): Html {
  const { isSecond = false, viewBox = `0 0 ${MAP.width} ${layout.height}` } = given;
  const land = layout.hasMap
    ? html`<g class="land" id="land">${Object.entries(outlines).map(([county, path]) => html`<path d="${path}" data-county="${county}"/>`)}</g>`
    : "";
  const boxes = layout.boxes.map(
    ({ x, y, label }) =>
      html`<g><rect class="box" x="${x}" y="${y}" width="${BOX_SIZE.width}" height="${BOX_SIZE.height}" rx="6"/><text x="${x + 10}" y="${y + 26}">${label}</text></g>`,
  );
  // The first is drawn below the others.
  const dots = of
    .map(({ name }, level) => html`<path class="dot ${name}" d="${dotPath(layout.dots, levels, level)}"/>`)
    .reverse();
  const background = isSecond ? html`${layout.hasMap ? html`<use href="#land"/>` : ""}${boxes}` : html`${land}${boxes}`;
  return html`<svg class="map-view" viewBox="${viewBox}" role="img" aria-labelledby="${labelledBy}"${isSecond ? "" : html` id="map"`}>${background}<g${isSecond ? "" : html` id="dots"`}>${dots}</g>${isSecond ? "" : html`<circle id="marker" r="22" cx="-99" cy="-99"/>`}</svg>`;
}

interface MapOptions {
  readonly isSecond?: boolean;
  /** The part of the map that is shown. Default: all of it. */
  readonly viewBox?: string | undefined;
}
