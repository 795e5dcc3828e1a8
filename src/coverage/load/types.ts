import type { Coded } from "../../base/texts/coded.ts";
import type { FAIRNESS, LOAD_FINDINGS } from "../../base/texts/en/coverage/load.ts";
import type { AssumptionName, Lead, SignalOptions } from "../types.ts";

/** Leads of one kind at one place, with how many a month. */
export interface LeadCount extends Lead {
  /** How many a month. Default 1, so that the leads of last month can be given as they are. */
  readonly count?: number | undefined;
}

/** Options of {@link expectedLoad}. Give either `leads` or `perInhabitant`. */
export interface ExpectedLoadOptions extends SignalOptions {
  /** The leads of a month: a forecast, or those of last month. */
  readonly leads?: Iterable<LeadCount> | undefined;
  /**
   * Leads per inhabitant and month, over all kinds of leads together; each kind of the universe gets the same part. Inhabitants are those that `locate`
   * knows.
   */
  readonly perInhabitant?: number | undefined;
  /**
   * How users share the leads that several can get: a weight by account number. Default 1 for each user: they share equally. Oplead does not
   * document how it shares them.
   */
  readonly share?: Readonly<Record<string, number>> | undefined;
  /** A user with more leads a month is a finding. Default: none. */
  readonly maxLoad?: number | undefined;
  /** A user with fewer leads a month is a finding. Default: none. */
  readonly minLoad?: number | undefined;
}

/** Leads per month. */
export interface LoadBounds {
  /** If the user gets none of the leads that another user can get, or perhaps can: those that reach certainly this user alone. */
  readonly min: number;
  /** If users share leads as `share` says. Leads that a user can certainly get are not shared with those who perhaps can. */
  readonly equal: number;
  /** If the user gets every lead that it can get, or perhaps can. */
  readonly max: number;
}

/** The load of one user from one range. */
export interface RangeLoad extends LoadBounds {
  /** Undefined: leads of which the range is not known, or that are not told apart by it. */
  readonly range: string | undefined;
}

/** The load of one user. */
export interface UserLoad extends LoadBounds {
  readonly accountNumber: string;
  /** The ranges from which the user can get leads. */
  readonly ranges: readonly RangeLoad[];
}

/** A user above the ceiling or below the floor, in `message` as a sentence. Switch on `code`; it types `parameters`. */
export type LoadFinding = Coded<typeof LOAD_FINDINGS> & LoadFindingFacts;

/** The facts of a {@link LoadFinding}. */
export interface LoadFindingFacts {
  readonly accountNumber: string;
  /** Whether it holds however users share leads. */
  readonly certain: boolean;
}

/** How evenly leads are spread, in `message` as a sentence. Switch on `code`; it types `parameters`. */
export type Fairness = Coded<typeof FAIRNESS>;

/** The result of {@link expectedLoad}. Plain data. */
export interface ExpectedLoad {
  /** The names of the assumptions that it depends on. */
  readonly assumptions: readonly AssumptionName[];
  /** Leads per month in all, and those that no user can get. */
  readonly leads: number;
  readonly unreached: number;
  /** Those with the most leads first, as they are shared. */
  readonly users: readonly UserLoad[];
  /** The Gini coefficient of the loads as they are shared: 0 is even, near 1 is everything for one user. Undefined without leads. */
  readonly gini: number | undefined;
  /**
   * The load at the 90th percentile divided by that at the 10th, both interpolated between users. Undefined when that at the 10th is 0.
   */
  readonly ratio: number | undefined;
  /** The meaning of the two figures. */
  readonly fairness: Fairness;
  /** Certain ones first. */
  readonly findings: readonly LoadFinding[];
}
