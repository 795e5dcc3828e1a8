import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { Distances, Geography, Located, Spot } from "../geography.ts";
import type { RuleChange, RuleReason } from "../messages.ts";
import type { Assumptions, Lead, LeadAxis } from "../types.ts";

export interface Question {
  readonly lead: Omit<Lead, "country">;
  readonly assumptions: Assumptions;
  readonly spot: Spot;
  // Home of the user.
  readonly home: Located | undefined;
}

export interface Explanation {
  readonly reason: RuleReason;
  // The change with which the lead would pass the rule.
  readonly change: RuleChange;
}

// `Value`: the rule's content in the form that `passes` reads.
export interface CoverageRule<Name extends RuleName, Value, Encoded = unknown> {
  // The codes that the rule asks for. Empty for a rule about places.
  readonly axes: readonly LeadAxis[];
  // Returns undefined for an empty list.
  read(body: RuleBody<Name>): Value | undefined;
  // If the lead leaves out a code, that code restricts nothing.
  passes(value: Value, question: Question): boolean;
  explain(value: Value, question: Question, isPassed: boolean, distances: Distances): Explanation;
  // Kilometres by which the lead misses the rule. Only rules about places have it.
  missedByKm?(value: Value, question: Question, distances: Distances): number | undefined;
  // Codes that the rule names, one list for each axis.
  codesIn?(value: Value): readonly Iterable<string>[];
  // Returns JSON that is short enough for thousands of users.
  encode(body: RuleBody<Name>, texts: TextTable, geography: Geography): Encoded;
  decode(encoded: Encoded, texts: TextTable, geography: Geography): RuleBody<Name>;
}

// The report writes each text once, and its index wherever the text is used.
export class TextTable {
  readonly lists: { [list: string]: string[] };
  readonly #places = new Map<string, number>();

  constructor(lists: { readonly [list: string]: readonly string[] } = {}) {
    this.lists = Object.fromEntries(Object.entries(lists).map(([list, items]) => [list, [...items]]));
  }

  placeOf(list: string, text: string): number {
    const key = `${list} ${text}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.lists[list] ??= [];
    const place = this.lists[list].push(text) - 1;
    this.#places.set(key, place);
    return place;
  }

  textAt(list: string, place: number): string {
    return this.lists[list]?.[place] ?? "";
  }
}
