// A seed and a name give the same sequence, whatever other names have drawn: a shortened history meets the same faults.
export class Chance {
  readonly #seed: number;
  readonly #streams = new Map<string, () => number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  next(name: string): number {
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = numbersOf(hashOf(`${this.#seed} ${name}`));
      this.#streams.set(name, stream);
    }
    return stream();
  }

  between(name: string, least: number, most: number): number {
    return least + Math.floor(this.next(name) * (most - least + 1));
  }
}

// FNV-1a
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

// mulberry32
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
