import { type Html, html } from "../../base/page/html.ts";
import type { Network, NetworkUser } from "../network/network.ts";
import type { CoverageResult } from "../types.ts";
import { areaOf, NOT_REACHED, OPEN, type UserArea } from "./map/area.ts";
import { type Figure, inhabitantsIn, peopleIn } from "./map/figures.ts";
import type { Layout } from "./map/layout.ts";
import { layoutOn, legendOf, mapOf } from "./map/map.ts";
import { assumptionsIn, documentIn, figuresSection, type Heading, section } from "./parts.ts";
import type { Text, Words } from "./words.ts";

/** How many users share a place, as the map of one user shows it. */
const LEVELS = [
  { name: "away", label: "not reached" },
  { name: "uncertain", label: "uncertain" },
  { name: "one", label: "this user alone" },
  { name: "two", label: "shared with 1 user" },
  { name: "few", label: "shared with 2 to 4 users" },
  { name: "many", label: "shared with 5 or more users" },
] as const satisfies readonly { readonly name: string; readonly label: Text }[];

function levelOf(others: number): number {
  if (others === NOT_REACHED) return 0;
  if (others === OPEN) return 1;
  return others === 0 ? 2 : others === 1 ? 3 : others < 5 ? 4 : 5;
}

/**
 * The page of one user: where it gets which leads, where it is alone, and with how many it shares. It holds nothing of other users; their account
 * numbers only where `showsOthers`.
 */
export function renderUserPage(
  network: Network,
  result: CoverageResult,
  user: NetworkUser,
  heading: Heading,
  showsOthers: boolean,
  words: Words,
): Html {
  const say = words.say.bind(words);
  const area = areaOf(network, user, network.cells.all());
  const shown = { levels: Uint8Array.from(area.others, levelOf), of: LEVELS };
  const layout = layoutOn(network);
  const own = result.findings.filter(
    ({ kind, accountNumbers: [only, ...more] }) =>
      (kind === "dead" || kind === "unreachable") && only === user.accountNumber && more.length === 0,
  );
  const main = html`${figuresSection(figuresOf(network, area, words), words)}
<section aria-labelledby="map-title" class="map"><h2 id="map-title">${say("Where these leads come from")}</h2>
${legendOf(shown, "Legend: postcodes by number of users who share them", words)}
${mapOf(layout, shown, "map-title", { viewBox: viewOf(layout, area) })}</section>
${own.length === 0 ? "" : section("findings", "Findings", html`<ul>${own.map((finding) => html`<li>${words.told(finding)}</li>`)}</ul>`, words)}
${section("ranges", "By range", tableOf("By range", "Range", rangeRows(network, user, words), words), words)}
${section("counties", "By county", tableOf("By county", "County", countyRows(network, area), words), words)}
${showsOthers ? section("others", "Shared with", othersTable(area, words), words) : ""}
${section("assumptions", "What these answers assume", assumptionsIn(network, result, words), words)}`;
  const lead = say(
    "Where this user is eligible, by its rules as they are sent to Oplead. Oplead does not document which of several eligible users gets a lead.",
  );
  return documentIn(heading, { lead, skip: { to: "ranges-title", text: say("Skip to the tables") }, main }, words);
}

/** The spots of some that the user reaches, alone or not. */
function partsOf(
  { others }: UserArea,
  spots: Iterable<number>,
): { readonly [Part in "all" | "alone" | "shared"]: number[] } {
  const all = [...spots].filter((spot) => (others[spot] ?? NOT_REACHED) >= 0);
  return { all, alone: all.filter((spot) => others[spot] === 0), shared: all.filter((spot) => others[spot] !== 0) };
}

function figuresOf({ spots }: Network, area: UserArea, words: Words): Figure[] {
  const parts = partsOf(area, spots.all.keys());
  const figure = (part: keyof typeof parts, label: Text) => ({
    value: words.number(parts[part].length),
    label: words.say(label),
    detail: peopleIn(
      parts[part].map((spot) => spots.at(spot)),
      words,
    ),
    tone: "good" as const,
  });
  return [
    figure("all", "postcodes from which this user can get leads"),
    figure("alone", "of them for this user alone"),
    figure("shared", "of them shared with other users"),
  ];
}

interface Row {
  readonly name: string;
  readonly cells: readonly number[];
}

function rowOf(name: string, { spots }: Network, area: UserArea, among: Iterable<number>): Row {
  const { all, alone, shared } = partsOf(area, among);
  const most = all.reduce((high, spot) => Math.max(high, area.others[spot] ?? 0), 0);
  const people = inhabitantsIn(all.map((spot) => spots.at(spot)));
  return { name, cells: [all.length, people, alone.length, shared.length, most] };
}

function rangeRows(network: Network, user: NetworkUser, words: Words): Row[] {
  const { cells, spots } = network;
  const ranges = cells.codes.ranges;
  const rows = (ranges.length > 0 ? ranges : [undefined]).map((range) => {
    const area = areaOf(network, user, range === undefined ? cells.all() : cells.of({ ranges: [range] }));
    return rowOf(range === undefined ? words.say("all") : words.code(range), network, area, spots.all.keys());
  });
  return rows;
}

function countyRows(network: Network, area: UserArea): Row[] {
  const { universe, spots, geography } = network;
  const rows = universe.countries.flatMap(({ code, label, counties }) =>
    counties.length > 0
      ? counties.map(({ number }) =>
          rowOf(geography.countyName(code, number), network, area, spots.ofCounty(code, number)),
        )
      : [rowOf(label, network, area, spots.ofCountry(code))],
  );
  return rows.filter(({ cells: [all = 0] }) => all > 0).sort((a, b) => (b.cells[0] ?? 0) - (a.cells[0] ?? 0));
}

function tableOf(caption: Text, first: Text, rows: readonly Row[], words: Words): Html {
  const heads = ["Postcodes", "Inhabitants", "Alone", "Shared", "Other users, at most"] as const;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${words.say(caption)}"><table class="sortable"><caption class="hidden">${words.say(caption)}</caption>
<thead><tr><th scope="col">${words.say(first)}</th>${heads.map((head) => html`<th scope="col" class="number">${words.say(head)}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({
      name,
      cells,
    }) => html`<tr><td>${name}</td>${cells.map((value) => html`<td class="number" data-value="${value}">${value === 0 ? "–" : words.number(value)}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

function othersTable({ sharers }: UserArea, words: Words): Html {
  const rows = [...sharers].sort(([, a], [, b]) => b - a);
  return html`<ul>${rows.map(([{ accountNumber }, spots]) => html`<li>${words.user(accountNumber)} <span class="note">${words.counted(spots, "postcode|postcodes")}</span></li>`)}</ul>`;
}

/** The part of the map with the places of the user, and some land around them. */
function viewOf(layout: Layout, { others }: UserArea): string | undefined {
  const dots = layout.dots.filter((_dot, spot) => (others[spot] ?? NOT_REACHED) >= 0);
  if (dots.length === 0) return undefined;
  const [xs, ys] = [dots.map(([x]) => x), dots.map(([, y]) => y)];
  const span = (values: readonly number[]) => {
    const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [9999, 0]);
    return { middle: (low + high) / 2, size: Math.max(260, high - low + 80) };
  };
  const [x, y] = [span(xs), span(ys)];
  return [x.middle - x.size / 2, y.middle - y.size / 2, x.size, y.size].map(Math.round).join(" ");
}
