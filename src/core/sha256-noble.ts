import { hmac as keyed } from "@noble/hashes/hmac.js";
import { sha256 as digest } from "@noble/hashes/sha2.js";

/*
 * SHA-256 for run times without node:crypto. WebCrypto is not used: its SHA-256 is asynchronous, and for texts as short
 * as a user or a rule the wait costs several times as much as the hash.
 */

const encoder = new TextEncoder();

/** SHA-256 of a text in UTF-8, as 43 characters of base64url. */
export function sha256(text: string): string {
  return base64url(digest(encoder.encode(text)));
}

/** The first 64 bits of the HMAC-SHA-256 of a text, as 11 characters of base64url. */
export function hmac(secret: string, text: string): string {
  return base64url(keyed(digest, encoder.encode(secret), encoder.encode(text)).subarray(0, 8));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("=", "")
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
