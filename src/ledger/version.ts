import { hmac } from "#sha256";
import { type OptionalKinds, type Schema, valueThat } from "../core/validate.ts";
import { tellPart } from "../locales/en/core.ts";

/*
 * Versions, which order the states of a user, and the keys of a ledger, which make the fingerprints of a user's fields.
 */

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

/**
 * Compares two versions. Below 0: `a` is older. 0: they are equal. Above 0: `a` is newer. Undefined: they cannot be
 * compared.
 */
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

/** Whether the first version is older than the second. False if a version is missing, or if they cannot be compared. */
export function isOlder(version: Version | undefined, than: Version | undefined): boolean {
  return version !== undefined && than !== undefined && (compareVersions(version, than) ?? 0) < 0;
}

/** Whether both versions are given and cannot be compared. */
export function areIncomparable(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && b !== undefined && compareVersions(a, b) === undefined;
}

function order<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whole numbers count as counters, so that 7 and "8" can be compared. */
function isCounter(version: Version): boolean {
  return typeof version === "number" ? Number.isSafeInteger(version) : /^\d+$/.test(version);
}

/**
 * RFC 3339, and the forms that databases write: a space instead of the T, no seconds, an offset without a colon, or no
 * offset.
 */
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?$/;

interface Time {
  readonly seconds: number;
  /** The digits after the point without trailing zeros, so that they compare as text. */
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
   * The secret that the ledger makes its fingerprints with (HMAC-SHA-256, 64 bits): of each field, so that a plan names
   * the fields that changed, and of login and e-mail address, so that a plan finds people who got another account
   * number. At least 16 bytes of text. If it is a list, new fingerprints are made with the first key. The other keys
   * are only for comparing old fingerprints, and are needed until a full run has written every entry anew. Default: the
   * ledger makes a key of its own at its first write, and keeps it. A ledger in a folder keeps it in the file
   * `NAME.key` beside the folder. Any other ledger keeps it beside its entries.
   */
  readonly ledgerKey?: string | readonly string[] | undefined;
}

/**
 * Where the key of a ledger comes from: the option `ledgerKey`, a file beside the ledger, the store of the ledger, or
 * the memory of this process.
 */
export type LedgerKeyPlace = "option" | "file" | "store" | "process";

/** Makes the fingerprints of a ledger. It does not reveal the keys. */
export interface Fingerprints {
  /** The name of the key with which new fingerprints are made; undefined if no key can be used. */
  readonly key: string | undefined;
  /** Why the ledger has no usable key: the key's file cannot be read, does not contain a key, or cannot be written. */
  readonly problem?: "unreadable" | "damaged" | "not_made" | undefined;
  /** Whether the ledger has the key with this name, and so can compare fingerprints made with it. */
  reads(key: string): boolean;
  /** The fingerprint of a text under a key; undefined if that key is not known. */
  of(text: string, key: string): string | undefined;
}

/** Makes fingerprints with these secrets. New fingerprints are made with the first secret. */
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

/** The checks of {@link LedgerKeyOptions}. */
export function keyShape(): OptionalKinds<LedgerKeyOptions> {
  return { ledgerKey: ledgerKey() };
}

/** Checks a key of a ledger, or a list of keys. */
function ledgerKey(): Schema {
  const isSecret = (value: unknown) => typeof value === "string" && new TextEncoder().encode(value).length >= 16;
  return valueThat(
    (value) => isSecret(value) || (Array.isArray(value) && value.length > 0 && value.every(isSecret)),
    tellPart("not_ledger_key"),
  );
}
