// A set of cells (kinds of leads), one bit for each. Missing words count as zeros.
export type Mask = Uint32Array;

export function setBit(mask: Mask, bit: number): void {
  const word = bit >>> 5;
  mask[word] = (mask[word] ?? 0) | (1 << (bit & 31));
}

// Returns the numbers of the bits that are set, ascending.
export function bitsOf(mask: Mask): number[] {
  const bits: number[] = [];
  for (let word = 0; word < mask.length; word += 1) {
    for (let rest = mask[word] ?? 0; rest !== 0; rest &= rest - 1) {
      bits.push(word * 32 + 31 - Math.clz32(rest & -rest));
    }
  }
  return bits;
}

export function isEmpty(mask: Mask): boolean {
  for (let word = 0; word < mask.length; word += 1) if (mask[word] !== 0) return false;
  return true;
}

export function isWithin(small: Mask, large: Mask): boolean {
  for (let word = 0; word < small.length; word += 1) {
    if (((small[word] ?? 0) & ~(large[word] ?? 0)) !== 0) return false;
  }
  return true;
}

export function meets(one: Mask, other: Mask): boolean {
  for (let word = 0; word < one.length; word += 1) {
    if (((one[word] ?? 0) & (other[word] ?? 0)) !== 0) return true;
  }
  return false;
}

// These functions use loops because they run millions of times, and `map` of a typed array calls a function for each
// word.
export function without(mask: Mask, taken: Mask): Mask {
  const found = mask.slice();
  for (let word = 0; word < found.length; word += 1) found[word] = (found[word] ?? 0) & ~(taken[word] ?? 0);
  return found;
}

export function union(one: Mask, other: Mask): Mask {
  const found = one.slice();
  addTo(found, other);
  return found;
}

export function intersection(one: Mask, other: Mask): Mask {
  const found = one.slice();
  for (let word = 0; word < found.length; word += 1) found[word] = (found[word] ?? 0) & (other[word] ?? 0);
  return found;
}

export function addTo(mask: Mask, other: Mask): void {
  for (let word = 0; word < mask.length; word += 1) mask[word] = (mask[word] ?? 0) | (other[word] ?? 0);
}

// Counts for every cell at once how many masks have its bit. The counts are bit-sliced: digit 0 of all cells, then
// digit 1, and so on.
export class Tally {
  readonly #words: number;
  readonly #digits: Uint32Array;

  // Returns the words of 32 bits that counts up to `most` need. `words`: the words of one mask.
  static length(words: number, most: number): number {
    return words * (32 - Math.clz32(most));
  }

  // `digits`: a scratch buffer of zeros, as long as `length` says.
  constructor(words: number, most: number, digits: Uint32Array = new Uint32Array(Tally.length(words, most))) {
    this.#words = words;
    this.#digits = digits;
  }

  clear(): void {
    this.#digits.fill(0);
  }

  add(added: Mask | Tally): void {
    const digits = added instanceof Tally ? added.#digits : added;
    this.addFrom(digits, 0, digits.length);
  }

  // Adds the words from `start` to `end` of `digits`: one mask, or the digits of another tally.
  addFrom(digits: Uint32Array, start: number, end: number): void {
    for (let index = start; index < end; index += 1) {
      let carry = digits[index] ?? 0;
      for (let at = index - start; carry !== 0; at += this.#words) {
        const before = this.#digits[at] ?? 0;
        this.#digits[at] = before ^ carry;
        carry &= before;
      }
    }
  }

  moreThan(limit: number | Tally): Mask {
    const mask = new Uint32Array(this.#words);
    const { length } = this.#digits;
    if (typeof limit === "number" && limit >= 2 ** (length / this.#words)) return mask;
    const digits = typeof limit === "number" ? length : Math.max(length, limit.#digits.length);
    for (let word = 0; word < this.#words; word += 1) {
      let more = 0;
      let equal = 0xffffffff;
      for (let at = digits - this.#words + word; at >= 0; at -= this.#words) {
        const digit = this.#digits[at] ?? 0;
        const other =
          typeof limit === "number" ? -((limit >>> ((at / this.#words) | 0)) & 1) : (limit.#digits[at] ?? 0);
        more |= equal & digit & ~other;
        equal &= ~(digit ^ other);
      }
      mask[word] = more;
    }
    return mask;
  }
}
