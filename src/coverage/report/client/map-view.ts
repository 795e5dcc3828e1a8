import type { Network } from "../../network/network.ts";
import { count, counted } from "../../words.ts";
import { people } from "../figures.ts";
import { dotPath, type Layout } from "../layout.ts";
import { type Counting, cellsOfFilter, LEVELS, levelsOf, levelsOfUser } from "../levels.ts";
import { byId, controlValue } from "./page.ts";

/** Draws the map for the chosen leads and user, and says in a sentence what it shows. Gives the levels drawn. */
export function drawMap(network: Network, layout: Layout): Uint8Array {
  const filter = {
    range: controlValue("filter-range"),
    requestType: controlValue("filter-type"),
    contactProfile: controlValue("filter-contact"),
    profileType: controlValue("filter-profile"),
  };
  const mask = cellsOfFilter(network, filter);
  const user = chosenUser(network);
  const counting = (controlValue("filter-counting") ?? "fewest") as Counting;
  const levels = user === undefined ? levelsOf(network, mask, counting) : levelsOfUser(network, user, mask);
  for (const [level, { name }] of LEVELS.entries()) {
    document.querySelector(`#dots .${name}`)?.setAttribute("d", dotPath(layout.dots, levels, level));
    const label = document.querySelector(`[data-label="${level}"]`);
    if (label) label.textContent = labelOf(network, level);
    const shown = document.querySelector(`[data-count="${level}"]`);
    if (shown) shown.textContent = count(levels.reduce((sum, one) => sum + Number(one === level), 0));
  }
  byId("dots")?.classList.toggle("of-user", user !== undefined);
  document.querySelector(".legend")?.classList.toggle("of-user", user !== undefined);
  const text = byId("map-text");
  if (text) text.textContent = sentence(network, levels, user);
  return levels;
}

/** What a level means on the map as it is drawn: of all users, or of the chosen one. */
export function labelOf(network: Network, level: number): string {
  if (chosenUser(network) === undefined || level === 1) return LEVELS[level]?.label ?? "";
  return level === 0 ? "not reached" : "reached by this user";
}

/** The user in the filter; undefined when it is empty or no user has that account number. */
function chosenUser({ users }: Network): number | undefined {
  const wanted = controlValue("filter-user");
  const found = wanted === undefined ? -1 : users.findIndex(({ accountNumber }) => accountNumber === wanted);
  return found < 0 ? undefined : found;
}

function sentence({ spots, geography, users }: Network, levels: Uint8Array, user: number | undefined): string {
  const at = user === undefined ? 0 : 5;
  let [zips, inhabitants] = [0, 0];
  for (const [index, level] of levels.entries()) {
    const { zipCode, country } = spots.all[index] ?? {};
    if (level !== at || zipCode === undefined || country === undefined) continue;
    zips += 1;
    inhabitants += geography.place(zipCode, country)?.inhabitants ?? 0;
  }
  const places = `${counted(zips, "postcode")} with ${people(inhabitants)}`;
  if (user !== undefined) return `${users[user]?.accountNumber} gets some of these leads in ${places}.`;
  return zips === 0
    ? "Every postcode has a user for these leads, or may have one."
    : `${places} have no user for these leads.`;
}

/** The spot nearest to a point of the map, if one is near. */
export function spotAt(layout: Layout, x: number, y: number): number | undefined {
  let nearest: number | undefined;
  let least = 14 ** 2;
  for (const [spot, [dotX, dotY]] of layout.dots.entries()) {
    const squared = (dotX - x) ** 2 + (dotY - y) ** 2;
    if (squared < least) [nearest, least] = [spot, squared];
  }
  return nearest;
}
