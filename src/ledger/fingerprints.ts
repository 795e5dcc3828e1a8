import { hmac } from "#sha256";
import { codedBy } from "../base/texts/coded.ts";
import { PARTS } from "../base/texts/en/parts.ts";
import { type Fields, type Schema, valueThat } from "../base/validation/validate.ts";

/** The options that all ledgers have. */
export interface LedgerKeyOptions {
  /**
   * A secret of at least 16 bytes of text, which is not kept in the ledger. With it the ledger has keyed fingerprints (HMAC-SHA-256, 64 bits) of
   * login, e-mail address and each field: a plan names every field that changed, and finds people who got another account
   * number. Of a list the first key writes and the others read, until a full run has written every entry anew. Default: none, and the
   * ledger keeps four bits of each field.
   */
  readonly ledgerKey?: string | readonly string[] | undefined;
}

/** Makes the fingerprints of a ledger with a key. It does not show the key. */
export interface Fingerprints {
  /** Names the key that writes. */
  readonly key: string;
  /** The fingerprint of a text under a key; undefined if that key is not among those that were given. */
  of(text: string, key: string): string | undefined;
}

/** The fingerprints of a ledger; none without a key. */
export function fingerprintsBy({ ledgerKey }: LedgerKeyOptions): { readonly fingerprints?: Fingerprints } {
  if (ledgerKey === undefined) return {};
  const secrets = typeof ledgerKey === "string" ? [ledgerKey] : ledgerKey;
  const byName = new Map(secrets.map((secret) => [hmac(secret, "the name of this key").slice(0, 6), secret]));
  const [key = ""] = byName.keys();
  return {
    fingerprints: {
      key,
      of: (text, name) => {
        const secret = byName.get(name);
        return secret === undefined ? undefined : hmac(secret, text);
      },
    },
  };
}

const wrong = /* @__PURE__ */ codedBy(PARTS);

/** The shape of {@link LedgerKeyOptions}. */
export function keyShape(): Fields {
  return { ledgerKey: ledgerKey() };
}

/** A key of a ledger, or a list of them. */
function ledgerKey(): Schema {
  const isSecret = (value: unknown) => typeof value === "string" && new TextEncoder().encode(value).length >= 16;
  return valueThat(
    (value) => isSecret(value) || (Array.isArray(value) && value.length > 0 && value.every(isSecret)),
    wrong("not_ledger_key"),
  );
}
