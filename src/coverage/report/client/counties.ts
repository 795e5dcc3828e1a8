import type { Network } from "../../network/network.ts";
import { count } from "../../words.ts";
import { byId, element } from "./page.ts";
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
export function showCounties(network: Network, levels: Uint8Array): void {
  const table = byId<HTMLTableElement>("counties");
  if (!table) return;
  const heads = ["County", "Postcodes", "Inhabitants", "Without a user", "Inhabitants there", "With one user"];
  const head = element("tr", "", ...heads.map((text, column) => headCell(text, column > 0)));
  const rows = rowsOf(network, levels).sort(
    (a, b) => b.inhabitantsWithout - a.inhabitantsWithout || b.without - a.without,
  );
  table.replaceChildren(
    element("caption", "hidden", "Coverage by county"),
    element("thead", "", head),
    element("tbody", "", ...rows.map(tableRow)),
  );
  makeSortable(table);
}

function headCell(text: string, isNumber: boolean): HTMLElement {
  const cell = element("th", isNumber ? "number" : "", text);
  cell.setAttribute("scope", "col");
  return cell;
}

function tableRow({ name, zips, inhabitants, without, inhabitantsWithout, one }: CountyRow): HTMLElement {
  const numbers = [zips, inhabitants, without, inhabitantsWithout, one].map((value) => {
    const cell = element("td", "number", value === 0 ? "–" : count(value));
    cell.dataset.value = String(value);
    return cell;
  });
  return element("tr", "", element("td", "", name), ...numbers);
}

function rowsOf({ universe, spots, geography }: Network, levels: Uint8Array): CountyRow[] {
  return universe.countries.flatMap(({ code, label, counties }) => {
    const groups = counties.length > 0 ? counties : [undefined];
    return groups.flatMap((county) => {
      const all = county ? spots.ofCounty(code, county.number) : spots.ofCountry(code);
      if (all.length === 0) return [];
      const peopleIn = (indexes: readonly number[]): number =>
        indexes.reduce((sum, index) => {
          const { zipCode } = spots.all[index] ?? {};
          return sum + (zipCode === undefined ? 0 : (geography.place(zipCode, code)?.inhabitants ?? 0));
        }, 0);
      const without = all.filter((index) => levels[index] === 0);
      return {
        name: county ? `${county.label} (${county.number})` : label,
        zips: all.length,
        inhabitants: peopleIn(all),
        without: without.length,
        inhabitantsWithout: peopleIn(without),
        one: all.filter((index) => levels[index] === 2).length,
      };
    });
  });
}
