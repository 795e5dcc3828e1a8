import { append } from "../../core/values.ts";
import type { Label, Language } from "../language.ts";
import { who } from "../show.ts";
import type { SourcePosition } from "../types/findings.ts";
import type { Tone } from "../types/records.ts";
import type { Explained } from "../types/report.ts";

// What a plan or report says in one language. Text, Markdown, CSV and page only lay it out.
export interface Overview {
  readonly headline?: string | undefined;
  readonly title: string;
  // What areas lose by a plan.
  readonly consequence?: string | undefined;
  readonly first: readonly string[];
  readonly causes: readonly Cause[];
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
  readonly language: Language;
}

export interface Cause {
  readonly text: string;
  readonly segments: readonly string[];
}

export type Kind = KindOf<Label>;
type KindOf<Name extends string> = Name extends `title_${infer Of}` ? Of : never;

export interface Figure {
  readonly kind: Kind;
  readonly amount: number;
  readonly words: string;
  readonly tone: Tone | undefined;
}

export interface Section {
  readonly kind: Kind;
  readonly title: string;
  readonly tone: Tone | undefined;
  readonly role: "why" | "sent" | "unsent" | "hint";
  readonly items: Items;
}

// Items are made only when read: a text shows ten of twenty thousand.
export interface Items extends Iterable<Item> {
  readonly length: number;
  first(most: number): Item[];
  alike(): Items[];
  sharedAdvice(): string | undefined;
}

export interface Item {
  readonly name: string | undefined;
  readonly place: string | undefined;
  readonly text: string;
  readonly notes: readonly string[];
  // Replaces `text` outside of a group of items with the same text.
  readonly alone: string;
  readonly advice: string | undefined;
  readonly fields: readonly string[];
  readonly segment: string | undefined;
  // Parts of an item that combines several.
  readonly parts: readonly Item[] | undefined;
  readonly rows: readonly CsvRow[];
}

export type CsvRow = Explained | RunRow;

export interface RunRow extends Pick<Explained, "reason"> {
  readonly problem: "run_refused" | "run_failed";
  readonly code: string;
  readonly advice: string | undefined;
}

export function isProblemRow(row: CsvRow): row is Explained {
  return "row" in row;
}

export type Naming = (fieldOrRule: string) => string;

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

export function figuresIn({ say }: Pick<Language, "say">) {
  function figure(kind: Kind & Label, amount: number): Figure;
  function figure(kind: Kind, amount: number, words: string): Figure;
  function figure(kind: Kind, amount: number, words = say(kind as Kind & Label)): Figure {
    return { kind, amount, words, tone: TONES[kind] };
  }
  return figure;
}

export function sectionsIn({ say }: Pick<Language, "say">) {
  return (kind: Kind, role: Section["role"], items: Items): Section => {
    return { kind, title: say(`title_${kind}`), tone: TONES[kind], role, items };
  };
}

interface Quickly<T> {
  readonly text?: (one: T) => string;
  readonly advice?: (one: T) => string | undefined;
}

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

// In a saved plan, undefined values may be null.
export type Placed = SourcePosition & { readonly accountNumber: string | undefined };

export type Said = Partial<Omit<Item, "name" | "place" | "text">> & Pick<Item, "text">;

export function itemAt({ accountNumber, record, row }: Placed, said: Said, language: Language): Item {
  const name = accountNumber == null ? undefined : shown(accountNumber, language);
  const isPlaced = row != null || name === undefined;
  return itemNamed(name, said, isPlaced ? placeOf({ record, row }, language) : undefined);
}

export function itemNamed(name: string | undefined, said: Said, place?: string | undefined): Item {
  const { text, alone = text, notes = [], advice, fields = [], segment, parts, rows = [] } = said;
  return { name, place, text, alone, notes, advice, fields, segment, parts, rows };
}

export function nameOf({ name, place }: Item): string {
  return name === undefined || place === undefined ? (name ?? place ?? "") : `${name} (${place})`;
}

export function sentence(text: string, rows: readonly CsvRow[] = []): Item {
  return itemNamed(undefined, { text, rows });
}

export function shown(accountNumber: string, { say }: Pick<Language, "say">): string {
  const name = who(accountNumber);
  return name === "[not shown]" ? say("not_shown") : name;
}

export function placeOf({ record, row }: SourcePosition, { overview }: Pick<Language, "overview">): string {
  if (row == null) return overview.record({ number: record + 1 });
  return typeof row === "number" ? overview.row({ number: row }) : row;
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) append(groups, keyOf(item), item);
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
