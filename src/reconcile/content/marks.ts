import { canonicalJson } from "../../base/hash/canonical-json.ts";
import type { Fingerprints } from "../../ledger/fingerprints.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";

/*
 * Marks say which fields of a user changed, which a plan shows: a keyed fingerprint of each. What is sent is decided by the hash of the whole
 * user, never by marks.
 */

/** The marks that an entry keeps of a user's fields. */
export type Marked = Pick<LedgerEntry, "key" | "fields" | "identity">;

/** Values that no two users may share: Oplead probably accepts them only once (assumed). */
export const UNIQUE_FIELDS = ["login", "email"] as const;

/** The marks to keep for a user with this Oplead ID; none without a key. */
export function marked(user: object, id: string, fingerprints: Fingerprints): Marked {
  const { key } = fingerprints;
  return {
    key,
    fields: marksLike({ id, key }, user, fingerprints),
    identity: key === undefined ? undefined : identityOf(user, fingerprints, key),
  };
}

/** The marks of a user as an entry has them; undefined if it has none, or they were made with a key that is not known. */
export function marksLike(
  { id = "", key }: Pick<LedgerEntry, "id" | "key">,
  user: object,
  fingerprints: Fingerprints,
): Record<string, string> | undefined {
  if (key === undefined || !fingerprints.reads(key)) return undefined;
  const marks: Record<string, string> = {};
  eachField(user, (path, value) => {
    marks[path] = fingerprints.of(`${id}\n${path}\n${canonicalJson(value)}`, key) as string;
  });
  return marks;
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
 * The paths of all fields of a user, as it is sent: of the top-level fields, and of the fields inside them by path (`address.city`), so that
 * a plan can say what of an address changed.
 */
export function fieldPaths(user: object): string[] {
  const paths: string[] = [];
  eachField(user, (path) => paths.push(path));
  return paths;
}

function eachField(user: object, task: (path: string, value: unknown) => void): void {
  const visit = (fields: object, prefix: string): void => {
    for (const [name, value] of Object.entries(fields)) {
      task(prefix + name, value);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) visit(value, `${prefix}${name}.`);
    }
  };
  visit(JSON.parse(canonicalJson(user)), "");
}
