import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { Distances, Geography, Located, Spot } from "../geography.ts";
import type { Assumptions, Lead, LeadAxis, RuleChange, RuleReason } from "../types.ts";

/** The verdict of a set rule. Rules that are not set have `not_set`. */
export type Result = "pass" | "fail" | "uncertain";

/** The question that a user's rules are asked about a lead. */
export interface Question {
  readonly lead: Omit<Lead, "country">;
  readonly assumptions: Assumptions;
  readonly spot: Spot;
  /** Where the user is. */
  readonly home: Located | undefined;
}

/** Why a rule answers as it does, and what would make it pass. */
export interface Explanation {
  readonly reason: RuleReason;
  readonly change: RuleChange;
}

/** All that coverage knows about one rule. `Value` is its content, made ready to be asked. */
export interface CoverageRule<Name extends RuleName, Value, Encoded = unknown> {
  /** The codes that it is about. Empty: it is about places. */
  readonly axes: readonly LeadAxis[];
  /** The content; undefined for an empty list. */
  read(body: RuleBody<Name>): Value | undefined;
  ask(value: Value, question: Question): Result;
  explain(value: Value, question: Question, result: Result, distances: Distances): Explanation;
  /** The distance in kilometres by which a refused lead is outside. Left out: the rule is not about places. */
  missedByKm?(value: Value, question: Question, distances: Distances): number | undefined;
  /** The codes that it names, axis by axis. */
  codesIn?(value: Value): readonly Iterable<string>[];
  /** The body with more codes, for a rule that is a list of codes. */
  withCodes?(body: RuleBody<Name>, codes: readonly string[]): RuleBody<Name>;
  /** The body as JSON that is short enough for thousands of users. */
  encode(body: RuleBody<Name>, texts: TextTable, geography: Geography): Encoded;
  decode(encoded: Encoded, texts: TextTable, geography: Geography): RuleBody<Name>;
}

/** Gives texts places in lists: the report writes each text once, and its place wherever it is used. */
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
