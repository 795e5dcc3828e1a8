import { asError, errorKind, isOpleadError, mayPass, OpleadError } from "../../core/errors.ts";
import { aborted, endIfAborted, type LongWork, onAbort } from "../../core/time.ts";
import { EVERYTHING, openRecords } from "../../core/values.ts";
import type { LedgerInfo } from "../../ledger/ledger.ts";
import { counted } from "../../locales/en/words.ts";
import { INCREMENTAL_DEFAULTS } from "../read-options.ts";
import type { SyncWarning } from "../types/messages.ts";
import type { IncrementalOptions, SourceRequest, SyncOptions } from "../types/options.ts";
import type { Findings } from "../types/records.ts";
import { type MapOptions, type MappedRecord, mapRecord, positionOf } from "./map-record.ts";
import { type Mapping, mappingOf } from "./mapping.ts";
import { eachInTurn } from "./turns.ts";

export interface SourceRead extends Pick<Findings, "columns"> {
  readonly records: number;
  readonly source: unknown;
  /** The mapping, if `map` is data and not a function. */
  readonly mapping: Mapping | undefined;
  /** The mapping's report about the values that it read. */
  readonly warnings: readonly SyncWarning[];
}

/**
 * Reads the source to its end and passes every mapped record to `take`. At most `concurrency` records are mapped at the
 * same time; the next record is read only after one of them is done. Returns the number of records and the source that
 * they came from.
 *
 * @throws {@link OpleadError} `source_failed`; `aborted`.
 */
export function readSource<SourceRecord>(
  options: MapOptions<SourceRecord> & Pick<SyncOptions<SourceRecord>, "source">,
  request: SourceRequest,
  concurrency: number,
  work: LongWork,
  take: (record: MappedRecord) => void,
): Promise<SourceRead> {
  const { signal } = work;
  let count = 0;

  const read = async (): Promise<SourceRead> => {
    const underWay = new Set<Promise<void>>();
    const { records, source } = await openRecords<SourceRecord>(options.source, request);
    // If the option `rowOf` is not given, a source of `oplead-sdk/config` tells the row of each record.
    const rowOf = options.rowOf ?? (source as Pick<SyncOptions<SourceRecord>, "rowOf">).rowOf;
    const mapping = mappingOf(options.map);
    const opened = mapping?.open();
    const asked = { ...options, rowOf, key: options.key ?? mapping?.key, map: opened?.map ?? options.map };
    const note = (record: SourceRecord, mapped: MappedRecord) => {
      if (mapped.user) source.noteUser?.(record, mapped.user);
      take(mapped);
    };
    await eachInTurn(records, work, (record) => {
      endIfAborted(work);
      if (count === 0) opened?.begin(record);
      const mapped = mapRecord(asked, count, record);
      count += 1;
      if (!(mapped instanceof Promise)) {
        note(record, mapped);
        return undefined;
      }
      const done = mapped.then((one) => note(record, one)).finally(() => underWay.delete(done));
      underWay.add(done);
      return underWay.size >= concurrency ? Promise.race(underWay) : undefined;
    });
    await Promise.all(underWay);
    const columns = mapping?.columns ?? (source.noteUser && source.columns?.());
    return { records: count, source, columns, mapping, warnings: opened?.warnings() ?? [] };
  };

  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(work));
    // A source that does not answer cannot be interrupted. The planning ends without waiting for it.
    const stop = onAbort(signal, () => reject(aborted(work)));
    read()
      .then(resolve, (error: unknown) => reject(sourceFailed(work.caller, error, count)))
      .finally(stop);
  });
}

/**
 * The error for a failed source. The message of a parser may quote a cell of the source, so that message is left out.
 * The message of an OpleadError, for example of `csvSource`, holds no data.
 */
function sourceFailed(caller: string, error: unknown, count: number): OpleadError {
  const what = isOpleadError(error) ? error.message.replace(/\.$/, "") : foreignError(error);
  const { issues, retryable } = isOpleadError(error) ? error : { issues: undefined, retryable: mayPass(error) };
  const message = `${caller}: the source failed after ${counted(count, "record")}: ${what}. Nothing was sent.`;
  return new OpleadError("source_failed", message, { retryable, cause: asError(error), issues });
}

