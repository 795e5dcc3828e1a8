import { byId, controlValue, element, setValue } from "../../../base/page/client/page.ts";
import { RULE_CHANGES, RULE_REASONS } from "../../../locales/en/coverage.ts";
import { COVERAGE_SCRIPT } from "../../../locales/en/coverage-page.ts";
import { RULE_CHANGES_FR, RULE_REASONS_FR } from "../../../locales/fr/coverage.ts";
import { COVERAGE_SCRIPT_FR } from "../../../locales/fr/coverage-page.ts";
import { Network } from "../../network/network.ts";
import { AXES } from "../../rules/rules.ts";
import type { ReportData } from "../data/data.ts";
import { decodeReport } from "../data/decode.ts";
import { layoutOf } from "../map/layout.ts";
import { CoverageWords } from "../words.ts";
import { showCounties } from "./counties.ts";
import { explainForm } from "./lead-form.ts";
import { drawMap, labelOf, spotAt } from "./map-view.ts";
import { filterFindings } from "./sorting.ts";

/** The network in the browser: the map and the tables follow the filters, and the form explains a lead. */
export async function showNetwork(data: ReportData): Promise<void> {
  const { users, universe, locate } = decodeReport(data);
  const world = { users, universe, assumptions: data.assumptions, locate, overlapAbove: undefined };
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

  /** The lead in the form follows the leads that the map shows. */
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
    // The names of attributes have no capitals.
    for (const id of [...AXES.map(({ field }) => field), "user"])
      setValue(`filter-${id}`, row.dataset[id.toLowerCase()] ?? "");
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
  // The controls are reset after the event.
  byId("filters")?.addEventListener("reset", () => setTimeout(refresh));
  byId("lead")?.addEventListener("input", explain);
  for (const id of ["lead", "filters"]) byId(id)?.addEventListener("submit", (event) => event.preventDefault());
  byId("kind")?.addEventListener("input", filterFindings);
  const findings = byId<HTMLTableElement>("findings");
  if (findings) {
    for (const row of findings.tBodies[0]?.rows ?? []) {
      if (row.dataset.kind === "overlap" || Object.keys(row.dataset).length < 2) continue;
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
