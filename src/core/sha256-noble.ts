import { hmac as keyed } from "@noble/hashes/hmac.js";
import { sha256 as digest } from "@noble/hashes/sha2.js";

/*
 * SHA-256 for run times without node:crypto. WebCrypto is not used, because its SHA-256 is asynchronous: for texts as
 * short as a user or a rule, waiting for the result takes several times as long as computing it.
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

/**
 * Makes the function that tells whether a signature is the HMAC of a content with this key. WebCrypto compares in
 * constant time, so a forger cannot measure how much of a guess is right.
 */
export function hmacVerifier(
  algorithm: "sha256" | "sha1" | "sha384" | "sha512",
  key: Uint8Array<ArrayBuffer>,
): (content: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>) => Promise<boolean> {
  const hmac = { name: "HMAC", hash: algorithm.replace("sha", "SHA-") };
  let imported: Promise<CryptoKey> | undefined;
  return async (content, signature) => {
    imported ??= crypto.subtle.importKey("raw", key, hmac, false, ["verify"]);
    return crypto.subtle.verify("HMAC", await imported, signature, content);
  };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("=", "")
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
