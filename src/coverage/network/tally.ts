import type { Mask } from "./masks.ts";

/**
 * Counts, for every cell at once, how many masks have its bit. The counts are kept by binary digit: digit 0 of all cells,
 * then digit 1 and so on, so that adding a mask costs a few operations per 32 cells.
 */
export class Tally {
  readonly #words: number;
  readonly #digits: Uint32Array;

  /** How many words its digits have. */
  static length(words: number, most: number): number {
    return words * (32 - Math.clz32(most));
  }

  /** @param most The highest count that is possible. @param digits Where to keep them: as many zeros as `length` says. */
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

  /** Adds a mask, or the digits of a tally, that lie in a larger block of memory. */
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

  /** The cells with a higher count than a number, or than another tally has for them. */
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
