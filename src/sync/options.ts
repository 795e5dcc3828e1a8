import type { OpleadErrorCode } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { SourceUser } from "../reconcile/content.ts";
import type { MissingUser } from "./records.ts";

/** Records, one after the other. Read once and no faster than they are worked on. */
export type SyncSource<SourceRecord> =
  | Iterable<SourceRecord>
  | AsyncIterable<SourceRecord>
  | (() =>
      | Iterable<SourceRecord>
      | AsyncIterable<SourceRecord>
      | Promise<Iterable<SourceRecord> | AsyncIterable<SourceRecord>>);

/** How a plan is carried out. Given to {@link planSync}, they are the defaults of {@link SyncPlan.apply}. */
export interface ApplyOptions {
  /** The {@link SyncPlan.hash} of the plan that somebody has read. It goes ahead whatever the guard says; another does not. */
  readonly approve?: string | undefined;
  /**
   * Allows a second run within 24 hours with a client whose `rateLimit` is `false`, which the guide advises against
   * (best practices, "throttle batch updates"). Default false.
   */
  readonly force?: boolean | undefined;
  /** When a run that goes badly is ended early. */
  readonly stop?: StopOptions | undefined;
  /** Ends the run, and what is under way with it. Whatever had been acknowledged stays so. */
  readonly signal?: AbortSignal | undefined;
  /** Told after every user. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** Told when Oplead begins to fail, and when it works again: not of every failure. */
  readonly onHealthChange?: ((change: HealthChange) => void) | undefined;
  /**
   * Told once of every user that has left the source, for you to do what is right: there is no documented way to remove
   * one. If it throws, the user is reported again next time. Not called in test mode.
   */
  readonly onMissing?: ((user: MissingUser) => void | Promise<void>) | undefined;
}

/** Options of {@link planSync} and {@link syncUsers}. */
export interface SyncOptions<SourceRecord> extends ApplyOptions {
  /** All users of the source, or with {@link SyncOptions.incremental} some of them. */
  readonly source: SyncSource<SourceRecord>;
  /**
   * Turns a record into a user of Oplead; null or undefined passes over it. If it throws, that record has failed and
   * the others go on.
   */
  readonly map: (record: SourceRecord) => SourceUser | null | undefined | Promise<SourceUser | null | undefined>;
  /** The memory of what Oplead has accepted. Use the same one every time. */
  readonly ledger: Ledger;
  /**
   * Whether the source gives what has changed and not everything (guide, case 2: "retrieves new/updated users"). Nobody is
   * missing then, and an empty source means nothing. What did not arrive has to be in the source again next time: the
   * ledger keeps no content. Default false.
   */
  readonly incremental?: boolean | undefined;
  /** What looks like an accident and is refused. `false`: nothing is. */
  readonly guard?: GuardOptions | false | undefined;
  /** Tries again what Oplead has refused, though its content is the same. Default false. */
  readonly retryHeld?: boolean | undefined;
  /** Records being mapped, and users being delivered, at once. Default: the client's `maxConcurrency`. */
  readonly concurrency?: number | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** What looks like an accident. All shares are of the users that the ledger has and that were not missing before. */
export interface GuardOptions {
  /** The share of users that may be changed or missing, 0 to 1. Default 0.2. */
  readonly maxChanged?: number | undefined;
  /** The share of users that may get another profile or another parent, 0 to 1. Default 0.05. */
  readonly maxMoved?: number | undefined;
  /** Below so many users shares mean nothing and are not looked at. Default 100. */
  readonly minUsers?: number | undefined;
  /** Whether a source without a single user is all right though the ledger has some. Default false. */
  readonly allowEmptySource?: boolean | undefined;
}

/** When a run that goes badly is ended early. What was not tried is left for the next run. */
export interface StopOptions {
  /** So many calls in a row that got no answer. Default 5. */
  readonly connectionFailures?: number | undefined;
  /** The share of the recent calls that may fail, 0 to 1; more ends the run. Default 0.5. */
  readonly failureShare?: number | undefined;
  /** How many calls are recent, and how many there must be before the share counts. Default 20. */
  readonly recentCalls?: number | undefined;
}

/** Oplead began to fail, or works again. */
export interface HealthChange {
  readonly health: "healthy" | "failing";
  /** The code of the failure that decided it; undefined when healthy. */
  readonly code: OpleadErrorCode | undefined;
}

/** How far a run is. */
export interface SyncProgress {
  /** Users of the plan that are through, whatever became of them. */
  readonly done: number;
  /** Users that the plan has to deliver. */
  readonly total: number;
  /** Users that have failed so far. */
  readonly failed: number;
  /** Users per second, on average since the start. */
  readonly rate: number;
  /** Milliseconds to the end at this rate; undefined before the first user is through. */
  readonly etaMs: number | undefined;
}
