import { hmacVerifier } from "#sha256";

// Not in shared memory, as WebCrypto requires.
export type Bytes = Uint8Array<ArrayBuffer>;

export type Encoding = "hex" | "base64";

const encoder = new TextEncoder();

export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// Accepts base64 in either alphabet, with or without padding.
export function decode(text: string, encoding: Encoding): Bytes | undefined {
  return encoding === "hex" ? fromHex(text) : fromBase64(text);
}

function fromHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0 || !/^[\da-f]+$/i.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function fromBase64(text: string): Bytes | undefined {
  if (!/^[\w+/-]+={0,2}$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    // `Uint8Array.from` takes seven times as long.
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}

export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export type HmacAlgorithm = "sha256" | "sha1" | "sha384" | "sha512";

export const HMAC_ALGORITHMS: readonly HmacAlgorithm[] = ["sha256", "sha1", "sha384", "sha512"];

// Each signature costs an HMAC, and a forger could put many into a header.
const MAX_SIGNATURES = 8;

export function checkWith(
  secrets: readonly (string | Uint8Array)[],
  algorithm: HmacAlgorithm,
): (content: Bytes, signatures: readonly Bytes[]) => Promise<boolean> {
  // Copied: the caller may reuse its bytes.
  const keys = secrets.map((secret) => (typeof secret === "string" ? utf8(secret) : Uint8Array.from(secret)));
  const verifiers = keys.map((key) => hmacVerifier(algorithm, key));
  return async (content, signatures) => {
    for (const verify of verifiers) {
      for (const signature of signatures.slice(0, MAX_SIGNATURES)) {
        const fits = verify(content, signature);
        if (typeof fits === "boolean" ? fits : await fits) return true;
      }
    }
    return false;
  };
}
