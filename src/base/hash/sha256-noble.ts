import { sha256 as digest } from "@noble/hashes/sha2.js";

/*
 * For run times without node:crypto. Synchronous, because WebCrypto's SHA-256 is asynchronous, which costs several times
 * the hash for texts as short as a user or a rule.
 */

const encoder = new TextEncoder();

/** SHA-256 of a text in UTF-8, as 43 characters of base64url. */
export function sha256(text: string): string {
  return btoa(String.fromCharCode(...digest(encoder.encode(text))))
    .slice(0, 43)
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
