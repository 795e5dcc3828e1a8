import crypto from "node:crypto";

/** SHA-256 of a text in UTF-8, as 43 characters of base64url. */
export const sha256: (text: string) => string =
  // One call instead of an object with two; Node has it since 20.12.
  typeof crypto.hash === "function"
    ? (text) => crypto.hash("sha256", text, "base64url")
    : (text) => crypto.createHash("sha256").update(text).digest("base64url");
