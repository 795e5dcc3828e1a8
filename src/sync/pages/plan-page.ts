import { outlines } from "../../../generated/france-map.ts";
import { type Html, html, MAP, project } from "../../core/page.ts";
import { showIdentity } from "../../core/redact.ts";
import { boolean, func, oneOf, options, optionsCheck, text } from "../../core/validate.ts";
import type { AreaChange, Locate } from "../../coverage/types.ts";
import type { PolicyFacts } from "../../locales/en/findings.ts";
import { capitalised } from "../../locales/grammar.ts";
import { approvalCommand } from "../approval-command.ts";
import { planForm, printable } from "../forms.ts";
import type { Section } from "../overview/overview.ts";
import { headlineOf, isReadFirst, planOverview } from "../overview/plan-overview.ts";
import type { PlanFacts, PlanPageOptions, SavedPlan, SyncPlan } from "../types/plan.ts";
import { gauges, renderPage, sentences } from "./render.ts";
import { fieldName, type PageLanguage, pageLanguage } from "./words.ts";

const checkOptions = optionsCheck<PlanPageOptions>("toHtml", () =>
  options({
    language: oneOf("en", "fr"),
    command: text(),
    locate: func(),
    reveal: boolean(),
    company: text(),
    madeAt: text(),
    madeBy: text(),
    madeFrom: text(),
  }),
);

/** The page of a plan, or of a saved one that was checked: see {@link SyncPlan.toHtml}. */
export async function planPage(plan: SyncPlan | SavedPlan, given: PlanPageOptions = {}): Promise<string> {
  checkOptions(given);
  const isLive = "apply" in plan;
  const saved: PlanFacts = isLive ? printable(planForm, plan) : plan;
  const { language, locate, reveal = false, command = approvalCommand(saved) } = given;
  const words = pageLanguage(language);
  const { page, say, told } = words;
  const { refusals, warnings, limits, estimate } = saved;
  const isRefused = refusals.length > 0;
  const { figures, sections } = planOverview(
    saved,
    { language },
    { named: (name) => fieldName(words, name), valuesOf: reveal && isLive ? valuesOf(plan) : undefined },
  );
  const listed = (role: Section["role"]) => sections.filter((section) => section.role === role);
  const isIdle = listed("sent").every(({ items }) => items.length === 0);
  return renderPage(
    {
      title: capitalised(page.plan_title(headlineOf(saved))),
      lead: leadOf(saved, given, isIdle, words),
      tone: isRefused ? "bad" : "good",
      verdict: isRefused ? say("plan_refused") : isIdle ? say("nothing_to_send") : say("guard_lets_through"),
      reasons: [],
      more: [
        ...(isRefused ? [reasonsOf(saved, isIdle ? undefined : command, words)] : []),
        gauges(limits, words),
        ...(isIdle || isRefused ? [] : [approval(saved, command, words)]),
      ],
      figures,
      cost: {
        amount: estimate.requests,
        label: page.requests({ count: estimate.requests, ms: estimate.durationMs ?? undefined }),
      },
      warnings: warnings.filter((one) => one.code !== "policy" && !isReadFirst(one)).map(told),
      middle: areaSection(saved, locate, words),
      lists: [
        [say("is_sent"), listed("sent")],
        [say("not_sent"), listed("unsent")],
      ],
    },
    words,
  );
}

/**
 * The lines below the title: the platform, what the reader should do, who made the plan, when, and from which source.
 */
function leadOf(plan: PlanFacts, given: PlanPageOptions, isIdle: boolean, { page, say, told }: PageLanguage): Html {
  const { refusals, warnings, counts, testMode, platform, selection } = plan;
  const { company, madeAt, madeBy, madeFrom = selection.sourceFile ?? undefined } = given;
  const asked = refusals.length > 0 ? say("is_refused") : isIdle ? undefined : say("is_to_approve");
  const made = { at: madeAt?.slice(0, 16).replace("T", " "), by: madeBy, from: madeFrom };
  const isKnown = Object.values(made).some((one) => one !== undefined);
  const facts = [
    page.read({ count: counts.records, platform: platform.name ?? platform.baseUrl }),
    ...(isKnown ? [page.plan_made(made)] : []),
    ...(testMode ? [say("test_mode")] : []),
  ];
  const first = warnings.filter(isReadFirst).map((one) => html`<br><strong>${told(one)}</strong>`);
  const heading = [company, asked].filter((one) => one !== undefined).join(" · ");
  return html`${heading === "" ? undefined : html`<b>${heading}</b><br>`}${facts.join(" ")}${first}`;
}

/**
 * The reasons of a refusal. The command that approves the plan stands below them, so that a person reads the reasons
 * first.
 */
function reasonsOf(plan: PlanFacts, command: string | undefined, words: PageLanguage): Html {
  const { page, told } = words;
  const reasons = plan.refusals.map(told);
  return html`<details class="reasons-first"><summary>${page.reasons({ count: reasons.length })}</summary>${sentences(reasons, page)}${command === undefined ? undefined : approval(plan, command, words)}</details>`;
}

/** Returns a function that gives the values of the change at an index of the plan. */
function valuesOf({ changes, diff }: SyncPlan): (index: number) => string[] {
  return (index) => {
    const lines = diff(changes[index]?.accountNumber ?? "", { reveal: true })?.lines ?? [];
    return lines.map(({ path, was, value }) => {
      const values = [was, value].filter((one) => one !== undefined);
      // A removed field has no new value, so the arrow is at the end.
      return `${path}: ${values.map((one) => JSON.stringify(one)).join(" → ")}${value === undefined ? " →" : ""}`;
    });
  };
}

