/** The bits of a packed text: six a character, as in base64url. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS = 6;

/**
 * Packs numbers, which are no more than 2^32, into a short text: the distances between them in Golomb-Rice code. Numbers that are spread
 * evenly below `2^bits` times their count take a little more than `bits + 1` bits each.
 */
export function packNumbers(numbers: Iterable<number>, bits: number): string {
  const sorted = Float64Array.from(new Set(numbers)).sort();
  const size = 2 ** bits;
  let text = "";
  let digit = 0;
  let used = 0;
  const put = (bit: number): void => {
    digit = digit * 2 + bit;
    used += 1;
    if (used < BITS) return;
    text += DIGITS[digit];
    digit = 0;
    used = 0;
  };
  let before = -1;
  for (const number of sorted) {
    const distance = number - before - 1;
    before = number;
    for (let ones = Math.floor(distance / size); ones > 0; ones -= 1) put(1);
    put(0);
    for (let at = bits - 1; at >= 0; at -= 1) put(Math.floor(distance / 2 ** at) % 2);
  }
  // What is left of the last character looks like the beginning of a number that has no end.
  while (used > 0) put(1);
  return text;
}

/** The numbers that {@link packNumbers} packed. A damaged text gives others, and nothing more. */
export function unpackNumbers(text: string, bits: number): Set<number> {
  const numbers = new Set<number>();
  const end = text.length * BITS;
  const bitAt = (at: number): number =>
    (DIGITS.indexOf(text.charAt(Math.floor(at / BITS))) >> (BITS - 1 - (at % BITS))) & 1;
  let number = -1;
  let at = 0;
  while (at < end) {
    let distance = 0;
    for (; at < end && bitAt(at) === 1; at += 1) distance += 1;
    at += 1;
    if (at + bits > end) break;
    for (let rest = bits; rest > 0; rest -= 1, at += 1) distance = distance * 2 + bitAt(at);
    number += distance + 1;
    numbers.add(number);
  }
  return numbers;
}
