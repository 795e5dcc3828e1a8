/** A set of cells, one bit each. Beyond its end no bit is set. */
export type Mask = Uint32Array;

export function setBit(mask: Mask, bit: number): void {
  const word = bit >>> 5;
  mask[word] = (mask[word] ?? 0) | (1 << (bit & 31));
}

export function hasBit(mask: Mask, bit: number): boolean {
  return (((mask[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
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
  for (let word = 0; word < mask.length; word += 1) if (mask[word] !== 0) return false;
  return true;
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

// Loops: `map` of a typed array calls a function for each word, and these run millions of times.

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

/** Sets the bits of another mask as well. */
export function addTo(mask: Mask, other: Mask): void {
  for (let word = 0; word < mask.length; word += 1) mask[word] = (mask[word] ?? 0) | (other[word] ?? 0);
}
