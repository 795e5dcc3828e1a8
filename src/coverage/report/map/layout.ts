import { MAP, project } from "../../../base/page/france-map.ts";
import type { Network } from "../../network/network.ts";

/** Boxes for what the map of France does not show are below it. */
const BOX = { width: 297, height: 118, gap: 12, perRow: 4, dots: 27, step: 10 } as const;

/** A box for a county that the map does not show. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

export interface Layout {
  readonly hasMap: boolean;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** By the number of the spot: x and y. */
  readonly dots: readonly (readonly [number, number])[];
}

/** Postcodes of metropolitan France on the map, those of other counties side by side in a box for each. */
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

export const BOX_SIZE: { readonly width: number; readonly height: number } = BOX;

/** A postcode whose place is not known goes to the middle of those of its county. */
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

/** All dots of a level as one path: a line of no length, which round ends make a dot. */
export function dotPath(dots: Layout["dots"], levels: Uint8Array, level: number): string {
  let path = "";
  for (const [spot, [x, y]] of dots.entries()) if (levels[spot] === level) path += `M${x} ${y}h0`;
  return path;
}
