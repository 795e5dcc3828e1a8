import { append } from "../../core/values.ts";
import type { Label, Language } from "../language.ts";
import { who } from "../show.ts";
import type { SourcePosition, Tone } from "../types/records.ts";
import type { ProblemRow } from "../types/report.ts";

/**
 * A plan or a report in words and figures. It is made once from the facts, in one language. The text, Markdown, the CSV
 * and the page only lay it out and compute nothing themselves.
 */
export interface Overview {
  /** The first line of a plan: `4 to create, 23 to change, 8 gone`. */
  readonly headline?: string | undefined;
  /** The title, in lower case: `plan Abc123: 12 records`. */
  readonly title: string;
  /** Sentences that stand before the figures. */
  readonly first: readonly string[];
  /** What many changes have in common. Empty in a report. */
  readonly causes: readonly Cause[];
  /** The number of users or records of each kind. */
  readonly figures: readonly Figure[];
  /** Further facts in a few words each, such as the number of requests. */
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
  readonly language: Language;
}

/** What many changes of a plan have in common, told in one sentence. */
export interface Cause {
  /**
   * The cause in words, for example `1,204 radii change: from 90 to 12 km for 300, from 50 to 45 km for the others`.
   */
  readonly text: string;
  /** How many of these users each segment has, the largest first: `REG-10 (26)`. Empty if the guard has no segments. */
  readonly segments: readonly string[];
}

/** A kind of users, of records or of sentences. Its title is the label whose name is `title_` and the kind. */
export type Kind = KindOf<Label>;
type KindOf<Name extends string> = Name extends `title_${infer Of}` ? Of : never;

export interface Figure {
  readonly kind: Kind;
  readonly amount: number;
  /** The words after the amount, in lower case: `held: refused before, and not changed since`. */
  readonly words: string;
  readonly tone: Tone | undefined;
}

/** A list of users, of records or of sentences. */
export interface Section {
  readonly kind: Kind;
  readonly title: string;
  readonly tone: Tone | undefined;
  /** `why`: the section says why not everything was sent, and comes first. `hint`: its sentences come last. */
  readonly role: "why" | "sent" | "unsent" | "hint";
  readonly items: Items;
}

/** A list whose items are made only when they are read, because a text shows ten of twenty thousand. */
export interface Items extends Iterable<Item> {
  readonly length: number;
  /** Returns the first items. */
  first(most: number): Item[];
  /** Returns groups of items that have the same text, the largest group first. */
  alike(): Items[];
  /** Returns the advice that several items share. */
  sharedAdvice(): string | undefined;
}

/** A user or a record with a text about it, or a sentence without a user. */
export interface Item {
  /**
   * The account number, or `[not shown]` if it may not be shown. Undefined for a record without an account number, and
   * for an item that is only a sentence.
   */
  readonly name: string | undefined;
  /** The place of the record in its source, such as `row 17`. */
  readonly place: string | undefined;
  /** The content that is sent, or why it is not sent. Several items of a kind may have the same text. */
  readonly text: string;
  /** The notes that only this item has. */
  readonly notes: readonly string[];
  /** The text to show if the item is not in a group of items with the same text. */
  readonly alone: string;
  readonly advice: string | undefined;
  /** The fields and rules that the item concerns. */
  readonly fields: readonly string[];
  readonly segment: string | undefined;
  /** The single items of an item that combines several: problems of one record, or users with one problem. */
  readonly parts: readonly Item[] | undefined;
  /** The rows of the item in the CSV. */
  readonly rows: readonly CsvRow[];
}

/** A row of the CSV. It describes a problem, or it says why a run has no report. */
export type CsvRow = ProblemRow | RunRow;

/** Why a run has no report. */
export interface RunRow extends Pick<ProblemRow, "reason"> {
  readonly problem: "run_refused" | "run_failed";
  readonly code: string;
  readonly advice: string | undefined;
}

export function isProblemRow(row: CsvRow): row is ProblemRow {
  return "row" in row;
}

/** Returns the name of a field or a rule for people. */
export type Naming = (fieldOrRule: string) => string;

