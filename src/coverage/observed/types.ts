import type { Coded } from "../../base/texts/coded.ts";
import type { DRIFT } from "../../base/texts/en/coverage/findings.ts";
import type { RuleName } from "../../rules/rules.ts";
import type { Assumptions, Lead } from "../types.ts";

/** A lead, and which user got it: a line of an export from Oplead, or an event of its webhook. */
export interface ObservedLead extends Lead {
  /** The user who got it. */
  readonly accountNumber: string;
  /** When, as ISO 8601: `"2026-03-12"` or `"2026-03-12T08:30:00Z"`. */
  readonly at: string;
}

/** How well a set of assumptions agrees with the observed leads. Every count is of leads. */
export interface AssumptionFit {
  /** The assumptions in which the candidates differ, with their values in this one. */
  readonly assumptions: Partial<Assumptions>;
  /** The user who got the lead is eligible. */
  readonly predicted: number;
  /** Whether it is eligible is uncertain. */
  readonly undecided: number;
  /** It is not eligible. */
  readonly unexpected: number;
  /** The places in `observed` of the unexpected leads. */
  readonly against: readonly number[];
  /** How many leads have another answer than under the first fit: the distinction rests on these leads. */
  readonly differs: number;
  /**
   * How much less likely the leads are than under the first fit, if eligible users share them evenly: 3 stands for a thousand times. Over 200
   * of the leads, where there are more. Undefined for a set that is refuted.
   */
  readonly lessLikely?: number;
}

/** A user whose leads contradict its own rules, in `message` as a sentence. Switch on `code`; it types `parameters`. */
export type Drift = Coded<typeof DRIFT> & DriftFacts;

/** The facts of a {@link Drift}. */
export interface DriftFacts {
  readonly accountNumber: string;
  /** How many leads it got that its rules exclude under the first fit. */
  readonly leads: number;
  /** How many it got in all. */
  readonly of: number;
  /** When that began, as ISO 8601. */
  readonly since: string;
  /** The rule that excludes most of them. */
  readonly rule: RuleName;
}

/** The result of {@link calibrate}. Plain data. */
export interface Calibration {
  /** The observed leads whose user is known. */
  readonly observations: number;
  /** The sets of assumptions that the leads do not refute; those that agree best first. Several may agree equally. */
  readonly fits: readonly AssumptionFit[];
  /** Those that they refute. */
  readonly refuted: readonly AssumptionFit[];
  readonly drift: readonly Drift[];
  /** The places in `observed` of leads for which no user is eligible or uncertain, whichever of the fits is true. */
  readonly unexplained: readonly number[];
  /** The places in `observed` of leads that are dated in the future or before 2000. They count, and say nothing about when drift began. */
  readonly misdated: readonly number[];
  /** The account numbers in `observed` that no user has. */
  readonly unknown: readonly string[];
}
