import { canonicalJson } from "./canonical-json.ts";
import { sha256 } from "./sha256.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Hash of a value's canonical JSON: 43 characters of base64url. */
export function hashOf(value: unknown): string {
  return hashText(canonicalJson(value));
}

/** Hash of a text: 43 characters of base64url. */
export function hashText(text: string): string {
  return base64url(sha256(text), 43);
}

/** A few bits of the hash of each top-level field of a user, to say later which of them has changed. */
export function markFields(user: object): Record<string, string> {
  const marks: Record<string, string> = {};
  for (const [name, value] of Object.entries(user)) {
    if (value !== undefined) marks[name] = base64url(sha256(canonicalJson(value)), 3);
  }
  return marks;
}

function base64url(words: Int32Array, length: number): string {
  let text = "";
  for (let at = 0; text.length < length; at += 6) {
    const word = words[at >>> 5] as number;
    const next = words[(at >>> 5) + 1] ?? 0;
    const shift = 26 - (at & 31);
    text += ALPHABET[(shift >= 0 ? word >>> shift : (word << -shift) | (next >>> (32 + shift))) & 63];
  }
  return text;
}
