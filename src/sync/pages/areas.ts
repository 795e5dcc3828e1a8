import { type Html, html, MAP, project } from "../../core/page.ts";
import { landOf, placeNames } from "../../coverage/page/land.ts";
import type { AreaChange, Locate } from "../../coverage/types.ts";
import type { PolicyFacts } from "../../locales/en/findings.ts";
import type { PlanFacts } from "../types/plan.ts";
import { inCode, notPrinted } from "./render.ts";
import type { PageLanguage } from "./words.ts";

type Layer = AreaChange["kind"] | "policy";

export function areaSection(
  { areas, refusals, warnings }: PlanFacts,
  locate: Locate | undefined,
  words: PageLanguage,
): Html | undefined {
  const findings = [...refusals, ...warnings].flatMap((one) =>
    one.code === "policy" ? [{ one, facts: one.parameters }] : [],
  );
  if (areas === undefined && findings.length === 0) return undefined;
  const { say } = words;
  const changes = areas ?? [];
  const map =
    locate &&
    mapOf(
      changes,
      findings.map(({ facts }) => facts),
      locate,
      words,
    );
  const told = findings.map(({ one, facts }, index) => {
    const ownMap = map && index < MOST_MAPS ? policyMap(facts, locate, words) : undefined;
    const { causes = [], causeCount = causes.length } = facts;
    const shortened = { ...facts, causes: causes.slice(0, CAUSES_IN_SENTENCE), causeCount };
    return findingItem(words.told({ ...one, parameters: shortened }), facts, ownMap, words);
  });
  return html`<section aria-labelledby="areas-title" class="areas"><h2 id="areas-title">${say("areas")}</h2>
${areas && changes.length === 0 ? html`<p>${say("no_area_changes")}</p>` : undefined}
${map || told.length > 0 ? html`<div class="beside">${told.length === 0 ? undefined : html`<div><h3>${say("policies")}</h3><ul class="reasons">${told}</ul></div>`}${map}</div>` : undefined}
${changes.length === 0 ? undefined : html`<details class="counties"${changes.length <= MOST_OPEN_AREAS ? html` open` : undefined}><summary>${words.page.area_changes({ count: changes.length })}</summary>${table(changes, words)}</details>`}</section>`;
}

const CAUSES_IN_SENTENCE = 1;

const MOST_OPEN_AREAS = 8;

// Areas that are printed. The style sheet has the same number.
const PRINTED_AREAS = 50;

function table(changes: readonly AreaChange[], { page, say, number, language, codes }: PageLanguage): Html {
  const rows = changes.map((change) => {
    const { kind, name, zipCodes, places, inhabitants, kinds } = change;
    const label = page[`area_${kind}`]();
    const count = zipCodes.length === 0 ? number(places) : postcodes(number(places), zipCodes);
    return html`<tr><td><span class="tag ${kind}">${label}</span></td><td>${name}</td><td class="number">${count}</td><td class="number">${inhabitants === undefined ? "" : number(inhabitants)}</td><td>${kinds.length === 0 ? say("all") : kinds.map((kind) => codes[kind] ?? kind).join(", ")}</td></tr>
`;
  });
  const heads = [say("change"), say("county")];
  return html`<div class="scroll tall" tabindex="0" role="group" aria-label="${say("areas")}"><table lang="${language}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}<th scope="col" class="number">${say("postcodes")}</th><th scope="col" class="number">${say("inhabitants")}</th><th scope="col">${say("leads")}</th></tr></thead><tbody>${rows}</tbody></table></div>${notPrinted(changes.length - PRINTED_AREAS, page)}`;
}

function postcodes(label: string, zipCodes: readonly string[]): Html {
  return html`<details class="postcodes"><summary>${label}</summary>${[...zipCodes].sort().join(" ")}</details>`;
}

function findingItem(
  text: string,
  { zipCodes, causes = [], causeCount = causes.length }: PolicyFacts,
  map: Html | undefined,
  { page, say }: PageLanguage,
): Html {
  const users = causes.map(
    ({ accountNumber, postcodes: count }) =>
      html`<li><bdi>${accountNumber}</bdi> <small>${page.concerns({ count })}</small></li>`,
  );
  return html`<li>${inCode(text)}${map}${zipCodes.length === 0 ? undefined : postcodes(say("postcodes"), zipCodes)}${users.length === 0 ? undefined : html`<details class="culprits"><summary>${page.causes({ count: causeCount, listed: users.length })}</summary><ul>${users}</ul></details>`}</li>`;
}

