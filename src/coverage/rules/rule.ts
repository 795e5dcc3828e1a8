import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { Distances, Geography, Located, Spot } from "../geography.ts";
import type { RuleChange, RuleReason } from "../messages.ts";
import type { Assumptions, Lead, LeadAxis } from "../types.ts";

/** The answer of a rule that is set. A rule that is not set has the answer `not_set` instead. */
export type Result = "pass" | "fail" | "uncertain";

/** The facts about a lead that a user's rules need in order to answer. */
export interface Question {
  readonly lead: Omit<Lead, "country">;
  readonly assumptions: Assumptions;
  readonly spot: Spot;
  /** Where the user is. */
  readonly home: Located | undefined;
}

/** The reason for a rule's answer, and the change with which the lead would pass the rule. */
export interface Explanation {
  readonly reason: RuleReason;
  readonly change: RuleChange;
}

/**
 * How coverage reads, asks, explains and encodes one rule. `Value` is the rule's content in the form that `ask` uses.
 */
export interface CoverageRule<Name extends RuleName, Value, Encoded = unknown> {
  /** The codes of a lead that the rule asks for, such as the range. Empty if the rule is about places. */
  readonly axes: readonly LeadAxis[];
  /** Reads the content of a rule; undefined for an empty list. */
  read(body: RuleBody<Name>): Value | undefined;
  ask(value: Value, question: Question): Result;
  explain(value: Value, question: Question, result: Result, distances: Distances): Explanation;
  /** By how many kilometres a refused lead is outside of the rule's area. Left out if the rule is not about places. */
  missedByKm?(value: Value, question: Question, distances: Distances): number | undefined;
  /** The codes that the rule names: one list for each kind of code that it asks for. */
  codesIn?(value: Value): readonly Iterable<string>[];
  /** Returns the body with codes added. Only rules that are lists of codes have this function. */
  withCodes?(body: RuleBody<Name>, codes: readonly string[]): RuleBody<Name>;
  /** The body as JSON that is short enough for thousands of users. */
  encode(body: RuleBody<Name>, texts: TextTable, geography: Geography): Encoded;
  decode(encoded: Encoded, texts: TextTable, geography: Geography): RuleBody<Name>;
}

/** Lists of texts. The report writes each text once, and writes its index wherever the text is used. */
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
