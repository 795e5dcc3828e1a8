import { sha256 } from "#sha256";
import { canonicalJson } from "./canonical-json.ts";

/** Hash of a text: 43 characters of base64url. */
export const hashText: (text: string) => string = sha256;

/** Hash of a value's canonical JSON: 43 characters of base64url. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