/** The tone of each kind. */
const TONES: { readonly [Of in Kind]?: Tone } = {
  new: "good",
  created: "good",
  changed: "notable",
  updated: "notable",
  retried: "notable",
  leaver_rules: "notable",
  incomplete: "notable",
  held: "notable",
  twin: "notable",
  suspicious: "notable",
  not_moved: "notable",
  paused: "notable",
  approved: "notable",
  would_be_refused: "notable",
  warnings: "notable",
  failed: "bad",
  invalid: "bad",
  duplicate: "bad",
  refused: "bad",
  stopped: "bad",
  why: "bad",
};

/**
 * Returns a function that makes a figure of an overview. If its argument `words` is left out, the figure gets the label
 * of its `kind`.
 */
export function figuresIn({ say }: Pick<Language, "say">) {
  function figure(kind: Kind & Label, amount: number): Figure;
  function figure(kind: Kind, amount: number, words: string): Figure;
  function figure(kind: Kind, amount: number, words = say(kind as Kind & Label)): Figure {
    return { kind, amount, words, tone: TONES[kind] };
  }
  return figure;
}

/** Returns a function that makes a section. `say` gives the section's title in the language of the overview. */
export function sectionsIn({ say }: Pick<Language, "say">) {
  return (kind: Kind, role: Section["role"], items: Items): Section => {
    return { kind, title: say(`title_${kind}`), tone: TONES[kind], role, items };
  };
}

/** Functions that return the text and the advice of an item without making the item. */
interface Quickly<T> {
  readonly text?: (one: T) => string;
  readonly advice?: (one: T) => string | undefined;
}

/** Makes a list with an item for each element of `all`. `tell` makes one item. */
export function itemsOf<T>(all: readonly T[], tell: (one: T) => Item, quickly: Quickly<T> = {}): Items {
  const { text = (one) => tell(one).text, advice = (one) => tell(one).advice } = quickly;
  return {
    length: all.length,
    first: (most) => all.slice(0, most).map(tell),
    alike: () => grouped(all, text).map((same) => itemsOf(same, tell, quickly)),
    sharedAdvice: () => {
      const [first, ...others] = all;
      if (first === undefined || others.length === 0) return undefined;
      const shared = advice(first);
      return others.every((one) => advice(one) === shared) ? shared : undefined;
    },
    *[Symbol.iterator]() {
      for (const one of all) yield tell(one);
    },
  };
}

/**
 * A user or a record with its place in the source. In a saved plan or report, values that were undefined may be null.
 */
export type Placed = SourcePosition & { readonly accountNumber: string | undefined };

export type Said = Partial<Omit<Item, "name" | "place" | "text">> & Pick<Item, "text">;

/** An item about a user or a record. */
export function itemAt({ accountNumber, record, row }: Placed, said: Said, language: Language): Item {
  const name = accountNumber == null ? undefined : shown(accountNumber, language);
  const isPlaced = row != null || name === undefined;
  return itemNamed(name, said, isPlaced ? placeOf({ record, row }, language) : undefined);
}

/** Makes an item. `name` is shown as the name of the item; without it, `place` is shown. */
export function itemNamed(name: string | undefined, said: Said, place?: string | undefined): Item {
  const { text, alone = text, notes = [], advice, fields = [], segment, parts, rows = [] } = said;
  return { name, place, text, alone, notes, advice, fields, segment, parts, rows };
}

/** A sentence that is not about a single user. */
export function sentence(text: string, rows: readonly CsvRow[] = []): Item {
  return itemNamed(undefined, { text, rows });
}

/** An account number in the form in which it may be shown. If it may not be shown, returns words that say so. */
export function shown(accountNumber: string, { say }: Pick<Language, "say">): string {
  const name = who(accountNumber);
  return name === "[not shown]" ? say("not_shown") : name;
}

/** The place of a record: `row 17`. */
export function placeOf({ record, row }: SourcePosition, { overview }: Pick<Language, "overview">): string {
  if (row == null) return overview.record({ number: record + 1 });
  return typeof row === "number" ? overview.row({ number: row }) : row;
}

/** Groups items that have the same key, the largest group first. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) append(groups, keyOf(item), item);
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
