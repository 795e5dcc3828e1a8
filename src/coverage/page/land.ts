import { departements, outlines, towns } from "../../../generated/france-map.ts";
import { type Html, html, MAP } from "../../core/page.ts";

export function landOf(): Html {
  const counties = Object.entries(outlines).map(([county, path]) => html`<path d="${path}" data-county="${county}"/>`);
  return html`<g class="land" id="land">${counties}</g>`;
}

// Width of a character in a town's name.
const CHARACTER = 16;

export function placeNames(): Html {
  const ofDepartements = departements.map(([name, x, y]) => html`<text x="${x}" y="${y + 6}">${name}</text>`);
  const ofTowns = towns.map(([name, x, y]) => {
    const isLeft = x + 9 + name.length * CHARACTER > MAP.width;
    const place = isLeft ? html` x="${x - 9}" text-anchor="end"` : html` x="${x + 9}"`;
    return html`<g><circle cx="${x}" cy="${y}" r="4"/><text${place} y="${y + 8}">${name}</text></g>`;
  });
  return html`<g class="names" aria-hidden="true"><g class="departements">${ofDepartements}</g><g class="towns">${ofTowns}</g></g>`;
}
