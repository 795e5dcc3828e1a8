import { hmac } from "#sha256";
import { type OptionalKinds, type Schema, valueThat } from "../core/validate.ts";
import { tellPart } from "../locales/en/core.ts";

/**
 * Orders the states of one user: a number, or text. Two texts are compared
 *
 * - as counters, if both consist of digits (row versions exceed what a number can hold);
 * - as instants, if both are RFC 3339 times, whatever their fraction of a second and their offset;
 * - by their characters, if neither is a counter or a time and both are equally long.
 *
 * Other pairs of versions cannot be compared. Then the state that arrives later wins.
 */
export type Version = number | string;

export function isVersion(value: unknown): value is Version {
  return typeof value === "string" || Number.isFinite(value);
}

// Undefined if the versions cannot be compared.
export function compareVersions(a: Version, b: Version): number | undefined {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (isCounter(a) && isCounter(b)) return order(BigInt(a), BigInt(b));
  if (typeof a === "number" || typeof b === "number" || isCounter(a) || isCounter(b)) return undefined;
  const [timeA, timeB] = [readTime(a), readTime(b)];
  if (timeA && timeB) {
    if (timeA.hasOffset !== timeB.hasOffset) return undefined;
    return order(timeA.seconds, timeB.seconds) || order(timeA.fraction, timeB.fraction);
  }
  return timeA || timeB || a.length !== b.length ? undefined : order(a, b);
}

export function isOlder(version: Version | undefined, than: Version | undefined): boolean {
  return version !== undefined && than !== undefined && (compareVersions(version, than) ?? 0) < 0;
}

export function areIncomparable(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && b !== undefined && compareVersions(a, b) === undefined;
}

function order<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// A number counts too, so that 7 and "8" can be compared.
function isCounter(version: Version): boolean {
  return typeof version === "number" ? Number.isSafeInteger(version) : /^\d+$/.test(version);
}

// RFC 3339 and the forms of databases: a space for the T, no seconds, an offset without a colon or none.
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?$/;

interface Time {
  readonly seconds: number;
  // Without trailing zeros, so that fractions compare as text.
  readonly fraction: string;
  readonly hasOffset: boolean;
}

function readTime(text: string): Time | undefined {
  const found = TIME.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0));
  const [fraction = "", zulu, sign, offsetHours, offsetMinutes] = found.slice(7);
  const local = Date.UTC(year as number, (month as number) - 1, day, hour, minute, second) / 1000;
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === "-" ? -60 : 60);
  return {
    seconds: local - offset,
    fraction: fraction.replace(/0+$/, ""),
    hasOffset: zulu !== undefined || sign !== undefined,
  };
}

/** The option that all ledgers have. */
export interface LedgerKeyOptions {
  /**
   * Secret of the fingerprints (HMAC-SHA-256, 64 bits), by which a plan names changed fields and finds people with
   * another account number. At least 16 bytes of text. In a list, the first key writes; the others read old
   * fingerprints until a full run has written every entry anew. Default: the ledger makes one at its first write; a
   * ledger in a folder keeps it in the file `NAME.key` beside the folder, any other one beside its entries.
   */
  readonly ledgerKey?: string | readonly string[] | undefined;
}

export type LedgerKeyPlace = "option" | "file" | "store" | "process";

// Does not reveal the keys.
export interface Fingerprints {
  // Of the writing key. Undefined if none can be used.
  readonly key: string | undefined;
  readonly problem?: "unreadable" | "damaged" | "not_made" | undefined;
  reads(key: string): boolean;
  // Undefined for an unknown key.
  of(text: string, key: string): string | undefined;
}

// New fingerprints are made with the first secret.
export function fingerprintsOf(secrets: readonly string[], problem?: Fingerprints["problem"]): Fingerprints {
  const byName = new Map(secrets.map((secret) => [hmac(secret, "the name of this key").slice(0, 6), secret]));
  const [key] = byName.keys();
  return {
    key,
    problem,
    reads: (name) => byName.has(name),
    of: (text, name) => {
      const secret = byName.get(name);
      return secret === undefined ? undefined : hmac(secret, text);
    },
  };
}

export function keyShape(): OptionalKinds<LedgerKeyOptions> {
  return { ledgerKey: ledgerKey() };
}

function ledgerKey(): Schema {
  const isSecret = (value: unknown) => typeof value === "string" && new TextEncoder().encode(value).length >= 16;
  return valueThat(
    (value) => isSecret(value) || (Array.isArray(value) && value.length > 0 && value.every(isSecret)),
    tellPart("not_ledger_key"),
  );
}
