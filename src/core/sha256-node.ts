import type * as Crypto from "node:crypto";

let loaded: typeof Crypto | undefined;

// The module is loaded at the first hash, because importing it takes 3 ms.
function crypto(): typeof Crypto {
  loaded ??= process.getBuiltinModule("node:crypto");
  return loaded;
}

export function sha256(text: string): string {
  return crypto().hash("sha256", text, "base64url");
}

type Algorithm = "sha256" | "sha1" | "sha384" | "sha512";

// The returned function compares in constant time.
export function hmacVerifier(
  algorithm: Algorithm,
  key: Uint8Array,
): (content: Uint8Array, signature: Uint8Array) => boolean {
  let blocks: ReturnType<typeof blocksOf> | undefined;
  return (content, signature) => {
    blocks ??= blocksOf(algorithm, key);
    const right = digestOf(algorithm, blocks.outer, digestOf(algorithm, blocks.inner, content));
    return right.length === signature.length && crypto().timingSafeEqual(right, signature);
  };
}

export function hmac(secret: string, text: string): string {
  return text.length <= LONGEST ? quickHmac(secret, text) : slowHmac(secret, text);
}

function slowHmac(secret: string, text: string): string {
  return crypto().createHmac("sha256", secret).update(text).digest().subarray(0, 8).toString("base64url");
}

// An HMAC is two hashes (RFC 2104). A ledger computes a dozen HMACs per user, and two calls of `crypto.hash` take less
// than half of the time of one `Hmac`.

// The hash is read as text: `crypto.hash` takes twice as long for a buffer.
function digestOf(algorithm: Algorithm, block: Buffer, content: Uint8Array): Buffer {
  return Buffer.from(crypto().hash(algorithm, Buffer.concat([block, content]), "binary"), "latin1");
}

function blocksOf(algorithm: Algorithm, key: Uint8Array): { readonly inner: Buffer; readonly outer: Buffer } {
  const size = algorithm === "sha384" || algorithm === "sha512" ? 128 : BLOCK;
  const short = key.length > size ? crypto().createHash(algorithm).update(key).digest() : key;
  const inner = Buffer.alloc(size, 0x36);
  const outer = Buffer.alloc(size, 0x5c);
  for (const [at, byte] of short.entries()) {
    inner[at] = 0x36 ^ byte;
    outer[at] = 0x5c ^ byte;
  }
  return { inner, outer };
}

const BLOCK = 64;
const SHA256_BYTES = 32;
// Longest text for `quickHmac`, in characters of at most three bytes, so that a buffer of fixed size is enough. Longer
// texts are rare.
const LONGEST = 1_000;
const inner = Buffer.alloc(BLOCK + 3 * LONGEST);
const outer = Buffer.alloc(BLOCK + SHA256_BYTES);
// The beginnings of `inner`, by their length, because making one takes a fifth of the time of a hash.
const beginnings: Buffer[] = [];
// The secret that `prepare` was called with last.
let ready: string | undefined;

function quickHmac(secret: string, text: string): string {
  if (secret !== ready) prepare(secret);
  const end = BLOCK + inner.write(text, BLOCK);
  beginnings[end] ??= inner.subarray(0, end);
  outer.write(crypto().hash("sha256", beginnings[end], "binary"), BLOCK, "latin1");
  const whole = crypto().hash("sha256", outer, "base64url");
  // The eleventh character holds the last four of the 64 bits, and two more that are set to zero.
  const last = DIGITS.indexOf(whole[10] as string) & 0b111100;
  return whole.slice(0, 10) + DIGITS[last];
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function prepare(secret: string): void {
  const blocks = blocksOf("sha256", Buffer.from(secret));
  inner.set(blocks.inner);
  outer.set(blocks.outer);
  ready = secret;
}
