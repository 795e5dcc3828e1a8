import type { Spot } from "../geography.ts";
import { isEmpty, isWithin, type Mask, meets } from "../masks.ts";
import type { ClassStatus, Network, NetworkClass, NetworkUser } from "../network.ts";
import type { CoverageWords, Label, PageTexts, ScriptTexts } from "./words.ts";

/** A figure at the top of the report. */
export interface Figure {
  readonly value: string;
  readonly label: string;
  readonly detail: string;
  readonly tone: "good" | "bad" | "warn";
}

/** The words behind the number, such as `postcodes without a user`. */
type Counted = "all_leads_without_user" | "some_leads_without_user" | "others_without_user" | "depend_on_one_user";

/**
 * The figures at the top of the report. Each postcode is counted once, even if several kinds of leads are concerned.
 */
export function figuresOf(network: Network, words: CoverageWords<PageTexts>): Figure[] {
  const measure = (test: (status: ClassStatus) => boolean) => measured(network, test, words);
  const all = network.cells.all();
  const covered = measure(({ gap, uncertainGap }) => isEmpty(gap) && isEmpty(uncertainGap));
  const nothing = measure(({ gap }) => isWithin(all, gap));
  const partly = measure(({ gap }) => !isEmpty(gap) && !isWithin(all, gap));
  const open = measure(({ gap, uncertainGap }) => isEmpty(gap) && !isEmpty(uncertainGap));
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
      detail:
        open.spots === 0 ? covered.text : words.say("covered_and_open", { covered: covered.text, open: open.spots }),
      tone: "good",
    },
    // The number of postcodes without any user is left out if it is 0 and there are postcodes where only some leads
    // have no user: a green "0 postcodes without a user" would seem to contradict their number.
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
  // The share is not rounded up to 100 %, because 100 % would say that nothing is missing.
  return `${part < whole ? Math.min(99, Math.round(exact)) : 100}\u202f%`;
}

/** `1.2 million inhabitants`: the sum over places whose inhabitants are known. */
export function peopleIn(spots: readonly Spot[], words: CoverageWords): string {
  const inhabitants = inhabitantsIn(spots);
  if (inhabitants >= 1_000_000) return words.say("million_inhabitants", { count: inhabitants });
  const count = inhabitants < 1000 ? inhabitants : Math.round(inhabitants / 1000) * 1000;
  return words.say("inhabitants", { count });
}

export function inhabitantsIn(spots: readonly Spot[]): number {
  return spots.reduce((sum, { inhabitants = 0 }) => sum + inhabitants, 0);
}

/** The levels that the map shows: how many users a place has. */
export const LEVELS: readonly { readonly name: string; readonly label: Label<ScriptTexts> }[] = [
  { name: "none", label: "no_user" },
  { name: "uncertain", label: "uncertain" },
  { name: "one", label: "one_user" },
  { name: "two", label: "two_users" },
  { name: "few", label: "few_users" },
  { name: "many", label: "many_users" },
];

/**
 * How users are counted. `"fewest"`: counts the users for the kind of lead that has the fewest users, so the map shows
 * where some leads have no user. `"any"`: counts the users who get at least one kind of lead.
 */
export type Counting = "fewest" | "any";

/** For each place, the index of its level in {@link LEVELS}. */
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

/**
 * For each place, an index of {@link LEVELS}: 5 if the user is eligible for some kind of lead there, 1 if that is
 * uncertain, else 0.
 */
export function levelsOfUser({ spots }: Network, { masks, reach }: NetworkUser, mask: Mask): Uint8Array {
  const levels = new Uint8Array(spots.all.length);
  if (!meets(masks.possible, mask)) return levels;
  for (const spot of reach.uncertain) levels[spot] = 1;
  for (const spot of reach.pass) levels[spot] = meets(masks.pass, mask) ? 5 : 1;
  return levels;
}

function fewestLevel(network: Network, spotClass: NetworkClass, mask: Mask): number {
  const { gap, uncertainGap, thin, uncertainThin } = spotClass.status;
  if (meets(gap, mask)) return 0;
  if (meets(uncertainGap, mask)) return 1;
  if (meets(thin, mask) || meets(uncertainThin, mask)) return 2;
  const tally = network.countOf(network.usersOf(spotClass, "pass"), "pass");
  if (!isWithin(mask, tally.moreThan(2))) return 3;
  return isWithin(mask, tally.moreThan(5)) ? 5 : 4;
}

function anyLevel(network: Network, spotClass: NetworkClass, mask: Mask): number {
  const count = network.usersOf(spotClass, "pass").filter(({ masks }) => meets(masks.pass, mask)).length;
  if (count > 0) return count > 5 ? 5 : count > 2 ? 4 : count + 1;
  const possible = network.usersOf(spotClass, "pass", "uncertain");
  return possible.some(({ masks }) => meets(masks.possible, mask)) ? 1 : 0;
}
