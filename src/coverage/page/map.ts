import { outlines } from "../../../generated/france-map.ts";
import { type Html, html, MAP, project } from "../../core/page.ts";
import type { Network } from "../network.ts";
import type { ReadUser } from "../read-input.ts";
import { countLevel } from "./figures.ts";
import { landOf, placeNames } from "./land.ts";
import type { CoverageWords, Label, PageTexts, ScriptTexts } from "./words.ts";

// Boxes below the map of France, for places that are not on it.
const BOX = { width: 297, height: 118, gap: 12, perRow: 4, dots: 27, step: 10 } as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

export interface Layout {
  readonly hasMap: boolean;
  readonly height: number;
  readonly boxes: readonly Box[];
  // Positions of the dots, by the number of the place.
  readonly dots: readonly (readonly [number, number])[];
}

// Postcodes that the map does not show stand side by side in a box.
export function layoutOf(network: Network, onMap: (county: string) => boolean): Layout {
  const { spots, universe, geography } = network;
  const dots: [number, number][] = spots.all.map(() => [0, 0]);
  const boxes: Box[] = [];
  const hasMap = spots.ofCountry("FR").length > 0;
  const top = hasMap ? MAP.height + 20 : 0;
  for (const { code, label: country, counties } of universe.countries) {
    const groups = counties.length > 0 ? counties : [undefined];
    for (const county of groups) {
      const inGroup = county
        ? spots.ofCounty(code, county.number).filter((spot) => spots.at(spot).counties?.[0] === county.number)
        : spots.ofCountry(code);
      if (inGroup.length === 0) continue;
      if (county && code === "FR" && onMap(county.number)) {
        placeOnMap(network, inGroup, dots);
        continue;
      }
      const x = (boxes.length % BOX.perRow) * (BOX.width + BOX.gap);
      const y = top + Math.floor(boxes.length / BOX.perRow) * (BOX.height + BOX.gap);
      boxes.push({ x, y, label: county ? geography.countyName(code, county.number) : country });
      for (const [index, spot] of inGroup.entries()) {
        dots[spot] = [x + 12 + (index % BOX.dots) * BOX.step, y + 44 + Math.floor(index / BOX.dots) * BOX.step];
      }
    }
  }
  const rows = Math.ceil(boxes.length / BOX.perRow);
  return { hasMap, boxes, dots, height: top + rows * (BOX.height + BOX.gap) };
}

const BOX_SIZE: { readonly width: number; readonly height: number } = BOX;

// A postcode without a known place is drawn in the middle of its county's postcodes.
function placeOnMap({ spots }: Network, inCounty: readonly number[], dots: [number, number][]): void {
  const unknown: number[] = [];
  let [sumX, sumY, known] = [0, 0, 0];
  for (const spot of inCounty) {
    const coordinates = spots.at(spot).located?.coordinates;
    if (!coordinates) {
      unknown.push(spot);
      continue;
    }
    const [x, y] = project(...coordinates);
    dots[spot] = [Math.round(x), Math.round(y)];
    sumX += x;
    sumY += y;
    known += 1;
  }
  for (const [index, spot] of unknown.entries()) {
    const [x, y] = [sumX / Math.max(1, known), sumY / Math.max(1, known)];
    dots[spot] = [Math.round(x) + (index % 4) * 8, Math.round(y) + Math.floor(index / 4) * 8];
  }
}

// One SVG path: each dot is a line of length 0 with round ends.
export function dotPath(dots: Layout["dots"], levels: Uint8Array, level: number): string {
  let path = "";
  for (const [spot, [x, y]] of dots.entries()) if (levels[spot] === level) path += `M${x} ${y}h0`;
  return path;
}

export function layoutOn(network: Network): Layout {
  return layoutOf(network, (county) => county in outlines);
}

// `levels`: for each place, an index of `of`.
interface Shown {
  readonly levels: Uint8Array;
  // CSS class and label of each level.
  readonly of: readonly { readonly name: string; readonly label: Label<ScriptTexts> }[];
}

export function legendOf({ levels, of }: Shown, words: CoverageWords<PageTexts>): Html {
  const items = of.map(
    ({ name, label: meaning }, level) =>
      html`<li><svg viewBox="0 0 16 16" aria-hidden="true"><path class="dot ${name}" d="M8 8h0"/></svg> <span data-label="${level}">${words.say(meaning)}</span> <span class="count" data-count="${level}">${words.number(countLevel(levels, level))}</span></li>`,
  );
  const home = html`<li><svg viewBox="0 0 16 16" aria-hidden="true"><path class="home edge" d="M8 8h0"/><path class="home" d="M8 8h0"/></svg> ${words.say("home")}</li>`;
  return html`<ul class="legend" aria-label="${words.say("legend")}">${items}${home}</ul>`;
}

// Draws the homes of users; a user whose place is not on the map is left out.
export function homePath(network: Network, { dots }: Layout, users: readonly ReadUser[]): string {
  const points = users.map(({ home: { country, zipCode } }) => {
    const spot = country === undefined || zipCode === undefined ? undefined : network.spots.ofZip(country, zipCode);
    const point = spot === undefined ? undefined : dots[spot];
    return point ? `M${point[0]} ${point[1]}h0` : "";
  });
  return [...new Set(points)].join("");
}

export function mapOf(layout: Layout, { levels, of }: Shown, homes: string): Html {
  const viewBox = `0 0 ${MAP.width} ${layout.height}`;
  const boxes = layout.boxes.map(
    ({ x, y, label }) =>
      html`<g><rect class="box" x="${x}" y="${y}" width="${BOX_SIZE.width}" height="${BOX_SIZE.height}" rx="6"/><text x="${x + 10}" y="${y + 26}">${label}</text></g>`,
  );
  // The levels are drawn in reverse, because SVG draws later paths above earlier ones.
  const dots = of
    .map(({ name }, level) => html`<path class="dot ${name}" d="${dotPath(layout.dots, levels, level)}"/>`)
    .reverse();
  return html`<svg class="map-view" viewBox="${viewBox}" role="img" aria-labelledby="map-title map-text" id="map">${layout.hasMap ? landOf() : ""}${boxes}<g id="dots">${dots}</g><path class="home edge" d="${homes}"/><path class="home" d="${homes}"/>${layout.hasMap ? placeNames() : ""}<circle id="marker" r="22" cx="-99" cy="-99"/></svg>`;
}
