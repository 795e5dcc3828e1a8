import { byId, element } from "../../../base/page/client/page.ts";
import type { Network } from "../../network/network.ts";
import { inhabitantsIn } from "../map/figures.ts";
import type { CoverageWords } from "../words.ts";
import { makeSortable } from "./sorting.ts";

interface CountyRow {
  readonly name: string;
  readonly zips: number;
  readonly inhabitants: number;
  readonly without: number;
  readonly inhabitantsWithout: number;
  readonly one: number;
}

/** The map as a table: for each county its postcodes, and those with no or one user. */
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
      one: all.filter((index) => levels[index] === 2).length,
    };
  };
  const rows = universe.countries.flatMap(({ code, label, counties }) =>
    counties.length > 0
      ? counties.map(({ number }) => rowOf(geography.countyName(code, number), spots.ofCounty(code, number)))
      : rowOf(label, spots.ofCountry(code)),
  );
  return rows.filter(({ zips }) => zips > 0);
}
