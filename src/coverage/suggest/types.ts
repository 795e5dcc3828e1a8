import type { Coded } from "../../locales/coded.ts";
import type { SUGGESTIONS } from "../../locales/en/coverage.ts";
import type { UserRules } from "../../rules/rules.ts";
import type { SignalOptions } from "../types.ts";

/** The goals of {@link suggest}. */
export interface SuggestionGoals {
  /** Give leads without a certainly eligible user one. False: nothing is suggested. Default true. */
  readonly gaps?: boolean | undefined;
}

/** The limits of the changes of {@link suggest}. */
export interface SuggestionLimits {
  /** The maximum number of changes. Default 5. */
  readonly changes?: number | undefined;
  /**
   * The largest radius, in kilometres as `maxDistance` measures them; a county is added only if a gap in it is within this distance of the user.
   * Default: the largest radius that a user has, or 100 where no user has one.
   */
  readonly maxDistance?: number | undefined;
}

/** Options of {@link suggest}. */
export interface SuggestOptions extends SignalOptions {
  /** The goals of the changes. Default: close gaps. */
  readonly goals?: SuggestionGoals | undefined;
  /** The limits of the changes. Default: at most 5 changes. */
  readonly limits?: SuggestionLimits | undefined;
}

/** A change of one rule of one user, in `message` as a sentence. Switch on `code`; it types `parameters`. */
export type Suggestion = Coded<typeof SUGGESTIONS> & {
  readonly accountNumber: string;
  /**
   * The rule as it becomes, as a whole: `{ ...record.rules, ...rules }` is what `planSync` takes. The suggestions before it are in it, where they change
   * the same rule.
   */
  readonly rules: UserRules;
  /** How many people live in the postcodes for which some kind of lead gets its first certainly eligible user. */
  readonly inhabitants: number;
};
