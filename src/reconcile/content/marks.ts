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

/** The fields of one user, and their marks. Each is made once, and only if it is asked for: marks take most of the time of a comparison. */
export class UserMarks {
  readonly #user: object;
  #fields: readonly (readonly [path: string, value: unknown])[] | undefined;
  #made: { readonly id: string; readonly key: string; readonly marks: Readonly<Record<string, string>> } | undefined;

  constructor(user: object) {
    this.#user = user;
  }

  /**
   * The paths of all fields of the user, as it is sent: of the top-level fields, and of the fields inside them by path (`address.city`), so that
   * a plan can say what of an address changed.
   */
  paths(): string[] {
    return this.#all().map(([path]) => path);
  }

  /** The marks to keep for the user under this Oplead ID; none without a key. */
  marked(id: string, fingerprints: Fingerprints): Marked {
    const { key } = fingerprints;
    const identity = key === undefined ? undefined : identityOf(this.#user, fingerprints, key);
    return { key, fields: this.like({ id, key }, fingerprints), identity };
  }

  /** The marks as an entry has them; undefined if it has none, or they were made with a key that is not known. */
  like(
    { id = "", key }: Pick<LedgerEntry, "id" | "key">,
    fingerprints: Fingerprints,
  ): Readonly<Record<string, string>> | undefined {
    if (key === undefined || !fingerprints.reads(key)) return undefined;
    if (this.#made?.id === id && this.#made.key === key) return this.#made.marks;
    const marks: Record<string, string> = {};
    for (const [path, value] of this.#all()) {
      marks[path] = fingerprints.of(`${id}\n${path}\n${canonicalJson(value)}`, key) as string;
    }
    this.#made = { id, key, marks };
    return marks;
  }

  #all(): readonly (readonly [path: string, value: unknown])[] {
    this.#fields ??= fieldsIn(JSON.parse(canonicalJson(this.#user)), "");
    return this.#fields;
  }
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

function fieldsIn(fields: object, prefix: string): (readonly [path: string, value: unknown])[] {
  const found: (readonly [path: string, value: unknown])[] = [];
  for (const [name, value] of Object.entries(fields)) {
    found.push([prefix + name, value]);
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    found.push(...fieldsIn(value, `${prefix}${name}.`));
  }
  return found;
}
