import { type Html, html } from "../../base/page/html.ts";
import type { AnyCoded } from "../../base/texts/coded.ts";
import type { ExpectedLoad } from "../load/types.ts";
import type { Network } from "../network/network.ts";
import type { Calibration } from "../observed/types.ts";
import type { CoverageResult } from "../types.ts";
import type { Layout } from "./map/layout.ts";
import { legendOf, mapOf } from "./map/map.ts";
import { assumptionIn, section } from "./parts.ts";
import type { Text, Words } from "./words.ts";

export interface Panel {
  readonly id: string;
  readonly title: Text;
  readonly content: Html;
}

/** Panels under tabs; without a script and on paper one after the other. One alone needs no tab. */
export function panelsOf(panels: readonly Panel[], words: Words): Html {
  const isAlone = panels.length === 1;
  const tabs = panels.map(
    ({ id, title }) =>
      html`<button type="button" role="tab" id="tab-${id}" aria-controls="panel-${id}">${words.say(title)}</button>`,
  );
  const bodies = panels.map(({ id, content }) => html`<div class="panel" id="panel-${id}">${content}</div>`);
  return html`${isAlone ? "" : html`<div class="tabs only-script" role="tablist" aria-label="${words.say("Views")}">${tabs}</div>`}${bodies}`;
}

/** A change that matters, and where the page says more of it. */
interface ToDo {
  readonly text: string;
  readonly to: string;
}

/** The three things to do first: from gaps, from rules that were edited in Oplead, from users with too many leads, and what would change that. */
export function actionsOf(
  { findings }: CoverageResult,
  { load, observed, suggestions = [] }: Views,
  words: Words,
): readonly ToDo[] {
  const at =
    (to: string) =>
    (told: AnyCoded): ToDo => ({ text: words.told(told), to });
  const found = findings.filter(
    ({ kind, certain }) => certain && ["gap", "dead", "unreachable", "thin"].includes(kind),
  );
  const lists = [
    [...suggestions].map(at("actions-title")),
    found.map(at("findings-title")),
    (observed?.drift ?? []).map(at("drift-title")),
    (load?.findings ?? []).map(at("load-title")),
  ].filter((list) => list.length > 0);
  // One of each, then the next of each.
  const rounds = [0, 1, 2].flatMap((round) => lists.flatMap((list) => list[round] ?? []));
  return rounds.slice(0, 3);
}

/** Other views of the network than its coverage. */
export interface Views {
  readonly load?: ExpectedLoad | undefined;
  readonly observed?: Calibration | undefined;
  readonly suggestions?: readonly AnyCoded[] | undefined;
}

const BUSY = [
  { name: "away", label: "no user" },
  { name: "two", label: "less than half the median" },
  { name: "few", label: "up to the median" },
  { name: "many", label: "up to twice the median" },
  { name: "none", label: "more than twice the median" },
] as const satisfies readonly { readonly name: string; readonly label: Text }[];

/** Users above this number would make the page long and help no reader. */
const MOST_USERS = 300;

export function loadPanel(network: Network, layout: Layout, load: ExpectedLoad, words: Words): Html {
  const say = words.say.bind(words);
  const shown = { levels: busyLevels(network, load), of: BUSY };
  const top = Math.max(1, ...load.users.map(({ max }) => max));
  const at = (leads: number): string => ((100 * leads) / top).toFixed(1);
  const rows = load.users.slice(0, MOST_USERS).map(
    ({ accountNumber, min, equal, max }) =>
      html`<tr><td>${words.user(accountNumber)}</td><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="range" x="${at(min)}" y="3" width="${at(Math.max(max - min, top / 200))}" height="4"/><rect class="equal" x="${at(equal)}" width="0.8" height="10"/></svg></td>${[min, equal, max].map((leads) => html`<td class="number" data-value="${leads}">${leads < 9.95 ? words.decimal(leads) : words.number(leads)}</td>`)}</tr>
`,
  );
  const left = load.users.length - rows.length;
  return html`${section(
    "load",
    "Expected load",
    html`<p>${words.told(load.fairness)}</p>
${load.findings.length === 0 ? "" : html`<ul>${load.findings.slice(0, 20).map((finding) => html`<li>${words.told(finding)}</li>`)}</ul>`}
<h3 id="busy-title">${say("How busy the users of each postcode are")}</h3>
${legendOf(shown, "How busy the users of each postcode are", words, true)}
${mapOf(layout, shown, "busy-title", { isSecond: true })}
<h3>${say("Leads a month for each user")}</h3>
<p class="note">${say("The bar goes from the leads that reach this user alone to all that it can get; the mark is its load if users share leads equally.")}</p>
<div class="scroll" tabindex="0" role="group" aria-label="${say("Leads a month for each user")}"><table class="sortable"><caption class="hidden">${say("Leads a month for each user")}</caption>
<thead><tr><th scope="col">${say("User")}</th><th scope="col">${say("From least to most")}</th><th scope="col" class="number">${say("At least")}</th><th scope="col" class="number">${say("Shared equally")}</th><th scope="col" class="number">${say("At most")}</th></tr></thead>
<tbody>${rows}</tbody></table></div>
${left > 0 ? html`<p class="note">${say("{users} with fewer leads are left out here.", { users: words.counted(left, "user|users") })}</p>` : ""}`,
    words,
  )}`;
}

