import { asError, OpleadError } from "../../base/errors.ts";
import type { TimeSlice } from "../../base/time/time-slice.ts";
import { isObject } from "../../base/validation/is-object.ts";
import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/internals.ts";
import { bindLedger } from "../../ledger/bind.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { mayHaveRules } from "../leavers/leaver.ts";
import { recordIssue } from "../told.ts";
import type { SyncOptions } from "../types/options.ts";
import { KeptApproval } from "./approval.ts";
import { SharedValues } from "./checks/shared-values.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { moveIn, movesOf } from "./moves.ts";
import { HELD_RETRY_AFTER_MS } from "./retry-policy.ts";
import { MapFailureLog, type MapOptions, type MappedRecord, nameOf, positionOf } from "./source/map-record.ts";
import { readSource } from "./source/read-source.ts";
import { readingOf } from "./source/reading.ts";
import { SourceUsers } from "./source/source-users.ts";

/** The options of a plan with every default: what it reads `from`, and what it does with it. `defaults` are those of a run. */
export function withDefaults<SourceRecord>(options: SyncOptions<SourceRecord>, maxConcurrency: number) {
  const {
    source,
    map,
    key,
    rowOf,
    ledger,
    incremental = false,
    leavers = {},
    guard = {},
    checks = "warn",
    resend = false,
    sourceFile,
    full = false,
    retryHeld = false,
    heldRetryAfterMs = HELD_RETRY_AFTER_MS,
    adoptPlatform,
    ledgerMark,
    newUsers = [],
    moves,
    coverage,
    policies = [],
    concurrency = maxConcurrency,
    now = Date.now,
    ...defaults
  } = options;
  const from = { source, map, key, rowOf, segments: guard === false ? undefined : guard.segments };
  const held = { retryHeld: typeof retryHeld === "boolean" ? retryHeld : new Set(retryHeld), heldRetryAfterMs };
  const asked = {
    incremental,
    leavers,
    guard,
    checks,
    resend,
    sourceFile,
    full,
    held,
    newUsers,
    moves,
    coverage,
    policies,
  };
  return { from, given: { ...asked, ledger, adoptPlatform, ledgerMark, concurrency, now, defaults } };
}

export type Given = ReturnType<typeof withDefaults>["given"];

/** What the ledger has: a snapshot of all entries, in which the moves are made already. */
export async function readMemory(oplead: Oplead, { ledger, adoptPlatform, now, ...given }: Given, slice: TimeSlice) {
  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: true });
  const info = await useLedger(async () => ledger.getInfo());
  const plannedAt = now();
  const moves = given.sourceFile === undefined ? await movesOf(given.moves, slice.caller) : [];
  const snapshot = await LedgerSnapshot.read(ledger, slice, { withRules: given.coverage !== undefined });
  return {
    info,
    plannedAt,
    snapshot,
    moves: await moveIn(snapshot, moves, slice),
    approval: given.guard === false ? undefined : await KeptApproval.read(ledger, plannedAt),
  };
}

export type Memory = Awaited<ReturnType<typeof readMemory>>;

/** Every user of the source, compared with its entry. */
export async function readUsers<SourceRecord>(
  oplead: Oplead,
  from: MapOptions<SourceRecord> & Pick<SyncOptions<SourceRecord>, "source">,
  { checks, resend, sourceFile, full, held, leavers, coverage, concurrency, ...given }: Given,
  { info, plannedAt, snapshot, moves, approval }: Memory,
  slice: TimeSlice,
) {
  const { settings } = internalsOf(oplead).transport;
  const retry = { ...held, now: plannedAt };
  const shared = checks === false ? undefined : new SharedValues();
  const users = new SourceUsers(snapshot, {
    retry,
    resend,
    lateMs: settings.lateMs,
    shared,
    approval,
    users: settings,
    mayHaveLeaverRules: (entry) => mayHaveRules(leavers, entry, plannedAt),
    ignoresVersions: sourceFile !== undefined,
  });
  // People who moved are in the source, though perhaps not among the changes.
  const needsAll = full || resend || held.retryHeld !== false || moves.length > 0;
  // A file in the place of the source says nothing of who left it, nor how far it was read.
  const incremental = sourceFile !== undefined || given.incremental;
  const reading = readingOf({ incremental, needsAll, info, entries: snapshot.size, now: plannedAt });
  const log = new MapFailureLog(settings.logger);
  const failed: MappedRecord[] = [];
  const read = await readSource(from, reading.request, concurrency, slice, (record) => {
    log.add(record);
    if (record.failure && sourceFile !== undefined) failed.push(record);
    users.take(record);
  });
  log.end();
  if (sourceFile !== undefined && failed.length === read.records) refuseForeign(sourceFile, failed, slice);
  return { users, shared, retry, reading, read };
}

/**
 * A file of which `map` can read no record is none of this source: it has other columns, or records of another form.
 *
 * @throws {@link OpleadError} `source_failed` with the columns of the file.
 */
function refuseForeign(sourceFile: string, [first]: readonly MappedRecord[], { caller }: TimeSlice): void {
  if (!first?.failure) return;
  const { error } = first.failure;
  const columns = isObject(first.source) ? Object.keys(first.source).slice(0, SHOWN_COLUMNS) : [];
  const found = recordIssue("", "map_reads_none", { error: nameOf(error), at: positionOf(error), columns });
  throw new OpleadError("source_failed", `${caller}: ${sourceFile}: ${found.message}. Nothing was sent.`, {
    retryable: false,
    cause: asError(error),
    issues: [{ ...found, path: sourceFile }],
  });
}

/** Maximum number of columns that a message names. */
const SHOWN_COLUMNS = 20;

export type UsersRead = Awaited<ReturnType<typeof readUsers>>;
