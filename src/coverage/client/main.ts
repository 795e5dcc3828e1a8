// The script of the report, built into generated/report-assets.ts.
import { byId, controlValue, element, setValue } from "../../core/client/page.ts";
import { RULE_CHANGES, RULE_REASONS } from "../../locales/en/coverage.ts";
import { COVERAGE_SCRIPT } from "../../locales/en/coverage-page.ts";
import { RULE_CHANGES_FR, RULE_REASONS_FR } from "../../locales/fr/coverage.ts";
import { COVERAGE_SCRIPT_FR } from "../../locales/fr/coverage-page.ts";
import type { RuleName } from "../../rules/rules.ts";
import { Network } from "../network.ts";
import { decodeReport, type ReportData } from "../page/data.ts";
import { layoutOf } from "../page/map.ts";
import { CoverageWords, type Label, type ScriptTexts } from "../page/words.ts";
import { AXES } from "../rules/rules.ts";
import type { Lead, RuleAnswer, UserVerdict } from "../types.ts";
import { explainMembers } from "../verdicts.ts";
import { drawMap, filterFindings, labelOf, makeSortable, showCounties, spotAt } from "./map.ts";

const SIGNS: { readonly [Result in RuleAnswer["result"]]: readonly [character: string, word: Label<ScriptTexts>] } = {
  pass: ["✓", "passes"],
  fail: ["✗", "fails"],
  not_set: ["·", "not_set"],
};
// Explains the lead in the form, and returns the number of the lead's place.
function explainForm(network: Network, rules: ReportData["rules"], words: CoverageWords): number | undefined {
  const show = (user: UserVerdict) => userItem(user, rules, words);
  const result = byId("lead-result");
  const lead = leadInForm(network);
  if (!result || lead.zipCode === undefined) {
    result?.replaceChildren(element("p", "note", words.say("enter_postcode")));
    return undefined;
  }
  const spot = network.spots.ofZip(lead.country, lead.zipCode);
  if (spot === undefined) {
    // A spreadsheet drops leading zeros, so the postcode with a zero may be meant.
    const withZero = `0${lead.zipCode}`;
    const other = network.spots.ofZip(lead.country, withZero) === undefined ? undefined : withZero;
    const text = words.say("not_postcode", { zipCode: lead.zipCode, country: lead.country, other });
    result.replaceChildren(element("p", "note", text));
    return undefined;
  }
  const users = explainMembers(network.cells.complete(lead), network.members, network.geography, network.assumptions);
  const eligible = users.filter(({ verdict }) => verdict === "eligible");
  const others = users.slice(eligible.length);
  const { counties = [] } = network.spots.at(spot);
  const names = counties.map((county) => network.geography.countyName(lead.country, county));
  result.replaceChildren(
    element(
      "p",
      eligible.length > 0 ? "verdict good" : "verdict bad",
      words.say("verdict", { eligible: eligible.length }),
    ),
    element("p", "note", `${lead.zipCode}, ${words.listed(names)}`),
    ...group("title_eligible", eligible, 20, show, words),
    ...group("title_not_eligible", others, 5, show, words),
  );
  return spot;
}

function leadInForm(network: Network): Lead {
  return {
    country: controlValue("lead-country") ?? network.universe.countries[0]?.code ?? "FR",
    zipCode: controlValue("lead-zip"),
    ...Object.fromEntries(AXES.map(({ field }) => [field, controlValue(`lead-${field}`)])),
  };
}

function group(
  title: Label<ScriptTexts>,
  users: readonly UserVerdict[],
  most: number,
  show: (user: UserVerdict) => HTMLElement,
  words: CoverageWords,
): HTMLElement[] {
  if (users.length === 0) return [];
  const items = users.slice(0, most).map(show);
  const rest = words.say("more", { count: users.length - most });
  const more = users.length > most ? [element("li", "note", rest)] : [];
  return [element("h3", "", words.say(title)), element("ul", "users", ...items, ...more)];
}

function userItem(user: UserVerdict, rules: ReportData["rules"], words: CoverageWords): HTMLElement {
  const lines = Object.entries(user.rules)
    .filter(([, { result }]) => result !== "not_set")
    .map(([rule, answer]) => {
      const { result } = answer;
      const [character, word] = SIGNS[result];
      const sign = element("span", `mark ${result}`, character);
      sign.setAttribute("aria-hidden", "true");
      const label = element("b", "", rules[rule as RuleName]);
      return element("li", "", sign, element("span", "hidden", words.say(word)), " ", label, ` ${words.told(answer)}`);
    });
  const none = lines.length === 0 ? [element("li", "note", words.say("no_rule"))] : [];
  const changes = user.changes.map((change) => words.told(change)).join(" + ");
  const change = changes === "" ? [] : [element("p", "change", words.say("to_be_eligible", { changes }))];
  return element(
    "li",
    "",
    element("b", "name", words.user(user.accountNumber)),
    element("ul", "rules", ...lines, ...none),
    ...change,
  );
}

