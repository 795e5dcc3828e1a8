import { asError, errorKind, isOpleadError, OpleadError } from "../../core/errors.ts";
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
  readonly mapping: Mapping | undefined;
  readonly warnings: readonly SyncWarning[];
  readonly changedAt: number | undefined;
}

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
    const rowOf = options.rowOf ?? (source as Pick<SyncOptions<SourceRecord>, "rowOf">).rowOf;
    const mapping = mappingOf(options.map);
    const opened = await mapping?.open();
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
    const { changedAt } = source as { readonly changedAt?: () => number | undefined };
    const warnings = opened?.warnings() ?? [];
    return { records: count, source, columns, mapping, warnings, changedAt: changedAt?.() };
  };

  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(work));
    // Rejects at once on an abort: a source that does not answer cannot be interrupted.
    const stop = onAbort(signal, () => reject(aborted(work)));
    read()
      .then(resolve, (error: unknown) => reject(sourceFailed(work.caller, error, count)))
      .finally(stop);
  });
}

// Hides the message of a foreign error: a parser may quote a cell.
function sourceFailed(caller: string, error: unknown, count: number): OpleadError {
  const what = isOpleadError(error) ? error.message.replace(/\.$/, "") : foreignError(error);
  const { issues, retryable } = isOpleadError(error) ? error : { issues: undefined, retryable: true };
  const message = `${caller}: the source failed${count === 0 ? "" : ` after ${counted(count, "record")}`}: ${what}. Nothing was sent.`;
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
  readonly isFull: boolean;
  readonly isTracked: boolean;
  // Start of this reading. Later changes belong to the next one.
  readonly startedAt: number;
  readonly from: number | undefined;
}

export function readsAll(incremental: boolean | IncrementalOptions): boolean {
  return typeof incremental === "object" && incremental.fullEveryDays === 0;
}

interface Basis {
  readonly incremental: boolean | IncrementalOptions;
  readonly needsAll: boolean;
  readonly info: Pick<LedgerInfo, "readAt" | "fullyReadAt" | "entries"> | undefined;
  readonly entries: number;
  readonly now: number;
}

// Reads everything if the last reading is in the future: a wrong clock dated it.
export function readingOf({ incremental, needsAll, info, entries, now }: Basis): Reading {
  if (typeof incremental === "boolean") {
    return { request: EVERYTHING, isFull: !incremental, isTracked: false, startedAt: now, from: undefined };
  }
  const { fullEveryDays = INCREMENTAL_DEFAULTS.fullEveryDays, lookbackMs = INCREMENTAL_DEFAULTS.lookbackMs } =
    incremental;
  const { readAt, fullyReadAt, entries: before = 0 } = info ?? {};
  const isKnown = readAt !== undefined && fullyReadAt !== undefined && Math.max(readAt, fullyReadAt) <= now;
  // A full reading is due a little early: a daily job does not start at the same second each day.
  const isDue =
    isKnown && now - fullyReadAt >= fullEveryDays * DAY_MS - Math.min(HOUR_MS, (fullEveryDays * DAY_MS) / 24);
  const tracked = { isTracked: true, startedAt: now };
  if (needsAll || !isKnown || isDue || entries < before) {
    return { ...tracked, request: { since: undefined, lookbackMs }, isFull: true, from: undefined };
  }
  const since = new Date(Math.max(0, readAt - lookbackMs));
  return { ...tracked, request: { since, lookbackMs }, isFull: false, from: readAt };
}

interface Ended {
  // A record did not arrive for a reason that may pass.
  readonly isOpen: boolean;
  // Users wait for another record, an answer or a correction of `map`. A reading of changes does not give them again.
  readonly areWaiting: boolean;
  readonly areLeaversTold: boolean;
}

// Empty if records must be read again. After a full reading, waiting records do not count: it is repeated anyway.
export function readTo(
  { isTracked, isFull, startedAt, from }: Reading,
  info: LedgerInfo | undefined,
  { isOpen, areWaiting, areLeaversTold }: Ended,
): Pick<LedgerInfo, "readAt" | "fullyReadAt"> {
  if (!isTracked) return {};
  // True if an older copy replaced the ledger. It may lack changes that this run was not given.
  const isBehind = from !== undefined && (info?.readAt ?? Number.NEGATIVE_INFINITY) < from;
  const isComplete = !isOpen && !isBehind && (isFull || !areWaiting);
  const read: { readAt?: number; fullyReadAt?: number } = {};
  if (isComplete) read.readAt = startedAt;
  if (isFull && areLeaversTold) read.fullyReadAt = startedAt;
  return read;
}
