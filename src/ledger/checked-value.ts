import { hashText } from "../base/hash/hash.ts";
import { jsonIn } from "../base/validation/json-in.ts";

/** Characters of base64url: 48 bits, so that an accident passes once in 280 million million times. */
const LENGTH = 8;

/** A value as it is stored under a key, behind a checksum over both. */
export function writeChecked(key: string, value: unknown): string {
  const text = JSON.stringify(value);
  return checksum(key, text) + text;
}

/** The value; undefined if the stored text, or its key, is damaged. */
export function readChecked(key: string, stored: string): unknown {
  const text = stored.slice(LENGTH);
  return stored.slice(0, LENGTH) === checksum(key, text) ? jsonIn(text) : undefined;
}

function checksum(key: string, text: string): string {
  return hashText(`${key}\n${text}`).slice(0, LENGTH);
}
