/** Which users hold a value, in the order in which they took it. A list, because a fake may be told to allow duplicates. */
export class Holders {
  readonly #ids: Map<string, readonly string[]>;

  constructor(copied?: Holders) {
    this.#ids = new Map(copied ? copied.#ids : []);
  }

  first(value: string): string | undefined {
    return this.#ids.get(value)?.[0];
  }

  move(id: string, from: string | null | undefined, to: string | null | undefined): void {
    if (from === to) return;
    if (typeof from === "string") {
      const rest = (this.#ids.get(from) ?? []).filter((holder) => holder !== id);
      if (rest.length > 0) this.#ids.set(from, rest);
      else this.#ids.delete(from);
    }
    if (typeof to === "string") this.#ids.set(to, [...(this.#ids.get(to) ?? []), id]);
  }

  /** The values that several users hold. */
  shared(): string[] {
    return [...this.#ids].filter(([, ids]) => ids.length > 1).map(([value]) => value);
  }
}
