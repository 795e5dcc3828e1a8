import { hmac } from "#sha256";
import { codedBy } from "../base/texts/coded.ts";
import { PARTS } from "../base/texts/en/parts.ts";
import { boolean, type Fields, report, type Schema, valueThat } from "../base/validation/validate.ts";

/** The options that all ledgers have. */
export interface LedgerKeyOptions {
  /**
   * A secret of at least 16 bytes of text, which is not kept in the ledger. With it the ledger has keyed fingerprints (HMAC-SHA-256, 64 bits) of
   * login, e-mail address and each field: a plan names every field that changed, and finds people who got another account
   * number. Of a list the first key writes and the others read, until a full run has written every entry anew. Default: none, and the
   * ledger keeps four bits of each field.
   */
  readonly ledgerKey?: string | readonly string[] | undefined;
  /**
   * Keeps what Oplead last accepted of each user and of its rules, and what it had before, **which is personal data**, sealed with the
   * `ledgerKey` (AES-256-GCM). Then plans show old values, and the last change of a user can be undone. Needs a `ledgerKey`. Without this
   * option nothing is kept, and a full run erases what was. Default false.
   */
  readonly remember?: boolean | undefined;
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

/** The shape of {@link LedgerKeyOptions}, for {@link rememberNeedsKey}. */
export function keyShape(): Fields {
  return { ledgerKey: ledgerKey(), remember: boolean() };
}

/** A schema of options that refuses `remember` without a key. */
export function rememberNeedsKey(options: Schema): Schema {
  return options.check((payload) => {
    const { remember, ledgerKey } = Object(payload.value) as LedgerKeyOptions;
    if (remember === true && ledgerKey === undefined) report(payload, wrong("remember_needs_key"), ["remember"]);
  });
}

/** A key of a ledger, or a list of them. */
function ledgerKey(): Schema {
  const isSecret = (value: unknown) => typeof value === "string" && new TextEncoder().encode(value).length >= 16;
  return valueThat(
    (value) => isSecret(value) || (Array.isArray(value) && value.length > 0 && value.every(isSecret)),
    wrong("not_ledger_key"),
  );
}
