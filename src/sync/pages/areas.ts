import { type Html, html, MAP, project } from "../../core/page.ts";
import { landOf, placeNames } from "../../coverage/page/land.ts";
import type { AreaChange, Locate } from "../../coverage/types.ts";
import type { PolicyFacts } from "../../locales/en/findings.ts";
import { reasonsOf } from "../overview/reasons.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";
import type { PlanFacts } from "../types/plan.ts";
import { inCode, notPrinted } from "./render.ts";
import type { PageLanguage } from "./words.ts";

type Layer = AreaChange["kind"] | "policy";

export function areaSection(
  { areas, refusals, warnings }: PlanFacts,
  locate: Locate | undefined,
  words: PageLanguage,
): Html | undefined {
  const findings = [...refusals, ...warnings].flatMap((one) => (one.code === "policy" ? [one.parameters] : []));
  if (areas === undefined && findings.length === 0) return undefined;
  const { say } = words;
  const changes = areas ?? [];
  const ofWarnings = warnings.filter(({ code }) => code === "policy");
  return html`<section aria-labelledby="areas-title" class="areas"><h2 id="areas-title">${say("areas")}</h2>
${areas && changes.length === 0 ? html`<p>${say("no_area_changes")}</p>` : undefined}${ofWarnings.length === 0 ? undefined : reasonList(ofWarnings, words)}
<div class="beside">${changes.length === 0 ? undefined : html`<div class="counties">${table(changes, words)}</div>`}${locate && mapOf(changes, findings, locate, words)}</div></section>`;
}

export function reasonList(findings: readonly (GuardFinding | SyncWarning)[], words: PageLanguage): Html {
  const items = reasonsOf(findings, words).map(({ finding, text }) => {
    const option = / \((guard\.\w+)\)/g;
    const names = [...text.matchAll(option)].map(([, name]) => name);
    const title = names.length === 0 ? undefined : html` title="${names.join(", ")}"`;
    const more = finding.code === "policy" ? culprits(finding.parameters, words) : undefined;
    return html`<li${title}>${inCode(text.replace(option, ""))}${more}</li>`;
  });
  return html`<ul class="reasons">${items}</ul>`;
}

// Areas that are printed. The style sheet has the same number.
const PRINTED_AREAS = 50;

function table(changes: readonly AreaChange[], { page, say, number, language, codes }: PageLanguage): Html {
  const rows = changes.map((change) => {
    const { kind, name, zipCodes, places, inhabitants, kinds } = change;
    const label = page[`area_${kind}`];
    const count = zipCodes.length === 0 ? number(places) : postcodes(number(places), zipCodes);
    const cell = (text: string | Html, title: string) => html`<td class="number" data-title="${title}">${text}</td>`;
    return html`<tr><td>${name}</td><td><span class="tag${kind === "lost" ? " bad" : ""}">${label}</span></td>${cell(count, say("postcodes"))}${cell(inhabitants === undefined ? "" : number(inhabitants), say("inhabitants"))}<td data-title="${say("leads")}">${kinds.length === 0 ? say("all") : kinds.map((kind) => codes[kind] ?? kind).join(", ")}</td></tr>
`;
  });
  const heads = [say("county"), say("change")];
  return html`<div class="scroll tall" tabindex="0" role="group" aria-label="${say("areas")}"><table lang="${language}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}<th scope="col" class="number">${say("postcodes")}</th><th scope="col" class="number">${say("inhabitants")}</th><th scope="col">${say("leads")}</th></tr></thead><tbody>${rows}</tbody></table></div>${notPrinted(changes.length - PRINTED_AREAS, page)}`;
}

function postcodes(label: string, zipCodes: readonly string[]): Html {
  return html`<details class="postcodes"><summary>${label}</summary>${[...zipCodes].sort().join(" ")}</details>`;
}

function culprits({ causes = [], causeCount = causes.length }: PolicyFacts, { page }: PageLanguage): Html | undefined {
  if (causes.length === 0) return undefined;
  const users = causes.map(
    ({ accountNumber, postcodes: count }) =>
      html`<li><bdi>${accountNumber}</bdi> <small>${page.concerns({ count })}</small></li>`,
  );
  const title = page.causes({ count: causeCount, listed: users.length });
  return html`<details class="culprits"><summary>${title}</summary><ul>${users}</ul></details>`;
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
      if (layer === "policy" && dots.get("lost")?.has(zip)) continue;
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
      html`<li><svg viewBox="0 0 24 24" aria-hidden="true"><path class="dot ${layer}" d="M12 12h0"/></svg> ${page[`on_map_${layer}`]} <span class="count">${number(dots.get(layer)?.size ?? 0)}</span></li>`,
  );
  return html`<figure><ul class="legend" aria-label="${say("map_legend")}">${legend.reverse()}</ul>
<svg class="map" viewBox="0 0 ${MAP.width} ${MAP.height}" role="img" aria-label="${say("map_title")}">${landOf()}${paths}${placeNames()}</svg>
${away.size === 0 ? undefined : html`<p class="note">${page.not_on_map({ count: away.size })}</p>`}<p class="note">${say("map_sources")}</p></figure>`;
}
