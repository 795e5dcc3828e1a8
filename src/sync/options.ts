import type { Ledger, SourceUser } from "../ledger/index.ts";
import type { GuardOptions } from "./guard.ts";
import type { HealthChange, StopOptions } from "./health.ts";
import type { SyncProgress } from "./progress.ts";

/** Records, one after the other. Read once and no faster than they are worked on. */
export type SyncSource<SourceRecord> =
  | Iterable<SourceRecord>
  | AsyncIterable<SourceRecord>
  | (() =>
      | Iterable<SourceRecord>
      | AsyncIterable<SourceRecord>
      | Promise<Iterable<SourceRecord> | AsyncIterable<SourceRecord>>);

/** A user that Oplead has and the source has no more. */
export interface MissingUser {
  readonly accountNumber: string;
  /** The user's Oplead ID. */
  readonly id: string;
  /** When it was first reported missing, in milliseconds since 1970. None on the first time. */
  readonly since: number | undefined;
}

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
