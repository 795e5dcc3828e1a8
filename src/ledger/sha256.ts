/*
 * SHA-256 (FIPS 180-4), synchronous. WebCrypto has only an asynchronous one, which costs five to ten times as much for
 * texts as short as a user or a rule, and node:crypto is not there on edge workers, where the webhook runs.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND = new Int32Array(64);
/** The same of the square roots of the first eight. */
const START = new Int32Array(8);

for (let candidate = 2, count = 0; count < 64; candidate += 1) {
  let prime = true;
  for (let factor = 2; factor * factor <= candidate; factor += 1) prime &&= candidate % factor !== 0;
  if (!prime) continue;
  ROUND[count] = fraction(Math.cbrt(candidate));
  if (count < 8) START[count] = fraction(Math.sqrt(candidate));
  count += 1;
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}

const encoder = new TextEncoder();
const words = new Int32Array(64);
let bytes = new Uint8Array(4096);

/** The hash of a text in UTF-8, as eight big-endian words. */
export function sha256(text: string): Int32Array {
  // At most three bytes for each UTF-16 unit, and up to 72 of padding.
  if (bytes.length < text.length * 3 + 72) bytes = new Uint8Array(text.length * 6 + 72);
  const { written } = encoder.encodeInto(text, bytes);
  const end = (written + 72) & ~63;
  bytes.fill(0, written, end);
  bytes[written] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(end - 8, Math.floor(written / 2 ** 29));
  view.setUint32(end - 4, written << 3);

  const hash = START.slice();
  for (let offset = 0; offset < end; offset += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(offset + i * 4);
    mix(hash);
  }
  return hash;
}

/** One block of 64 bytes, which the first 16 words hold. */
function mix(hash: Int32Array): void {
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15] as number;
    const y = words[i - 2] as number;
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND[i] as number) + (words[i] as number)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    hash[i] = (hash[i] as number) + word;
  });
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
