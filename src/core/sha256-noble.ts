import { hmac as keyed } from "@noble/hashes/hmac.js";
import { sha256 as digest } from "@noble/hashes/sha2.js";

// Hashes for run times without node:crypto. WebCrypto's SHA-256 is asynchronous: for texts this short, waiting takes
// several times as long as computing.

const encoder = new TextEncoder();

export function sha256(text: string): string {
  return base64url(digest(encoder.encode(text)));
}

export function hmac(secret: string, text: string): string {
  return base64url(keyed(digest, encoder.encode(secret), encoder.encode(text)).subarray(0, 8));
}

// Verifies with WebCrypto, which compares in constant time.
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
