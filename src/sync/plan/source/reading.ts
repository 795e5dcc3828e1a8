import { EVERYTHING } from "../../../base/records.ts";
import type { LedgerInfo } from "../../../ledger/ledger.ts";
import type { IncrementalOptions } from "../../types/options.ts";
import type { SourceRequest } from "../../types/source.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export interface Reading {
  readonly request: SourceRequest;
  /** Whether a user that the source does not give has left it. */
  readonly isFull: boolean;
  /** Whether the ledger remembers how far the source was read. */
  readonly isTracked: boolean;
  /** When it began. It is known before the first record is asked for: what changes from now on belongs to the next reading. */
  readonly startedAt: number;
  /** {@link LedgerInfo.readAt}, from which it goes on; undefined if it was asked for everything. */
  readonly from: number | undefined;
}

/** Whether a source that can be asked for changes is asked for everything, whatever the ledger says. */
export function readsAll(incremental: boolean | IncrementalOptions): boolean {
  return typeof incremental === "object" && incremental.fullEveryDays === 0;
}

/** Facts that decide whether the next reading is whole or of changes only. */
interface Basis {
  readonly incremental: boolean | IncrementalOptions;
  /** Whether this plan needs every record, whatever has changed. */
  readonly needsAll: boolean;
  readonly info: Pick<LedgerInfo, "readAt" | "fullyReadAt" | "entries"> | undefined;
  /** How many entries the ledger has. */
  readonly entries: number;
  readonly now: number;
}

/**
 * The request to the source: everything, if the ledger does not know how far the source was read, has lost entries since, or says that it
 * was read later than now: then a clock was wrong, and nothing tells what was read.
 */
export function readingOf({ incremental, needsAll, info, entries, now }: Basis): Reading {
  if (typeof incremental === "boolean") {
    return { request: EVERYTHING, isFull: !incremental, isTracked: false, startedAt: now, from: undefined };
  }
  const { fullEveryDays = 7, lookbackMs = HOUR_MS } = incremental;
  const { readAt, fullyReadAt, entries: before = 0 } = info ?? {};
  const isKnown = readAt !== undefined && fullyReadAt !== undefined && Math.max(readAt, fullyReadAt) <= now;
  // A job that is started at the same time each day does not start at the same second.
  const isDue =
    isKnown && now - fullyReadAt >= fullEveryDays * DAY_MS - Math.min(HOUR_MS, (fullEveryDays * DAY_MS) / 24);
  const tracked = { isTracked: true, startedAt: now };
  if (needsAll || !isKnown || isDue || entries < before) {
    return { ...tracked, request: { since: undefined, lookbackMs }, isFull: true, from: undefined };
  }
  const since = new Date(Math.max(0, readAt - lookbackMs));
  return { ...tracked, request: { since, lookbackMs }, isFull: false, from: readAt };
}

/** How a run ended that came to its end. */
interface Ended {
  /** Whether a record did not arrive for a reason that may pass, so that it must be read again. */
  readonly isOpen: boolean;
  /** Whether records depend on others that are wrong, on an answer of a person, or on the code of `map`: only they stay the same when that changes. */
  readonly areWaiting: boolean;
  /** Whether what follows from a full reading is done. */
  readonly areLeaversTold: boolean;
}

/**
 * How far the source was read, for the ledger. Only as far as the reading before began, if something must be read again. After a
 * full reading users that wait are left to the next full one: otherwise one that waits forever would keep all readings full.
 */
export function readTo(
  { isTracked, isFull, startedAt, from }: Reading,
  info: LedgerInfo | undefined,
  { isOpen, areWaiting, areLeaversTold }: Ended,
): Pick<LedgerInfo, "readAt" | "fullyReadAt"> {
  if (!isTracked) return {};
  // The ledger is an older one than that of the plan, so changes that the plan took for read may be missing in it.
  const isBehind = from !== undefined && (info?.readAt ?? Number.NEGATIVE_INFINITY) < from;
  const isComplete = !isOpen && !isBehind && (isFull || !areWaiting);
  return {
    ...(isComplete && { readAt: startedAt }),
    ...(isFull && areLeaversTold && { fullyReadAt: startedAt }),
  };
}
