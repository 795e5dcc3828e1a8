import type { Spot } from "../../network/geography.ts";
import { isEmpty, isWithin } from "../../network/masks.ts";
import type { ClassStatus, Network } from "../../network/network.ts";
import type { CoverageResult, FindingKind } from "../../types.ts";
import type { CoverageWords, Label, PageTexts } from "../words.ts";

/** A figure at the top of the report. */
export interface Figure {
  readonly value: string;
  readonly label: string;
  readonly detail: string;
  readonly tone: "good" | "bad" | "warn";
}

/** The figures a reader wants first. Postcodes count once, whatever the kinds of leads. */
export function figuresOf(network: Network, { findings }: CoverageResult, words: CoverageWords<PageTexts>): Figure[] {
  const measure = (test: (status: ClassStatus) => boolean) => measured(network, test, words);
  const all = network.cells.all();
  const covered = measure(({ gap, uncertainGap }) => isEmpty(gap) && isEmpty(uncertainGap));
  const nothing = measure(({ gap }) => isWithin(all, gap));
  const partly = measure(({ gap }) => !isEmpty(gap) && !isWithin(all, gap));
  const open = measure(({ gap, uncertainGap }) => isEmpty(gap) && !isEmpty(uncertainGap));
  const thin = measure(({ gap, thin: one }) => isEmpty(gap) && !isEmpty(one));
  const problem = (amount: number, label: Label, detail: string, tone: Figure["tone"]): Figure => ({
    value: words.number(amount),
    label: words.say(label),
    detail,
    tone: amount > 0 ? tone : "good",
  });
  const found = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  return [
    {
      value: percent(covered.spots, network.spots.all.length),
      label: words.say("covered"),
      detail:
        open.spots === 0 ? covered.text : words.say("covered_and_open", { covered: covered.text, open: open.spots }),
      tone: "good",
    },
    // None of these, in green, would seem to contradict the next figure.
    ...(nothing.spots === 0 && partly.spots > 0
      ? [problem(partly.spots, "some_leads_without_user", partly.text, "bad")]
      : [
          problem(nothing.spots, "all_leads_without_user", nothing.text, "bad"),
          problem(partly.spots, "others_without_user", partly.text, "bad"),
        ]),
    problem(thin.spots, "depend_on_one_user", thin.text, "warn"),
    problem(found("dead"), "rules_without_effect", words.say("parts_of_rules"), "warn"),
    problem(found("unreachable"), "users_without_lead", words.say("of_users", { count: network.users.length }), "warn"),
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
  // Rounded, 100 % would say that nothing is missing.
  return `${part < whole ? Math.min(99, Math.round(exact)) : 100}\u202f%`;
}

/** `1.2 million inhabitants`, as far as they are known. */
export function peopleIn(spots: readonly Spot[], words: CoverageWords): string {
  const inhabitants = inhabitantsIn(spots);
  if (inhabitants >= 1_000_000) return words.say("million_inhabitants", { count: inhabitants });
  const count = inhabitants < 1000 ? inhabitants : Math.round(inhabitants / 1000) * 1000;
  return words.say("inhabitants", { count });
}

export function inhabitantsIn(spots: readonly Spot[]): number {
  return spots.reduce((sum, { inhabitants = 0 }) => sum + inhabitants, 0);
}
