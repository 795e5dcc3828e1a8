import { canonicalJson } from "../../base/hash/canonical-json.ts";
import { hashText } from "../../base/hash/hash.ts";
import type { Fingerprints } from "../../ledger/fingerprints.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";

/*
 * Marks say which fields of a user changed, which a plan shows. Without a ledger key they are four bits of the field's hash, so that
 * a mark fits one value in sixteen: a list of 100,000 surnames leaves 6,250 candidates for each. The price: one change in sixteen is not
 * named. With a key, which is not in the ledger, they are 64 bits. What is sent is decided by the hash of the whole user, never by marks.
 */

/** The marks that an entry keeps of a user's fields. */
export type Marked = Pick<LedgerEntry, "key" | "fields" | "identity">;

/** Values that no two users may share: Oplead probably accepts them only once (assumed). */
export const UNIQUE_FIELDS = ["login", "email"] as const;

/** The marks to keep for a user with this Oplead ID. */
export function marked(user: object, id: string, fingerprints: Fingerprints | undefined): Marked {
  if (!fingerprints) return { key: undefined, fields: markFields(user), identity: undefined };
  const { key } = fingerprints;
  return { key, fields: marksLike({ id, key }, user, fingerprints), identity: identityOf(user, fingerprints, key) };
}

/** The marks of a user as an entry has them; undefined if they were made with a key that is not given. */
export function marksLike(
  { id = "", key }: Pick<LedgerEntry, "id" | "key">,
  user: object,
  fingerprints: Fingerprints | undefined,
): Record<string, string> | undefined {
  if (key === undefined) return markFields(user);
  if (!isReadable(key, fingerprints)) return undefined;
  return markFields(user, (json, path) => fingerprints?.of(`${id}\n${path}\n${json}`, key) as string);
}

/** Whether marks that were made with this key, or without one, can be compared. */
export function isReadable(key: string | undefined, fingerprints: Fingerprints | undefined): boolean {
  return key === undefined || fingerprints?.of("", key) !== undefined;
}

/** The fingerprints of login and e-mail address under a key. Upper and lower case make no difference to a mail server, and seldom to a login. */
export function identityOf(
  user: object,
  fingerprints: Fingerprints,
  key: string,
): NonNullable<LedgerEntry["identity"]> {
  const values: Readonly<Record<string, unknown>> = { ...user };
  const of = (field: (typeof UNIQUE_FIELDS)[number]): string | undefined => {
    const value = comparable(values[field]);
    return value ? fingerprints.of(`identity\n${field}\n${value}`, key) : undefined;
  };
  return { login: of("login"), email: of("email") };
}

/** A login or an e-mail address without what seldom makes a difference. */
export function comparable(value: unknown): string | undefined {
  return typeof value === "string" ? value.trim().toLowerCase() : undefined;
}

/**
 * The mark of each field of a user, as it is sent: of the top-level fields, and of the fields inside them by path
 * (`address.city`), so that a plan can say what of an address changed.
 */
export function markFields(user: object, markOf: MarkOf = shortMark): Record<string, string> {
  const marks: Record<string, string> = {};
  const sent: Record<string, unknown> = JSON.parse(canonicalJson(user));
  for (const [name, value] of Object.entries(sent)) mark(marks, name, value, markOf);
  return marks;
}

type MarkOf = (json: string, path: string) => string;

function mark(marks: Record<string, string>, path: string, value: unknown, markOf: MarkOf): void {
  marks[path] = markOf(canonicalJson(value), path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value)) mark(marks, `${path}.${name}`, inner, markOf);
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The first four bits of a hash in base64url, as a hexadecimal digit. */
function shortMark(json: string): string {
  return (BASE64URL.indexOf(hashText(json).charAt(0)) >> 2).toString(16);
}
