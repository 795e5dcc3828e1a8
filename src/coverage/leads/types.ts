import type { Coded } from "../../locales/coded.ts";
import type { LEADS_CHECKED } from "../../locales/en/findings.ts";
import type { RuleName } from "../../rules/rules.ts";
import type { Assumptions, Lead } from "../types.ts";

/** A lead, and which user got it: a line of an export from Oplead. */
export interface ObservedLead extends Lead {
  /** The user who got it. */
  readonly accountNumber: string;
}

/** How many leads a set of assumptions explains. */
export interface AssumptionCheck {
  /** The assumption in which the set differs from those in use; empty for those in use. */
  readonly assumptions: Partial<Assumptions>;
  /** Leads whose user is eligible. */
  readonly explained: number;
  /** Leads of which what is known does not say whether their user is eligible. */
  readonly undecided: number;
  /** Leads whose user is not eligible. */
  readonly unexplained: number;
  /** How many users are eligible, or may be, for one of the other leads, on average. A set under which all are explains every lead and says nothing. */
  readonly sharing: number;
}

/** A user who got leads that the best set of assumptions does not explain, in `message` as a sentence. Switch on `code`; it types `parameters`. */
export type LeadsAgainstRules = Coded<typeof LEADS_CHECKED> & {
  readonly accountNumber: string;
  /** How many leads it got that its rules exclude. */
  readonly leads: number;
  /** How many it got in all. */
  readonly of: number;
  /** The rules that exclude them, the one that excludes most first. */
  readonly rules: readonly RuleName[];
  /** The places of these leads in the list, from 0. */
  readonly places: readonly number[];
};

/** The result of {@link checkLeads}. Plain data. */
export interface LeadCheck {
  /** How many leads there are whose user is known. */
  readonly leads: number;
  /**
   * Every set of assumptions. The best comes first: it leaves few leads unexplained, and few users share the others. Of equal ones it is the one in use.
   */
  readonly sets: readonly AssumptionCheck[];
  /** The leads that the best set does not explain, by user: those with the most first. */
  readonly unexplained: readonly LeadsAgainstRules[];
  /** The account numbers that no user has. Their leads are left out. */
  readonly unknown: readonly string[];
}
