import { byId, controlValue } from "../../../base/page/client/page.ts";
import type { Network, NetworkUser } from "../../network/network.ts";
import { AXES } from "../../rules/rules.ts";
import { peopleIn } from "../map/figures.ts";
import { dotPath, type Layout } from "../map/layout.ts";
import { type Counting, countLevel, LEVELS, levelsOf, levelsOfUser } from "../map/levels.ts";
import type { CoverageWords } from "../words.ts";

/** Draws the map for the chosen leads and user, and says in a sentence what it shows. Gives the levels drawn. */
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
  const text = byId("map-text");
  if (text) text.textContent = sentence(network, levels, user, counting, words);
  return levels;
}

function chosenCode(id: string): readonly string[] | undefined {
  const code = controlValue(id);
  return code === undefined ? undefined : [code];
}

/** The meaning of a level on the map as it is drawn: of all users, or of the chosen one. */
export function labelOf(network: Network, level: number, words: CoverageWords): string {
  const ofAll = LEVELS[level]?.label ?? "no_user";
  const isOfUser = chosenUser(network) !== undefined && level !== 1;
  return words.say(isOfUser ? (level === 0 ? "not_reached" : "reached") : ofAll);
}

/** The user in the filter; undefined when it is empty or no user has that account number. */
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
  const wanted = user ? 5 : 0;
  const found = spots.all.filter(({ zipCode }, index) => zipCode !== undefined && levels[index] === wanted);
  const places = { count: found.length, people: peopleIn(found, words) };
  if (user) return words.say("user_gets_some", { user: words.user(user.accountNumber), ...places });
  const isAny = counting === "any";
  if (found.length > 0) return words.say(isAny ? "no_lead_has_user" : "lead_without_user", places);
  return words.say(isAny ? "all_have_one" : "all_have_each");
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