function approval(
  { hash, refusals, selection, changes }: PlanFacts,
  command: string,
  { page, say }: PageLanguage,
): Html {
  const { only, limit } = selection;
  const wanted = only && new Set(only);
  const chosen = wanted ? changes.filter(({ accountNumber }) => wanted.has(accountNumber)).length : changes.length;
  // If an account number is not shown, a selection by account number cannot be counted.
  const isCountable = changes.every(({ accountNumber }) => showIdentity(accountNumber) === accountNumber);
  const part = { sent: Math.min(chosen, limit ?? chosen), all: changes.length };
  return html`<h3>${refusals.length > 0 ? say("to_approve_refused") : say("to_approve")}</h3><p><code class="command">${command}</code> <small>${page.plan_hash({ hash })}</small></p>${part.sent < part.all && (!wanted || isCountable) ? html`<p><b>${page.sends_part(part)}</b></p>` : undefined}<p class="note">${say("sends_this_plan")}</p>`;
}

/**
 * A layer of the map. The first three show what the plan changes at a place, `policy` shows places that a policy names.
 */
type Layer = "lost" | "gained" | "perhaps" | "policy";

/** The section that shows which areas gain or lose users and what policies found. Undefined if the plan has neither. */
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
  const told = findings.map(({ one, facts }) => findingItem(words.told(one), facts, words));
  return html`<section aria-labelledby="areas-title" class="areas"><h2 id="areas-title">${say("areas")}</h2>
${areas && changes.length === 0 ? html`<p>${say("no_area_changes")}</p>` : undefined}
${map || told.length > 0 ? html`<div class="beside">${map}${told.length === 0 ? undefined : html`<div><h3>${say("policies")}</h3><ul class="reasons">${told}</ul></div>`}</div>` : undefined}
${changes.length === 0 ? undefined : table(changes, words)}</section>`;
}

function layerOf({ kind, certain }: AreaChange): Layer {
  return certain ? kind : "perhaps";
}

function table(changes: readonly AreaChange[], { page, say, number, language }: PageLanguage): Html {
  const rows = changes.map((change) => {
    const { kind, certain, name, zipCodes, places, inhabitants, kinds } = change;
    const label = page[`area_${kind}`]({ certain });
    const count = zipCodes.length === 0 ? number(places) : postcodes(number(places), zipCodes);
    return html`<tr><td><span class="tag ${layerOf(change)}">${label}</span></td><td>${name}</td><td class="number">${count}</td><td class="number">${inhabitants === undefined ? "" : number(inhabitants)}</td><td>${kinds.length === 0 ? say("all") : kinds.join(", ")}</td></tr>
`;
  });
  const heads = [say("change"), say("county")];
  return html`<div class="scroll tall" tabindex="0" role="group" aria-label="${say("areas")}"><table lang="${language}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}<th scope="col" class="number">${say("postcodes")}</th><th scope="col" class="number">${say("inhabitants")}</th><th scope="col">${say("leads")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function postcodes(label: string, zipCodes: readonly string[]): Html {
  return html`<details class="postcodes"><summary>${label}</summary>${[...zipCodes].sort().join(" ")}</details>`;
}

/** A finding of a policy. Its sentence names the first changes; the list below it has all of them. */
function findingItem(text: string, { zipCodes, causes = [] }: PolicyFacts, { page, say }: PageLanguage): Html {
  const users = causes.map(
    ({ accountNumber, postcodes: count }) =>
      html`<li><bdi>${accountNumber}</bdi> <small>${page.concerns({ count })}</small></li>`,
  );
  return html`<li>${text}${zipCodes.length === 0 ? undefined : postcodes(say("postcodes"), zipCodes)}${users.length === 0 ? undefined : html`<details class="postcodes"><summary>${page.causes({ count: users.length })}</summary><ul>${users}</ul></details>`}</li>`;
}

const ORDER: readonly Layer[] = ["perhaps", "gained", "lost", "policy"];

/** The map of France, with a dot for each postcode. Places in other countries are in the table only. */
function mapOf(
  changes: readonly AreaChange[],
  findings: readonly PolicyFacts[],
  locate: Locate,
  { page, say, number }: PageLanguage,
): Html | undefined {
  const listed = [
    ...changes.map((change) => ({ layer: layerOf(change), country: change.country, zipCodes: change.zipCodes })),
    ...findings.map(({ country, zipCodes }) => ({ layer: "policy" as const, country, zipCodes })),
  ];
  const dots = new Map<Layer, Map<string, string>>();
  const away = new Set<string>();
  for (const { layer, country, zipCodes } of listed) {
    for (const zip of zipCodes) {
      const coordinates = country === "FR" ? locate(zip, country)?.coordinates : undefined;
      const [x, y] = coordinates ? project(...coordinates).map(Math.round) : [];
      const isShown = x !== undefined && y !== undefined && x >= 0 && x <= MAP.width && y >= 0 && y <= MAP.height;
      const onLayer = dots.get(layer) ?? new Map<string, string>();
      dots.set(layer, onLayer);
      if (isShown) onLayer.set(zip, `M${x} ${y}h0`);
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
  const land = Object.values(outlines).map((path) => html`<path d="${path}"/>`);
  return html`<figure><ul class="legend" aria-label="${say("map_legend")}">${legend.reverse()}</ul>
<svg class="map" viewBox="0 0 ${MAP.width} ${MAP.height}" role="img" aria-label="${say("map_title")}"><g class="land">${land}</g>${paths}</svg>
${away.size === 0 ? undefined : html`<p class="note">${page.not_on_map({ count: away.size })}</p>`}<p class="note">${say("map_sources")}</p></figure>`;
}
