import crypto from "node:crypto";

/** SHA-256 of a text in UTF-8, as 43 characters of base64url. */
export const sha256: (text: string) => string =
  // One call instead of an object with two; Node has it since 20.12.
  typeof crypto.hash === "function"
    ? (text) => crypto.hash("sha256", text, "base64url")
    : (text) => crypto.createHash("sha256").update(text).digest("base64url");

/** The first 64 bits of the HMAC-SHA-256 of a text, as 11 characters of base64url. */
export function hmac(secret: string, text: string): string {
  return crypto.createHmac("sha256", secret).update(text).digest().subarray(0, 8).toString("base64url");
}