async function showNetwork(data: ReportData): Promise<void> {
  const { users, universe, locate } = decodeReport(data);
  const world = { users, universe, assumptions: data.assumptions, locate };
  const network = await Network.of(world);
  const shownCounties = new Set(
    [...document.querySelectorAll<SVGElement>(".land path")].map((path) => path.dataset.county),
  );
  const layout = layoutOf(network, (county) => shownCounties.has(county));
  let levels: Uint8Array = new Uint8Array();

  const isFrench = data.language === "fr";
  const said = isFrench ? COVERAGE_SCRIPT_FR : COVERAGE_SCRIPT;
  const told = isFrench ? [RULE_REASONS_FR, RULE_CHANGES_FR] : [RULE_REASONS, RULE_CHANGES];
  const words = new CoverageWords(data.language, said, told, data.names);

  function draw(): void {
    levels = drawMap(network, layout, words);
    showCounties(network, levels, words);
  }

  function explain(): void {
    const spot = explainForm(network, data.rules, words);
    const [x, y] = (spot === undefined ? undefined : layout.dots[spot]) ?? [-99, -99];
    byId("marker")?.setAttribute("cx", String(x));
    byId("marker")?.setAttribute("cy", String(y));
  }

  function followFilters(): void {
    for (const { field } of AXES) {
      const chosen = controlValue(`filter-${field}`);
      if (chosen !== undefined) setValue(`lead-${field}`, chosen);
    }
  }

  function refresh(): void {
    followFilters();
    draw();
    explain();
  }

  function pointedAt(event: MouseEvent): number | undefined {
    const map = byId<SVGSVGElement>("map");
    const matrix = map?.getScreenCTM();
    if (!map || !matrix) return undefined;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    return spotAt(layout, x, y);
  }

  function showFinding(row: HTMLElement): void {
    // Names of data attributes are in lower case: `data-profiletype`.
    for (const { field } of AXES) setValue(`filter-${field}`, row.dataset[field.toLowerCase()] ?? "");
    setValue("filter-user", "");
    refresh();
    byId("map-title")?.scrollIntoView();
  }

  byId("users")?.append(
    ...users.map(({ accountNumber }) => {
      const option = element("option", "");
      option.setAttribute("value", accountNumber);
      const name = words.user(accountNumber);
      if (name !== accountNumber) option.setAttribute("label", name);
      return option;
    }),
  );
  byId("filters")?.addEventListener("input", refresh);
  // The browser resets the filters only after the event.
  byId("filters")?.addEventListener("reset", () => setTimeout(refresh));
  byId("lead")?.addEventListener("input", explain);
  for (const id of ["lead", "filters"]) byId(id)?.addEventListener("submit", (event) => event.preventDefault());
  byId("kind")?.addEventListener("input", filterFindings);
  const findings = byId<HTMLTableElement>("findings");
  if (findings) {
    for (const row of findings.tBodies[0]?.rows ?? []) {
      if (Object.keys(row.dataset).length < 2) continue;
      const button = element("button", "show", words.say("show_on_map"));
      button.setAttribute("type", "button");
      button.addEventListener("click", () => showFinding(row));
      row.cells[1]?.append(" ", button);
    }
  }
  const map = byId<SVGSVGElement>("map");
  const tip = byId("tip");
  map?.addEventListener("pointermove", (event) => {
    const index = pointedAt(event);
    const { zipCode, inhabitants } = index === undefined ? {} : network.spots.at(index);
    if (!tip) return;
    tip.hidden = zipCode === undefined;
    if (index === undefined || zipCode === undefined) return;
    const people = inhabitants === undefined ? "" : `, ${words.say("inhabitants", { count: inhabitants })}`;
    tip.textContent = `${zipCode} · ${labelOf(network, levels[index] ?? 0, words)}${people}`;
    tip.style.left = `${event.clientX + 14}px`;
    tip.style.top = `${event.clientY + 14}px`;
  });
  map?.addEventListener("pointerleave", () => {
    if (tip) tip.hidden = true;
  });
  map?.addEventListener("click", (event) => {
    const index = pointedAt(event);
    if (index === undefined) return;
    const { zipCode, country } = network.spots.at(index);
    if (zipCode === undefined) return;
    setValue("lead-zip", zipCode);
    setValue("lead-country", country);
    explain();
  });
  draw();
  explain();
}

document.documentElement.classList.add("scripted");
for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) makeSortable(table);
const data = byId("data")?.textContent;
// Safe: encodeReport wrote the text.
if (data) await showNetwork(JSON.parse(data) as ReportData);
