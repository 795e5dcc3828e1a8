import type { Mask } from "./cells.ts";

/**
 * Counts, for every cell at once, how many masks have its bit. The counts are kept by binary digit: digit 0 of all cells,
 * then digit 1 and so on, so that adding a mask costs a few operations per 32 cells.
 */
export class Tally {
  readonly #words: number;
  readonly #digits: Uint32Array[] = [];

  constructor(words: number) {
    this.#words = words;
  }

  clear(): void {
    for (const digit of this.#digits) digit.fill(0);
  }

  add(mask: Mask): void {
    this.#addAt(0, mask);
  }

  addTally(other: Tally): void {
    for (const [place, digit] of other.#digits.entries()) this.#addAt(place, digit);
  }

  /** The cells with a count of 0 among those given. */
  none(all: Mask): Mask {
    return all.map((word, index) => word & ~this.#anyFrom(0, index));
  }

  /** The cells with a count of 1. */
  one(): Mask {
    const mask = new Uint32Array(this.#words);
    for (let word = 0; word < this.#words; word += 1) {
      mask[word] = (this.#digits[0]?.[word] ?? 0) & ~this.#anyFrom(1, word);
    }
    return mask;
  }

  /** The cells with a higher count than a number. */
  moreThan(number: number): Mask {
    const mask = new Uint32Array(this.#words);
    const places = Math.max(this.#digits.length, Math.ceil(Math.log2(number + 1)));
    for (let word = 0; word < this.#words; word += 1) {
      let more = 0;
      let equal = 0xffffffff;
      for (let place = places - 1; place >= 0; place -= 1) {
        const digit = this.#digits[place]?.[word] ?? 0;
        if (Math.floor(number / 2 ** place) % 2 === 1) equal &= digit;
        else {
          more |= equal & digit;
          equal &= ~digit;
        }
      }
      mask[word] = more;
    }
    return mask;
  }

  #addAt(place: number, mask: Mask): void {
    for (let word = 0; word < this.#words; word += 1) {
      let carry = mask[word] as number;
      for (let at = place; carry !== 0; at += 1) {
        while (this.#digits.length <= at) this.#digits.push(new Uint32Array(this.#words));
        const digit = this.#digits[at] as Uint32Array;
        const before = digit[word] as number;
        digit[word] = before ^ carry;
        carry &= before;
      }
    }
  }

  #anyFrom(place: number, word: number): number {
    let any = 0;
    for (let at = place; at < this.#digits.length; at += 1) any |= this.#digits[at]?.[word] ?? 0;
    return any;
  }
}
