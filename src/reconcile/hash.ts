import { sha256 as digest } from "@noble/hashes/sha2.js";
import { canonicalJson } from "./canonical-json.ts";

/*
 * Synchronous: WebCrypto's SHA-256 is asynchronous, which costs several times the hash for texts as short as a user or a
 * rule, and node:crypto is not there on edge workers, where the webhook runs.
 */

/** Hash of a value's canonical JSON: 43 characters of base64url. */
export function hashOf(value: unknown): string {
  return hashText(canonicalJson(value));
}

/** Hash of a text: 43 characters of base64url. */
export function hashText(text: string): string {
  return base64url(sha256(text), 43);
}

/** A few bits of the hash of each top-level field of a user as it is sent, to say later which of them has changed. */
export function markFields(user: object): Record<string, string> {
  const sent: Record<string, unknown> = JSON.parse(canonicalJson(user));
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, base64url(sha256(canonicalJson(value)), 3)]),
  );
}

const encoder = new TextEncoder();

function sha256(text: string): Uint8Array {
  return digest(encoder.encode(text));
}

/** The first characters of the bytes in base64url. */
function base64url(bytes: Uint8Array, length: number): string {
  return btoa(String.fromCharCode(...bytes.subarray(0, Math.ceil((length * 3) / 4))))
    .slice(0, length)
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
