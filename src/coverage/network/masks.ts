/** A set of cells, one bit each. Beyond its end no bit is set. */
export type Mask = Uint32Array;

export function setBit(mask: Mask, bit: number): void {
  const word = bit >>> 5;
  mask[word] = (mask[word] ?? 0) | (1 << (bit & 31));
}

/** The numbers of the bits that are set, in ascending order. */
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
  return mask.every((word) => word === 0);
}

export function isWithin(small: Mask, large: Mask): boolean {
  for (let word = 0; word < small.length; word += 1) {
    if (((small[word] ?? 0) & ~(large[word] ?? 0)) !== 0) return false;
  }
  return true;
}

/** Whether two masks have a bit in common. */
export function meets(one: Mask, other: Mask): boolean {
  for (let word = 0; word < one.length; word += 1) {
    if (((one[word] ?? 0) & (other[word] ?? 0)) !== 0) return true;
  }
  return false;
}

export function without(mask: Mask, taken: Mask): Mask {
  return mask.map((word, index) => word & ~(taken[index] ?? 0));
}

export function union(one: Mask, other: Mask): Mask {
  return one.map((word, index) => word | (other[index] ?? 0));
}

export function intersection(one: Mask, other: Mask): Mask {
  return one.map((word, index) => word & (other[index] ?? 0));
}
