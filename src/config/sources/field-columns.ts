import { isObject } from "../../base/validation/is-object.ts";
import { rowNumberOf } from "./row-number.ts";

/** So many records are compared: a column that fits all of them is the one that `map` reads. */
const COMPARED = 1000;

/** The user that `map` made of a record. */
export interface MadeUser {
  readonly user: unknown;
  readonly rules?: unknown;
}

/** The columns that still fit a field after some records. */
interface Fit {
  readonly columns: Set<string>;
  /** Texts that field and columns had in common. Two are enough. */
  readonly texts: Set<string>;
}

/**
 * Learns from what `map` made of the rows of a table which column fills which field. A column is named only if it is the only one whose text
 * was the field's in every record, empty where the field was, and if at least two texts differ: a constant of `map`, and two columns that
 * are alike, are not told apart. What `map` looks up or puts together has no column.
 */
export class FieldColumns {
  readonly #fits = new Map<string, Fit>();
  /** Columns that had a text so far. They do not fill a field that had none. */
  readonly #filled = new Set<string>();
  #count = 0;

  compare(record: unknown, { user, rules }: MadeUser): void {
    if (this.#count >= COMPARED || rowNumberOf(record) === undefined) return;
    this.#count += 1;
    const cells = new Map(Object.entries(record as object).flatMap(([name, text]) => pairOf(name, text)));
    const fields = new Map([...textsIn(user, ""), ...textsIn(rules, "rules.")]);
    for (const path of fields.keys()) {
      if (this.#fits.has(path)) continue;
      const columns = new Set([...cells.keys()].filter((name) => !this.#filled.has(name)));
      this.#fits.set(path, { columns, texts: new Set() });
    }
    for (const [path, { columns, texts }] of this.#fits) {
      const text = fields.get(path) ?? "";
      for (const name of columns) if ((cells.get(name) ?? "") !== text) columns.delete(name);
      if (text !== "" && columns.size > 0 && texts.size < 2) texts.add(text);
    }
    for (const [name, text] of cells) if (text !== "") this.#filled.add(name);
  }

  /** The columns that are certain, by the path of the field. */
  certain(): Record<string, string> {
    return Object.fromEntries(
      [...this.#fits].flatMap(([path, { columns, texts }]) =>
        columns.size === 1 && texts.size === 2 ? [...columns].map((name) => [path, name] as const) : [],
      ),
    );
  }
}

function pairOf(name: string, value: unknown): [string, string][] {
  return typeof value === "string" || typeof value === "number" ? [[name, plain(String(value))]] : [];
}

function textsIn(value: unknown, path: string): [string, string][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isObject(inner) ? textsIn(inner, `${path}${name}.`) : pairOf(path + name, inner),
  );
}

/** Without what `map` often mends: case, spaces, and zeros that a spreadsheet took. */
function plain(text: string): string {
  return text.toLowerCase().replace(/\s/g, "").replace(/^0+/, "");
}
