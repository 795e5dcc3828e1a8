/** Conversions between text and bytes, with Web APIs only. */

/** Bytes outside of shared memory, as WebCrypto requires. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** How a signature is written. */
export type Encoding = "hex" | "base64";

const encoder = new TextEncoder();

export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Undefined if the text is not in this encoding. Base64 may use either alphabet, with or without padding. */
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
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    return undefined;
  }
}

export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
