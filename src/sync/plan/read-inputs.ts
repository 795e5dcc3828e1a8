import { asError, OpleadError } from "../../base/errors.ts";
import { issueAt } from "../../base/issues.ts";
import { isObject } from "../../base/validation/is-object.ts";
import { internalsOf } from "../../client/internals.ts";
import { bindLedger } from "../../ledger/bind.ts";
import { useLedger } from "../../ledger/ledger-error.ts";
import { tellRecord } from "../../locales/en/core.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { mayHaveRules } from "../leavers/leaver.ts";
import type { SyncOptions } from "../types/options.ts";
import { KeptApproval } from "./approval.ts";
import { SharedValues } from "./checks/shared-values.ts";
import { LedgerSnapshot } from "./ledger-snapshot.ts";
import { moveIn, movesOf } from "./moves.ts";
import { keyWarnings, usersWarning } from "./plan-warnings.ts";
import type { Compared, LedgerRead, Planning } from "./planning.ts";
import { MapFailureLog, type MappedRecord, nameOf, positionOf } from "./source/map-record.ts";
import { readSource } from "./source/read-source.ts";
import { readingOf } from "./source/reading.ts";
import { SourceUsers } from "./source/source-users.ts";

/** The first step of a plan: reads the ledger whole, and makes the moves in what was read. */
export async function readLedger(planning: Planning): Promise<LedgerRead> {
  const { oplead, options, work, warnings } = planning;
  const { ledger, adoptPlatform } = options;
  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: true });
  const info = await useLedger(async () => ledger.getInfo());
  const plannedAt = options.now();
  const moves = options.sourceFile === undefined ? await movesOf(options.moves, work.caller) : [];
  const snapshot = await LedgerSnapshot.read(ledger, work, { withRules: options.coverage !== undefined });
  warnings.push(...usersWarning("damaged_entries", snapshot.damaged), ...keyWarnings(snapshot));
  return {
    ...planning,
    info,
    plannedAt,
    snapshot,
    moves: moveIn(snapshot, moves),
    approval: options.guard === false ? undefined : await KeptApproval.read(ledger, plannedAt),
  };
}

/** The second step: reads the source, and compares every user with its entry. */
export async function compareSource<SourceRecord>(
  read: LedgerRead,
  { source, map, key, rowOf }: SyncOptions<SourceRecord>,
): Promise<Compared> {
  const { oplead, options, info, plannedAt, snapshot, moves, approval, work, warnings } = read;
  const { sourceFile, guard, resend, heldRetryAfterMs } = options;
  const { settings } = internalsOf(oplead).transport;
  if (sourceFile !== undefined) warnings.push(tellWarning("source_file", { file: sourceFile }));
  // People who moved are in the source, though perhaps not among the changes.
  const needsAll = resend || heldRetryAfterMs === 0 || moves.length > 0;
  // A file in the place of the source says nothing of who left it, nor how far it was read.
  const incremental = sourceFile !== undefined || options.incremental;
  const reading = readingOf({ incremental, needsAll, info, entries: snapshot.size, now: plannedAt });

  const shared = options.checks === false ? undefined : new SharedValues();
  const retry = { heldRetryAfterMs, now: plannedAt };
  const users = new SourceUsers(snapshot, {
    retry,
    resend,
    lateMs: settings.lateMs,
    shared,
    approval,
    users: settings,
    mayHaveLeaverRules: (entry) => mayHaveRules(options.leavers, entry, plannedAt),
    ignoresVersions: sourceFile !== undefined,
  });
  const log = new MapFailureLog(settings.logger);
  const failed: MappedRecord[] = [];
  const mapping = { source, map, key, rowOf, segments: guard === false ? undefined : guard.segments };
  const found = await readSource(mapping, reading.request, options.concurrency, work, (record) => {
    log.add(record);
    if (record.failure && sourceFile !== undefined) failed.push(record);
    users.take(record);
  });
  log.end();
  if (sourceFile !== undefined && failed.length === found.records) refuseForeign(sourceFile, failed, work.caller);
  warnings.push(
    ...usersWarning("incomparable_versions", users.incomparable),
    ...usersWarning("leaver_rules_stay", users.backWithRules),
  );
  return { ...read, reading, read: found, users, retry, shared };
}

/**
 * A file of which `map` can read no record is none of this source: it has other columns, or records of another form.
 *
 * @throws {@link OpleadError} `source_failed` with the columns of the file.
 */
function refuseForeign(sourceFile: string, [first]: readonly MappedRecord[], caller: string): void {
  if (!first?.failure) return;
  const { error } = first.failure;
  const columns = isObject(first.source) ? Object.keys(first.source).slice(0, SHOWN_COLUMNS) : [];
  const found = issueAt("", tellRecord("map_reads_none", { error: nameOf(error), at: positionOf(error), columns }));
  throw new OpleadError("source_failed", `${caller}: ${sourceFile}: ${found.message}. Nothing was sent.`, {
    retryable: false,
    cause: asError(error),
    issues: [{ ...found, path: sourceFile }],
  });
}

/** Maximum number of columns that a message names. */
const SHOWN_COLUMNS = 20;