function pointOf(
  zipCode: string,
  country: string | undefined,
  locate: Locate,
): readonly [x: number, y: number] | undefined {
  const coordinates = country === "FR" ? locate(zipCode, country)?.coordinates : undefined;
  if (!coordinates) return undefined;
  const [x, y] = project(...coordinates);
  const isShown = x >= 0 && x <= MAP.width && y >= 0 && y <= MAP.height;
  return isShown ? [Math.round(x), Math.round(y)] : undefined;
}

function dotAt([x, y]: readonly [x: number, y: number]): string {
  return `M${x} ${y}h0`;
}

const MOST_MAPS = 6;
const LEAST_PART = 320;
const MARGIN = 70;

// Map of a policy's places. It reuses the land drawn in the large map.
function policyMap(
  { country, zipCodes }: PolicyFacts,
  locate: Locate | undefined,
  { say }: PageLanguage,
): Html | undefined {
  const points = zipCodes.flatMap((zip) => {
    const point = locate && pointOf(zip, country, locate);
    return point ? [point] : [];
  });
  const [first] = points;
  if (!first) return undefined;
  const side = (axis: 0 | 1): readonly [start: number, length: number] => {
    let [low, high] = [first[axis], first[axis]];
    for (const point of points) [low, high] = [Math.min(low, point[axis]), Math.max(high, point[axis])];
    const length = Math.max(LEAST_PART, high - low + 2 * MARGIN);
    return [Math.round((low + high - length) / 2), Math.round(length)];
  };
  const [[x, width], [y, height]] = [side(0), side(1)];
  return html`<svg class="policy-map" viewBox="${x} ${y} ${width} ${height}" role="img" aria-label="${say("policy_map")}"><use href="#land"/><path class="dot lost" d="${points.map(dotAt).join("")}"/></svg>`;
}

const ORDER: readonly Layer[] = ["gained", "lost", "policy"];

// Map of the plan's areas. Places in other countries are in the table only.
function mapOf(
  changes: readonly AreaChange[],
  findings: readonly PolicyFacts[],
  locate: Locate,
  { page, say, number }: PageLanguage,
): Html | undefined {
  const listed = [
    ...changes.map(({ kind, country, zipCodes }) => ({ layer: kind, country, zipCodes })),
    ...findings.map(({ country, zipCodes }) => ({ layer: "policy" as const, country, zipCodes })),
  ];
  const dots = new Map<Layer, Map<string, string>>();
  const away = new Set<string>();
  for (const { layer, country, zipCodes } of listed) {
    const onLayer = dots.get(layer) ?? new Map<string, string>();
    dots.set(layer, onLayer);
    for (const zip of zipCodes) {
      const point = pointOf(zip, country, locate);
      if (point) onLayer.set(zip, dotAt(point));
      else away.add(`${country} ${zip}`);
    }
  }
  const shown = ORDER.filter((layer) => (dots.get(layer)?.size ?? 0) > 0);
  if (shown.length === 0) return undefined;
  const paths = shown.map(
    (layer) => html`<path class="dot ${layer}" d="${[...(dots.get(layer)?.values() ?? [])].join("")}"/>`,
  );
  const legend = shown.map(
    (layer) =>
      html`<li><svg viewBox="0 0 24 24" aria-hidden="true"><path class="dot ${layer}" d="M12 12h0"/></svg> ${page[`on_map_${layer}`]()} <span class="count">${number(dots.get(layer)?.size ?? 0)}</span></li>`,
  );
  return html`<figure><ul class="legend" aria-label="${say("map_legend")}">${legend.reverse()}</ul>
<svg class="map" viewBox="0 0 ${MAP.width} ${MAP.height}" role="img" aria-label="${say("map_title")}">${landOf()}${paths}${placeNames()}</svg>
${away.size === 0 ? undefined : html`<p class="note">${page.not_on_map({ count: away.size })}</p>`}<p class="note">${say("map_sources")}</p></figure>`;
}
