/** Gives texts places in lists: the report writes each text once, and its place wherever it is used. */
export class TextTable {
  readonly lists: { [list: string]: string[] };
  readonly #places = new Map<string, number>();

  constructor(lists: { readonly [list: string]: readonly string[] } = {}) {
    this.lists = Object.fromEntries(Object.entries(lists).map(([list, items]) => [list, [...items]]));
  }

  placeOf(list: string, text: string): number {
    const key = `${list} ${text}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.lists[list] ??= [];
    const place = this.lists[list].push(text) - 1;
    this.#places.set(key, place);
    return place;
  }

  textAt(list: string, place: number): string {
    return this.lists[list]?.[place] ?? "";
  }
}
