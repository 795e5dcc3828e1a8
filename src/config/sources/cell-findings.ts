/** Names of columns that hold zip codes, in the languages of Oplead's countries, without spaces and accents. */
const ZIP_COLUMN = /^(?:zip|zipcode|postalcode|postcode|plz|cp|codepostal|codpostal|cap|codicepostale)$/;

/** A number that a spreadsheet has shortened: `3,36E+10`. Its last digits are lost. */
const SHORTENED = /^\d[.,]\d+E\+\d+$/i;

const FIVE_DIGITS = /^\d{5}$/;
const FOUR_DIGITS = /^\d{4}$/;

/** How many rows a sentence names. */
const SHOWN = 5;

interface Rows {
  count: number;
  first: number[];
}

/** Collects what a spreadsheet has probably done to the cells of a file. */
export class CellFindings {
  readonly #columns: readonly string[];
  readonly #isZip: readonly boolean[];
  readonly #fiveDigits = new Map<number, number>();
  readonly #fourDigits = new Map<number, Rows>();
  readonly #shortened = new Map<number, Rows>();

  constructor(columns: readonly string[]) {
    this.#columns = columns;
    this.#isZip = columns.map((name) => {
      const plain = name
        .normalize("NFD")
        .toLowerCase()
        .replace(/[^a-z]/g, "");
      return ZIP_COLUMN.test(plain);
    });
  }

  look(column: number, cell: string, row: number): void {
    if (this.#isZip[column]) {
      if (FIVE_DIGITS.test(cell)) this.#fiveDigits.set(column, (this.#fiveDigits.get(column) ?? 0) + 1);
      else if (FOUR_DIGITS.test(cell)) note(this.#fourDigits, column, row);
    }
    if (cell.includes("+") && SHORTENED.test(cell)) note(this.#shortened, column, row);
  }

  sentences(): string[] {
    const sentences: string[] = [];
    for (const [column, rows] of this.#fourDigits) {
      // A column of Belgian or Swiss codes has four digits throughout.
      if ((this.#fiveDigits.get(column) ?? 0) <= rows.count) continue;
      sentences.push(
        `${this.#where(column, rows)}: the zip code has four digits and most others have five, so a leading zero was ` +
          "probably lost. Give the column the format Text before you enter or import the codes.",
      );
    }
    for (const [column, rows] of this.#shortened) {
      sentences.push(
        `${this.#where(column, rows)}: the number was shortened by a spreadsheet (1,23E+10) and its last digits are lost. ` +
          "Give the column the format Text and export it again from where it comes from.",
      );
    }
    return sentences;
  }

  #where(column: number, { count, first }: Rows): string {
    const more = count > first.length ? ` and ${count - first.length} more` : "";
    return `${count === 1 ? "row" : "rows"} ${first.join(", ")}${more}, column ${JSON.stringify(this.#columns[column])}`;
  }
}

function note(found: Map<number, Rows>, column: number, row: number): void {
  const rows = found.get(column) ?? { count: 0, first: [] };
  rows.count += 1;
  if (rows.first.length < SHOWN) rows.first.push(row);
  found.set(column, rows);
}