function foreignError(error: unknown): string {
  const where = positionOf(error);
  return `${errorKind(error)}${where === undefined ? "" : ` at ${where}`}`;
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export interface Reading {
  readonly request: SourceRequest;
  /** Whether the source gives all users, so that a user that it does not give has left. */
  readonly isFull: boolean;
  /** Whether the ledger notes how far the source was read. */
  readonly isTracked: boolean;
  /** When the reading began, before the first record was read. Changes after this time belong to the next reading. */
  readonly startedAt: number;
  /** The {@link LedgerInfo.readAt} from which changes are read; undefined if everything is read. */
  readonly from: number | undefined;
}

/** Whether the options ask for everything, so that it does not matter what the ledger says. */
export function readsAll(incremental: boolean | IncrementalOptions): boolean {
  return typeof incremental === "object" && incremental.fullEveryDays === 0;
}

/** Facts that decide whether the next reading is of the whole source or of changes only. */
interface Basis {
  readonly incremental: boolean | IncrementalOptions;
  /** Whether this plan needs every record, even unchanged ones. */
  readonly needsAll: boolean;
  readonly info: Pick<LedgerInfo, "readAt" | "fullyReadAt" | "entries"> | undefined;
  /** How many entries the ledger has. */
  readonly entries: number;
  readonly now: number;
}

/**
 * Decides what the source is asked for. It is asked for everything if the ledger does not know how far the source was
 * read, or has lost entries since, or has a time in the future: such a time was written with a wrong clock.
 */
export function readingOf({ incremental, needsAll, info, entries, now }: Basis): Reading {
  if (typeof incremental === "boolean") {
    return { request: EVERYTHING, isFull: !incremental, isTracked: false, startedAt: now, from: undefined };
  }
  const { fullEveryDays = INCREMENTAL_DEFAULTS.fullEveryDays, lookbackMs = INCREMENTAL_DEFAULTS.lookbackMs } =
    incremental;
  const { readAt, fullyReadAt, entries: before = 0 } = info ?? {};
  const isKnown = readAt !== undefined && fullyReadAt !== undefined && Math.max(readAt, fullyReadAt) <= now;
  // Leave some tolerance, because a job that is scheduled each day does not start at exactly the same second.
  const isDue =
    isKnown && now - fullyReadAt >= fullEveryDays * DAY_MS - Math.min(HOUR_MS, (fullEveryDays * DAY_MS) / 24);
  const tracked = { isTracked: true, startedAt: now };
  if (needsAll || !isKnown || isDue || entries < before) {
    return { ...tracked, request: { since: undefined, lookbackMs }, isFull: true, from: undefined };
  }
  const since = new Date(Math.max(0, readAt - lookbackMs));
  return { ...tracked, request: { since, lookbackMs }, isFull: false, from: readAt };
}

/** How a run ended. This decides what the next run reads from the source. */
interface Ended {
  /** True if a record did not arrive in Oplead for a reason that may pass. Such a record must be read again. */
  readonly isOpen: boolean;
  /**
   * Whether records wait: for another record, for the answer of a person, or for a correction of `map`. The time of
   * their last change does not move meanwhile, so a reading of changes would not give them again.
   */
  readonly areWaiting: boolean;
  /** Whether the run has noted and reported all leavers that a full reading found. */
  readonly areLeaversTold: boolean;
}

/**
 * How far the source was read, to be noted in the ledger. The result is empty if records must be read again. Records
 * that wait, for example for the correction of a duplicate, make the result empty only after a reading of changes.
 * After a full reading they do not, because the next full reading gives them again. Otherwise one record that waits
 * forever would make every reading full.
 */
export function readTo(
  { isTracked, isFull, startedAt, from }: Reading,
  info: LedgerInfo | undefined,
  { isOpen, areWaiting, areLeaversTold }: Ended,
): Pick<LedgerInfo, "readAt" | "fullyReadAt"> {
  if (!isTracked) return {};
  // If the ledger now notes an earlier reading than it did when the plan was made, an older copy has replaced the
  // ledger. The copy may lack changes that the source did not give to this run, because the ledger knew them before it
  // was replaced.
  const isBehind = from !== undefined && (info?.readAt ?? Number.NEGATIVE_INFINITY) < from;
  const isComplete = !isOpen && !isBehind && (isFull || !areWaiting);
  const read: { readAt?: number; fullyReadAt?: number } = {};
  if (isComplete) read.readAt = startedAt;
  if (isFull && areLeaversTold) read.fullyReadAt = startedAt;
  return read;
}
