import type { Coded } from "../../base/texts/coded.ts";
import type { SUGGESTIONS } from "../../base/texts/en/coverage/load.ts";
import type { RuleName, UserRules } from "../../rules/rules.ts";
import type { ExpectedLoadOptions } from "../load/types.ts";
import type { SignalOptions } from "../types.ts";

/** The goals of {@link suggest}. */
export interface SuggestionGoals {
  /** Give leads without a certainly eligible user one; this comes before load. Default: true if there is no other goal. */
  readonly gaps?: boolean | undefined;
  /** No user has more leads a month, as {@link ExpectedLoad} counts them in `equal`: others share them. Default: no goal. */
  readonly maxLoad?: number | undefined;
  /** No user has fewer leads a month: it shares those of others. Default: no goal. */
  readonly minLoad?: number | undefined;
}

/** The limits of the changes of {@link suggest}. */
export interface SuggestionLimits {
  /** The maximum number of changes. Default 10. */
  readonly changes?: number | undefined;
  /**
   * The largest radius, and how far postcodes that are added to an area may be from the user, in kilometres as `maxDistance` measures them. Default: the
   * largest radius that a user has, or 100 where no user has one.
   */
  readonly maxDistance?: number | undefined;
  /** Account numbers: only these users change. Default: every user. */
  readonly only?: readonly string[] | undefined;
  /** Only these rules change. Default: `maxDistance`, `geographical` and `competences`. */
  readonly rules?: readonly RuleName[] | undefined;
}

/** Options of {@link suggest}. With the goals `maxLoad` or `minLoad` give either `leads` or `perInhabitant`. */
export interface SuggestOptions extends SignalOptions, Pick<ExpectedLoadOptions, "leads" | "perInhabitant" | "share"> {
  /** The goals of the changes. Default: close gaps. */
  readonly goals?: SuggestionGoals | undefined;
  /** The limits of the changes. Default: at most 10 changes, of any user. */
  readonly limits?: SuggestionLimits | undefined;
}

/** A change of one rule of one user, in `message` as a sentence. Switch on `code`; it types `parameters`. */
export type Suggestion = Coded<typeof SUGGESTIONS> & SuggestionFacts;

/** The facts of a {@link Suggestion}. */
export interface SuggestionFacts {
  readonly accountNumber: string;
  /**
   * The rule as it becomes, as a whole: `{ ...record.rules, ...rules }` is what `planSync` takes. The suggestions before it are in it, where they change
   * the same rule.
   */
  readonly rules: UserRules;
  /** How many people live in the postcodes for which some kind of lead gets its first certainly eligible user. */
  readonly inhabitants: number;
  /** The same, where each postcode counts by the share of the kinds of leads that get one: the most of it comes first. */
  readonly gain: number;
  /** Of a change that evens out load: the user's leads a month before and after it, as `equal` of {@link expectedLoad}. */
  readonly load?: { readonly before: number; readonly after: number } | undefined;
}
