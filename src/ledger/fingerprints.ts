import { hmac } from "#sha256";
import { type OptionalKinds, type Schema, valueThat } from "../base/validation/validate.ts";
import { tellPart } from "../locales/en/core.ts";

/** The options that all ledgers have. */
export interface LedgerKeyOptions {
  /**
   * The secret that the ledger makes its fingerprints with (HMAC-SHA-256, 64 bits): of each field, so that a plan names those that changed,
   * and of login and e-mail address, so that it finds people who got another account number. At least 16 bytes of text. Of a list the first
   * key writes and the others read, until a full run has written every entry anew. Default: the ledger makes a key of its own at its first
   * write, and keeps it: a ledger in a folder in the file `NAME.key` beside the folder, the others beside their entries.
   */
  readonly ledgerKey?: string | readonly string[] | undefined;
}

/**
 * Where the key of a ledger comes from: the option `ledgerKey`, a file beside the ledger, the store of the ledger, or this process, with
 * which it ends.
 */
export type LedgerKeyPlace = "option" | "file" | "store" | "process";

/** Makes the fingerprints of a ledger. It does not show the keys. */
export interface Fingerprints {
  /** Names the key that writes; undefined if there is none that can be used. */
  readonly key: string | undefined;
  /** Why the ledger has no key that it can use: its file cannot be read, holds something else, or cannot be written. */
  readonly problem?: "unreadable" | "damaged" | "not_made" | undefined;
  /** Whether a key is among those that are known. */
  reads(key: string): boolean;
  /** The fingerprint of a text under a key; undefined if that key is not known. */
  of(text: string, key: string): string | undefined;
}

/** The fingerprints that secrets make. The first writes. */
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

/** The shape of {@link LedgerKeyOptions}. */
export function keyShape(): OptionalKinds<LedgerKeyOptions> {
  return { ledgerKey: ledgerKey() };
}

/** A key of a ledger, or a list of them. */
function ledgerKey(): Schema {
  const isSecret = (value: unknown) => typeof value === "string" && new TextEncoder().encode(value).length >= 16;
  return valueThat(
    (value) => isSecret(value) || (Array.isArray(value) && value.length > 0 && value.every(isSecret)),
    tellPart("not_ledger_key"),
  );
}
