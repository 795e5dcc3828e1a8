import { isObject } from "../base/validation/is-object.ts";
import type { LedgerEntry, LedgerInfo } from "./ledger.ts";
import { isVersion } from "./version.ts";

/** Stands for an entry that cannot be trusted: it holds nothing, so the user is treated as unknown. One with a readable revision keeps that. */
export const damagedEntry: LedgerEntry = Object.freeze({ rules: Object.freeze({}), at: 0, damaged: true as const });

/** The latest time that a Date can hold. */
const MAX_TIME = 8.64e15;

/**
 * Checks what a store gave as an entry; {@link damagedEntry} if it is not one, with its revision, without which it could not be replaced. Written by hand because planning reads
 * every entry: a schema of zod/mini takes several times as long.
 */
export function readEntry(stored: unknown): LedgerEntry {
  if (isEntry(stored)) return stored;
  const revision = isObject(stored) ? stored.revision : undefined;
  return isCount(revision) && revision > 0 ? { ...damagedEntry, revision } : damagedEntry;
}

function isEntry(stored: unknown): stored is LedgerEntry {
  if (!isObject(stored) || stored.damaged !== undefined) return false;
  const {
    revision,
    id,
    user,
    key,
    fields,
    identity,
    rules,
    version,
    at,
    held,
    valuesFreedAt,
    missingSince,
    doubtedAt,
    movedFrom,
    movedTo,
  } = stored;
  const { missingUntold, leaverDone, segment, suspicious, accepted, note } = stored;
  return (
    isTime(at) &&
    isObject(rules) &&
    areTexts(rules) &&
    (revision === undefined || isCount(revision)) &&
    (id === undefined || (typeof id === "string" && id !== "")) &&
    (user === undefined || typeof user === "string") &&
    [key, movedFrom, movedTo, segment, note].every((text) => text === undefined || typeof text === "string") &&
    [fields, identity].every((texts) => texts === undefined || (isObject(texts) && areTexts(texts))) &&
    (version === undefined || isVersion(version)) &&
    (valuesFreedAt === undefined || isTime(valuesFreedAt)) &&
    (missingSince === undefined || isTime(missingSince)) &&
    (missingUntold === undefined || missingUntold === true) &&
    (leaverDone === undefined || isTime(leaverDone)) &&
    (suspicious === undefined || isSuspicious(suspicious)) &&
    (accepted === undefined || (isObject(accepted) && isObject(accepted.rules))) &&
    (doubtedAt === undefined || isTime(doubtedAt)) &&
    (held === undefined || areHeld(held))
  );
}

/** Checks what a store gave as {@link LedgerInfo}. A fact of another type is dropped. */
export function readInfo(stored: unknown): LedgerInfo | undefined {
  if (!isObject(stored)) return undefined;
  const {
    platform,
    lastRunAt,
    entries,
    runs,
    lastRunId,
    problems,
    unidentified,
    alerts,
    readAt,
    fullyReadAt,
    openRunId,
    abandonedAt,
  } = stored;
  return {
    ...(isPlatform(platform) && { platform }),
    ...(isTime(lastRunAt) && { lastRunAt }),
    ...(isTime(readAt) && { readAt }),
    ...(isTime(fullyReadAt) && { fullyReadAt }),
    ...(isCount(entries) && { entries }),
    ...(isCount(runs) && { runs }),
    ...(isCount(unidentified) && { unidentified }),
    ...(typeof lastRunId === "string" && { lastRunId }),
    ...(typeof openRunId === "string" && { openRunId }),
    ...(isTime(abandonedAt) && { abandonedAt }),
    ...(typeof problems === "string" && { problems }),
    ...(typeof alerts === "string" && { alerts }),
  };
}

function isPlatform(value: unknown): value is NonNullable<LedgerInfo["platform"]> {
  return (
    isObject(value) && typeof value.baseUrl === "string" && (value.name === undefined || typeof value.name === "string")
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_TIME;
}

function areTexts(record: Readonly<Record<string, unknown>>): boolean {
  for (const name in record) if (typeof record[name] !== "string" && record[name] !== undefined) return false;
  return true;
}

function isSuspicious(value: unknown): boolean {
  if (!isObject(value) || typeof value.of !== "string" || !isTime(value.since)) return false;
  return Array.isArray(value.issues) && value.issues.every(isIssue);
}

function isIssue(value: unknown): boolean {
  if (!isObject(value) || !isObject(value.parameters)) return false;
  return [value.path, value.code, value.message].every((text) => typeof text === "string");
}

function areHeld(held: unknown): boolean {
  return isObject(held) && Object.values(held).every((refusal) => refusal === undefined || isRefusal(refusal));
}

function isRefusal(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { hash, code, status, at, firstAt, parentState, waitsFor } = value;
  const areNumbers = [status, firstAt].every((one) => one === undefined || typeof one === "number");
  return (
    typeof hash === "string" &&
    typeof code === "string" &&
    isTime(at) &&
    areNumbers &&
    [parentState, waitsFor].every((one) => one === undefined || typeof one === "string")
  );
}
