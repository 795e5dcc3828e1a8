import { canonicalJson } from "../base/hash/canonical-json.ts";
import { hashText } from "../base/hash/hash.ts";

/*
 * Marks say which fields of a user changed, which a plan shows. They are four bits of the field's hash, so that a mark
 * fits one value in sixteen: a list of 100,000 surnames leaves 6,250 candidates for each. A key would not help, because it
 * would have to lie in the ledger as well. The price: one change in sixteen is not named. What is sent is decided by the
 * hash of the whole user, never by marks.
 */

/**
 * The mark of each field of a user, as it is sent: of the top-level fields, and of the fields inside them by path
 * (`address.city`), so that a plan can say what of an address changed.
 */
export function markFields(user: object): Record<string, string> {
  const marks: Record<string, string> = {};
  const sent: Record<string, unknown> = JSON.parse(canonicalJson(user));
  for (const [name, value] of Object.entries(sent)) mark(marks, name, value);
  return marks;
}

function mark(marks: Record<string, string>, path: string, value: unknown): void {
  marks[path] = shortMark(hashText(canonicalJson(value)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value)) mark(marks, `${path}.${name}`, inner);
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The first four bits of a hash in base64url, as a hexadecimal digit. */
function shortMark(hash: string): string {
  return (BASE64URL.indexOf(hash.charAt(0)) >> 2).toString(16);
}
