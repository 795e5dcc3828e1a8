import { byId, controlValue, element } from "../../core/client/page.ts";
import type { Network, NetworkUser } from "../network.ts";
import { type Counting, countLevel, inhabitantsIn, LEVELS, levelsOf, levelsOfUser, peopleIn } from "../page/figures.ts";
import { dotPath, homePath, type Layout } from "../page/map.ts";
import type { CoverageWords } from "../page/words.ts";
import { AXES } from "../rules/rules.ts";

// Draws the map, and returns the level of each place.
export function drawMap(network: Network, layout: Layout, words: CoverageWords): Uint8Array {
  const codes = AXES.map((axis) => [axis.codes, chosenCode(`filter-${axis.field}`)]);
  const mask = network.cells.of(Object.fromEntries(codes));
  const user = chosenUser(network);
  const counting = controlValue("filter-counting") === "fewest" ? "fewest" : "any";
  const levels = user ? levelsOfUser(network, user, mask) : levelsOf(network, mask, counting);
  for (const [level, { name }] of LEVELS.entries()) {
    document.querySelector(`#dots .${name}`)?.setAttribute("d", dotPath(layout.dots, levels, level));
    const label = document.querySelector(`[data-label="${level}"]`);
    if (label) label.textContent = labelOf(network, level, words);
    const shown = document.querySelector(`[data-count="${level}"]`);
    if (shown) shown.textContent = words.number(countLevel(levels, level));
  }
  byId("dots")?.classList.toggle("of-user", user !== undefined);
  document.querySelector(".legend")?.classList.toggle("of-user", user !== undefined);
  const homes = homePath(network, layout, user ? [user.member.user] : network.members.map((one) => one.user));
  for (const path of document.querySelectorAll("#map .home")) {
    path.setAttribute("d", homes);
    path.classList.toggle("chosen", user !== undefined);
  }
  const text = byId("map-text");
  if (text) text.textContent = sentence(network, levels, user, counting, words);
  return levels;
}

function chosenCode(id: string): readonly string[] | undefined {
  const code = controlValue(id);
  return code === undefined ? undefined : [code];
}

export function labelOf(network: Network, level: number, words: CoverageWords): string {
  const ofAll = LEVELS[level]?.label ?? "no_user";
  const isOfUser = chosenUser(network) !== undefined;
  return words.say(isOfUser ? (level === 0 ? "not_reached" : "reached") : ofAll);
}

function chosenUser({ users }: Network): NetworkUser | undefined {
  const wanted = controlValue("filter-user");
  return users.find(({ accountNumber }) => accountNumber === wanted);
}

function sentence(
  { spots }: Network,
  levels: Uint8Array,
  user: NetworkUser | undefined,
  counting: Counting,
  words: CoverageWords,
): string {
  const wanted = user ? LEVELS.length - 1 : 0;
  const found = spots.all.filter(({ zipCode }, index) => zipCode !== undefined && levels[index] === wanted);
  const places = { count: found.length, people: peopleIn(found, words) };
  if (user) return words.say("user_gets_some", { user: words.user(user.accountNumber), ...places });
  const isAny = counting === "any";
  if (found.length > 0) return words.say(isAny ? "no_lead_has_user" : "lead_without_user", places);
  return words.say(isAny ? "all_have_one" : "all_have_each");
}

export function spotAt(layout: Layout, x: number, y: number): number | undefined {
  let nearest: number | undefined;
  let least = 14 ** 2;
  for (const [spot, [dotX, dotY]] of layout.dots.entries()) {
    const squared = (dotX - x) ** 2 + (dotY - y) ** 2;
    if (squared < least) [nearest, least] = [spot, squared];
  }
  return nearest;
}

export function makeSortable(table: HTMLTableElement): void {
  for (const [column, head] of [...(table.tHead?.rows[0]?.cells ?? [])].entries()) {
    const button = element("button", "", head.textContent ?? "");
    button.setAttribute("type", "button");
    button.addEventListener("click", () => sortBy(table, column));
    head.replaceChildren(button);
  }
}

function sortBy(table: HTMLTableElement, column: number): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const head = heads[column];
  const body = table.tBodies[0];
  if (!head || !body) return;
  const isNumber = head.classList.contains("number");
  // The first click sorts numbers from the largest down, and texts in alphabetical order.
  const before = head.getAttribute("aria-sort");
  const ascending = before === null ? !isNumber : before === "descending";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const rows = [...body.rows].map((row) => ({ row, cell: row.cells[column] }));
  const order = ascending ? 1 : -1;
  rows.sort((a, b) =>
    isNumber
      ? order * (Number(a.cell?.dataset.value) - Number(b.cell?.dataset.value))
      : order * (a.cell?.textContent ?? "").localeCompare(b.cell?.textContent ?? ""),
  );
  body.append(...rows.map(({ row }) => row));
}

export function filterFindings(): void {
  const kind = byId<HTMLSelectElement>("kind")?.value ?? "";
  for (const row of byId<HTMLTableElement>("findings")?.tBodies[0]?.rows ?? []) {
    row.hidden = kind !== "" && row.dataset.kind !== kind;
  }
}

interface CountyRow {
  readonly name: string;
  readonly zips: number;
  readonly inhabitants: number;
  readonly without: number;
  readonly inhabitantsWithout: number;
  readonly one: number;
}

export function showCounties(network: Network, levels: Uint8Array, words: CoverageWords): void {
  const table = byId<HTMLTableElement>("counties");
  if (!table) return;
  const heads = [
    "county",
    "title_postcodes",
    "title_inhabitants",
    "without_user",
    "inhabitants_there",
    "with_one_user",
  ] as const;
  const head = element("tr", "", ...heads.map((text, column) => headCell(words.say(text), column > 0)));
  const rows = rowsOf(network, levels).sort(
    (a, b) => b.inhabitantsWithout - a.inhabitantsWithout || b.without - a.without,
  );
  table.replaceChildren(
    element("caption", "hidden", words.say("coverage_by_county")),
    element("thead", "", head),
    element("tbody", "", ...rows.map((row) => tableRow(row, words))),
  );
  makeSortable(table);
}

function headCell(text: string, isNumber: boolean): HTMLElement {
  const cell = element("th", isNumber ? "number" : "", text);
  cell.setAttribute("scope", "col");
  return cell;
}

function tableRow(row: CountyRow, words: CoverageWords): HTMLElement {
  const { name, zips, inhabitants, without, inhabitantsWithout, one } = row;
  const numbers = [zips, inhabitants, without, inhabitantsWithout, one].map((value) => {
    const cell = element("td", "number", value === 0 ? "–" : words.number(value));
    cell.dataset.value = String(value);
    return cell;
  });
  return element("tr", "", element("td", "", name), ...numbers);
}

function rowsOf({ universe, spots, geography }: Network, levels: Uint8Array): CountyRow[] {
  const rowOf = (name: string, all: readonly number[]): CountyRow => {
    const without = all.filter((index) => levels[index] === 0);
    return {
      name,
      zips: all.length,
      inhabitants: inhabitantsIn(all.map((index) => spots.at(index))),
      without: without.length,
      inhabitantsWithout: inhabitantsIn(without.map((index) => spots.at(index))),
      one: all.filter((index) => levels[index] === 1).length,
    };
  };
  const rows = universe.countries.flatMap(({ code, label, counties }) =>
    counties.length > 0
      ? counties.map(({ number }) => rowOf(geography.countyName(code, number), spots.ofCounty(code, number)))
      : rowOf(label, spots.ofCountry(code)),
  );
  return rows.filter(({ zips }) => zips > 0);
}