/** For each postcode how the mean load of its users compares with the median postcode. */
function busyLevels(network: Network, { users }: ExpectedLoad): Uint8Array {
  const loads = new Map(users.map(({ accountNumber, equal }) => [accountNumber, equal]));
  const means = new Float64Array(network.spots.all.length).fill(-1);
  for (const spotClass of network.classes) {
    const here = network.usersOf(spotClass, "pass").map(({ accountNumber }) => loads.get(accountNumber) ?? 0);
    const mean = here.reduce((sum, one) => sum + one, 0) / here.length;
    if (here.length > 0) for (const spot of spotClass.spots) means[spot] = mean;
  }
  const sorted = means.filter((mean) => mean >= 0).sort();
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return Uint8Array.from(means, (mean) =>
    mean < 0 ? 0 : mean < median / 2 ? 1 : mean <= median ? 2 : mean <= 2 * median ? 3 : 4,
  );
}

export function observedPanel({ assumptions }: Network, observed: Calibration, words: Words): Html {
  const say = words.say.bind(words);
  const { observations, fits, refuted, drift, unexplained } = observed;
  const rows = [...fits.map((fit) => ({ fit, holds: true })), ...refuted.map((fit) => ({ fit, holds: false }))]
    .slice(0, 30)
    .map(({ fit, holds }) => {
      const names = Object.keys(fit.assumptions) as (keyof typeof fit.assumptions)[];
      const texts = names.flatMap((name) =>
        name === "known" ? [] : [assumptionIn(name, { ...assumptions, ...fit.assumptions }, words)],
      );
      const counts = [fit.predicted, fit.undecided, fit.unexpected, fit.differs];
      return html`<tr><td>${say(holds ? "fits" : "refuted")}</td><td>${texts.join("; ")}</td>${counts.map((count) => html`<td class="number" data-value="${count}">${words.number(count)}</td>`)}</tr>
`;
    });
  const table = html`<p>${say("The leads that users really got, compared with their rules under different assumptions. Leads: {count}.", { count: words.number(observations) })}</p>
<div class="scroll" tabindex="0" role="group" aria-label="${say("Assumptions and observed leads")}"><table class="sortable"><caption class="hidden">${say("Assumptions and observed leads")}</caption>
<thead><tr><th scope="col">${say("Verdict")}</th><th scope="col">${say("Assumptions")}</th>${(["Predicted", "Undecided", "Unexpected", "Other than the first"] as const).map((head) => html`<th scope="col" class="number">${say(head)}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
  const edited =
    drift.length === 0
      ? html`<p>${say("No user's leads contradict its own rules more often than chance explains.")}</p>`
      : html`<ul>${drift.map((one) => html`<li>${words.told(one)}</li>`)}</ul>`;
  const places = unexplained.slice(0, 20).map((place) => words.number(place + 1));
  const unknown =
    unexplained.length === 0
      ? say("Every observed lead is explained by some set of assumptions that fits.")
      : say(
          "{count} of the observed leads reach no user whichever set of assumptions is true. Their places in the list: {places}.",
          {
            count: words.number(unexplained.length),
            places: places.join(", ") + (unexplained.length > 20 ? ", …" : ""),
          },
        );
  return html`${section("observed", "Assumptions and observed leads", table, words)}
${section("drift", "Rules that were probably edited in Oplead", edited, words)}
${section("unexplained", "Leads that no assumption explains", html`<p>${unknown}</p>`, words)}`;
}
