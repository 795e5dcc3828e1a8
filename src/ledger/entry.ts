import { isObject } from "../core/values.ts";
import { tellStore } from "../locales/en/core.ts";
import { type LedgerEntry, type LedgerInfo, ledgerError } from "./ledger.ts";
import { isVersion } from "./version.ts";

// A damaged entry cannot be trusted, so the user is treated as unknown.
export const damagedEntry: LedgerEntry = /* @__PURE__ */ Object.freeze({
  rules: /* @__PURE__ */ Object.freeze({}),
  at: 0,
  damaged: true as const,
});

const MAX_TIME = 8.64e15;

// Plain functions check entries: planning reads every entry, and a schema would take many times as long. The revision
// stays, because a replacement must name it.
export function readEntry(stored: unknown): LedgerEntry {
  if (isEntry(stored)) return stored;
  const revision = isObject(stored) ? stored.revision : undefined;
  return isCount(revision) && revision > 0 ? { ...damagedEntry, revision } : damagedEntry;
}

type Check = (value: unknown) => boolean;

function fieldChecks(): ReadonlyMap<string, Check> {
  const checks: { readonly [Field in keyof LedgerEntry]-?: Check } = {
    at: isTime,
    confirmedAt: optional(isTime),
    rules: (value) => isObject(value) && areTexts(value),
    revision: optional(isCount),
    id: optional((value) => isText(value) && value !== ""),
    user: optional(isText),
    key: optional(isText),
    fields: optional(isText),
    was: optional((value) => isObject(value) && areTexts(value)),
    identity: optional((value) => isObject(value) && areTexts(value)),
    version: optional(isVersion),
    held: optional(areHeld),
    valuesFreedAt: optional(isTime),
    missingSince: optional(isTime),
    missingUntold: optional((value) => value === true),
    leaverDone: optional(isTime),
    intent: optional(isIntent),
    movedFrom: optional(isText),
    movedTo: optional(isText),
    segment: optional(isText),
    receives: optional((value) => typeof value === "boolean"),
    suspicious: optional(isSuspicious),
    accepted: optional((value) => isObject(value) && isObject(value.rules)),
    note: optional(isText),
    damaged: (value) => value === undefined,
  };
  const old = ["doubtedAt", "creationDoubtedAt", "creationLost"].map((field) => [field, refuseEntry] as const);
  return new Map([...Object.entries(checks), ...old]);
}

function refuseEntry(): never {
  throw ledgerError(tellStore("old_form", { what: "entry" }), undefined, false);
}

const FIELDS = /* @__PURE__ */ fieldChecks();

function isEntry(stored: unknown): stored is LedgerEntry {
  if (!isObject(stored) || !isTime(stored.at) || !isObject(stored.rules)) return false;
  // The two required fields were checked above.
  for (const field in stored) if (FIELDS.get(field)?.(stored[field]) === false) return false;
  return true;
}

// Checks of stored fields: the position is not stored.
const INFO: { readonly [Field in Exclude<keyof LedgerInfo, "position">]-?: Check } = {
  platform: isPlatform,
  lastRunAt: isTime,
  entries: isCount,
  runs: isCount,
  lastRunId: isText,
  problems: isText,
  unidentified: isCount,
  sourceAt: isTime,
  alerts: isText,
  readAt: isTime,
  fullyReadAt: isTime,
  refreshedAt: isTime,
};

export function withFields<Fields extends object>(before: Fields | undefined, more: Partial<Fields>): Fields {
  return { ...before, ...more } as Fields;
}

export function readInfo(stored: unknown): LedgerInfo | undefined {
  if (!isObject(stored)) return undefined;
  if ("openRunId" in stored) throw ledgerError(tellStore("old_form", { what: "info" }), undefined, false);
  const known = Object.entries(INFO).filter(([field, check]) => check(stored[field]));
  return Object.fromEntries(known.map(([field]) => [field, stored[field]])) as LedgerInfo;
}

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
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

function isIntent(value: unknown): boolean {
  if (!isObject(value) || !isTime(value.at) || !isTrue(value.open)) return false;
  const { creates } = value;
  return creates === undefined || (isObject(creates) && isTime(creates.at) && isTrue(creates.sent));
}

function isTrue(value: unknown): boolean {
  return value === undefined || value === true;
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
  const { hash, code, status, fields, at, firstAt, parentState, waitsFor } = value;
  const areNumbers = [status, firstAt].every((one) => one === undefined || typeof one === "number");
  return (
    typeof hash === "string" &&
    typeof code === "string" &&
    isTime(at) &&
    areNumbers &&
    (fields === undefined || (Array.isArray(fields) && fields.every(isText))) &&
    [parentState, waitsFor].every((one) => one === undefined || typeof one === "string")
  );
}
