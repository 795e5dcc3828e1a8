import type { OpleadIssue } from "../../base/issues.ts";

/** Records, as a list or as they come. */
export type SyncRecords<SourceRecord> = Iterable<SourceRecord> | AsyncIterable<SourceRecord>;

/**
 * Records, one after the other. They are read once, and no faster than they are worked on. A function is told which records are asked for,
 * and gives them or another source in its turn: `({ since }) => restSource({ … })`.
 */
export type SyncSource<SourceRecord> =
  | SyncRecords<SourceRecord>
  | ((request: SourceRequest) => GivenRecords<SourceRecord> | Promise<GivenRecords<SourceRecord>>);

/** The result of a {@link SyncSource} that is a function: records, or a function without arguments, such as `csvSource(…)`. */
export type GivenRecords<SourceRecord> = SyncRecords<SourceRecord> | (() => SyncRecords<SourceRecord>);

/** The request of a reading to a source that is a function. */
export interface SourceRequest {
  /**
   * Records that were changed before then may be left out. Undefined: all records are asked for. The lookback has been subtracted. See
   * {@link SyncOptions.incremental}.
   */
  readonly since: Date | undefined;
  /** {@link IncrementalOptions.lookbackMs}, for a source that reckons by its own clock. */
  readonly lookbackMs: number;
}

/** A record that its source takes for damaged. A source that is a function may have a method `suspected` that lists them once it was read. */
export interface SuspectedRecord {
  /** Which record of the source, counted from 0. */
  readonly record: number;
  readonly issue: OpleadIssue;
}
