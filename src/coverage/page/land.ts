import { departements, outlines, towns } from "../../../generated/france-map.ts";
import { type Html, html } from "../../core/page.ts";

/** The outlines of the départements of metropolitan France, for a map of the size `MAP`. */
export function landOf(): Html {
  const counties = Object.entries(outlines).map(([county, path]) => html`<path d="${path}" data-county="${county}"/>`);
  return html`<g class="land" id="land">${counties}</g>`;
}

/** The names of towns and départements. They are painted above the dots of postcodes. */
export function placeNames(): Html {
  const ofDepartements = departements.map(([name, x, y]) => html`<text x="${x}" y="${y + 6}">${name}</text>`);
  const ofTowns = towns.map(
    ([name, x, y]) => html`<g><circle cx="${x}" cy="${y}" r="4"/><text x="${x + 9}" y="${y + 8}">${name}</text></g>`,
  );
  return html`<g class="names" aria-hidden="true"><g class="departements">${ofDepartements}</g><g class="towns">${ofTowns}</g></g>`;
}
