import { type Bytes, utf8 } from "./bytes.ts";

/** The hash of an HMAC. */
export type HmacAlgorithm = "sha256" | "sha1" | "sha384" | "sha512";

export const HASHES: { readonly [Name in HmacAlgorithm]: string } = {
  sha256: "SHA-256",
  sha1: "SHA-1",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/** Every signature costs an HMAC, and a forger chooses how many the header holds. */
const MAX_SIGNATURES = 8;

/**
 * Checks whether one of the signatures was made over the content with one of the sender's keys. WebCrypto compares in constant time, so a forger cannot measure how close an
 * attempt came. The right signature never exists as text.
 */
export function checkWith(
  secrets: readonly (string | Uint8Array)[],
  algorithm: HmacAlgorithm,
): (content: Bytes, signatures: readonly Bytes[]) => Promise<boolean> {
  // Copies, so that the caller can reuse its bytes.
  const keys = secrets.map((secret) => (typeof secret === "string" ? utf8(secret) : Uint8Array.from(secret)));
  const hmac = { name: "HMAC", hash: HASHES[algorithm] };
  let imported: Promise<CryptoKey[]> | undefined;
  return async (content, signatures) => {
    imported ??= Promise.all(keys.map((key) => crypto.subtle.importKey("raw", key, hmac, false, ["verify"])));
    for (const key of await imported) {
      for (const signature of signatures.slice(0, MAX_SIGNATURES)) {
        if (await crypto.subtle.verify("HMAC", key, signature, content)) return true;
      }
    }
    return false;
  };
}
