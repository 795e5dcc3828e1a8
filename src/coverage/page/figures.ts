import type { Spot } from "../geography.ts";
import { isEmpty, isWithin, type Mask, meets } from "../masks.ts";
import type { ClassStatus, Network, NetworkClass, NetworkUser } from "../network.ts";
import type { CoverageWords, Label, PageTexts, ScriptTexts } from "./words.ts";

export interface Figure {
  readonly value: string;
  readonly label: string;
  readonly detail: string;
  readonly tone: "good" | "bad" | "warn";
}

type Counted = "all_leads_without_user" | "some_leads_without_user" | "others_without_user" | "depend_on_one_user";

// In each figure a postcode counts once, whatever kinds of leads are concerned.
export function figuresOf(network: Network, words: CoverageWords<PageTexts>): Figure[] {
  const measure = (test: (status: ClassStatus) => boolean) => measured(network, test, words);
  const all = network.cells.all();
  const covered = measure(({ gap }) => isEmpty(gap));
  const nothing = measure(({ gap }) => isWithin(all, gap));
  const partly = measure(({ gap }) => !isEmpty(gap) && !isWithin(all, gap));
  const thin = measure(({ gap, thin: one }) => isEmpty(gap) && !isEmpty(one));
  const problem = (amount: number, label: Counted, detail: string, tone: Figure["tone"]): Figure => ({
    value: words.number(amount),
    label: words.say(label, { count: amount }),
    detail,
    tone: amount > 0 ? tone : "good",
  });
  return [
    {
      value: percent(covered.spots, network.spots.all.length),
      label: words.say("covered"),
      detail: covered.text,
      tone: "good",
    },
    // A green "0 postcodes without a user" would seem to contradict postcodes where some leads have none.
    ...(nothing.spots === 0 && partly.spots > 0
      ? [problem(partly.spots, "some_leads_without_user", partly.text, "bad")]
      : [
          problem(nothing.spots, "all_leads_without_user", nothing.text, "bad"),
          problem(partly.spots, "others_without_user", partly.text, "bad"),
        ]),
    problem(thin.spots, "depend_on_one_user", thin.text, "warn"),
  ];
}

function measured(
  { classes, spots }: Network,
  test: (status: ClassStatus) => boolean,
  words: CoverageWords,
): { spots: number; text: string } {
  const found = classes.filter(({ status }) => test(status)).flatMap((spotClass) => spotClass.spots);
  return {
    spots: found.length,
    text: peopleIn(
      found.map((index) => spots.at(index)),
      words,
    ),
  };
}

function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const exact = (100 * part) / whole;
  // A part is never rounded up to 100 %.
  return `${part < whole ? Math.min(99, Math.round(exact)) : 100}\u202f%`;
}

export function peopleIn(spots: readonly Spot[], words: CoverageWords): string {
  return words.say("inhabitants", { count: inhabitantsIn(spots) });
}

export function inhabitantsIn(spots: readonly Spot[]): number {
  return spots.reduce((sum, { inhabitants = 0 }) => sum + inhabitants, 0);
}

// Levels for the number of users that a place has.
export const LEVELS: readonly { readonly name: string; readonly label: Label<ScriptTexts> }[] = [
  { name: "none", label: "no_user" },
  { name: "one", label: "one_user" },
  { name: "two", label: "two_users" },
  { name: "few", label: "few_users" },
  { name: "many", label: "many_users" },
];

// How the users of a place are counted. `fewest`: the users for the kind of lead that has the fewest. `any`: the users
// who get at least one kind.
export type Counting = "fewest" | "any";

// Returns for each place an index of `LEVELS`.
export function levelsOf(network: Network, mask: Mask, counting: Counting): Uint8Array {
  const levels = new Uint8Array(network.spots.all.length);
  for (const spotClass of network.classes) setLevel(levels, spotClass, levelIn(network, spotClass, mask, counting));
  return levels;
}

function levelIn(network: Network, spotClass: NetworkClass, mask: Mask, counting: Counting): number {
  return counting === "fewest" ? fewestLevel(network, spotClass, mask) : anyLevel(network, spotClass, mask);
}

function setLevel(levels: Uint8Array, { spots }: NetworkClass, level: number): void {
  for (const spot of spots) levels[spot] = level;
}

export function countLevel(levels: Uint8Array, level: number): number {
  return levels.reduce((sum, one) => sum + Number(one === level), 0);
}

// Returns for each place an index of `LEVELS`: the last one if the user gets some kind of lead there, or else the
// first.
export function levelsOfUser({ spots }: Network, { mask: own, reach }: NetworkUser, mask: Mask): Uint8Array {
  const levels = new Uint8Array(spots.all.length);
  if (meets(own, mask)) for (const spot of reach.spots) levels[spot] = LEVELS.length - 1;
  return levels;
}

function fewestLevel(network: Network, spotClass: NetworkClass, mask: Mask): number {
  const { gap, thin } = spotClass.status;
  if (meets(gap, mask)) return 0;
  if (meets(thin, mask)) return 1;
  const tally = network.countOf(network.usersOf(spotClass));
  if (!isWithin(mask, tally.moreThan(2))) return 2;
  return isWithin(mask, tally.moreThan(5)) ? 4 : 3;
}

function anyLevel(network: Network, spotClass: NetworkClass, mask: Mask): number {
  const count = network.usersOf(spotClass).filter((user) => meets(user.mask, mask)).length;
  return count > 5 ? 4 : count > 2 ? 3 : count;
}
