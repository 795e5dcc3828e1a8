import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { Geography, Located, Spot } from "../network/geography.ts";
import type { Assumptions, Lead, LeadAxis, RuleChange, RuleReason } from "../types.ts";
import type { TextTable } from "./text-table.ts";

/** The verdict of a rule that is there: `not_set` is for the others. */
export type Result = "pass" | "fail" | "uncertain";

/** A lead as one user's rules are asked about it. */
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
  /** How far the lead is outside, in kilometres. */
  readonly missedByKm?: number | undefined;
}

/** All that coverage knows about one rule. `Value` is its content, made ready to be asked. */
export interface CoverageRule<Name extends RuleName, Value, Encoded = unknown> {
  /** The codes that it is about. None: it is about places. */
  readonly axes: readonly LeadAxis[];
  /** The content; undefined for an empty list. */
  read(body: RuleBody<Name>): Value | undefined;
  ask(value: Value, question: Question): Result;
  explain(value: Value, question: Question, result: Result, geography: Geography): Explanation;
  /** The codes that it names, axis by axis. */
  codesIn?(value: Value): readonly Iterable<string>[];
  /** The body as JSON that is short enough for thousands of users. */
  encode(body: RuleBody<Name>, texts: TextTable, geography: Geography): Encoded;
  decode(encoded: Encoded, texts: TextTable, geography: Geography): RuleBody<Name>;
}
