/** Names of columns that hold zip codes, in the languages of Oplead's countries, without spaces and accents. */
const ZIP_COLUMN = /^(?:zip|zipcode|postalcode|postcode|plz|cp|codepostal|codpostal|cap|codicepostale)$/;

/** A number that a spreadsheet has shortened: `3,36E+10`. Its last digits are lost. */
const SHORTENED = /^\d[.,]\d+E\+\d+$/i;

const FIVE_DIGITS = /^\d{5}$/;
const FOUR_DIGITS = /^\d{4}$/;

/** How many rows a sentence names. */
const SHOWN = 5;

/** A column, and the rows in which its cells look like something. */
interface Column {
  readonly name: string;
  readonly isZip: boolean;
  fiveDigits: number;
  readonly fourDigits: number[];
  readonly shortened: number[];
}

/** Collects what a spreadsheet has probably done to the cells of a file. */
export class CellFindings {
  readonly #columns: readonly Column[];

  constructor(names: readonly string[]) {
    this.#columns = names.map((name) => {
      const letters = name
        .normalize("NFD")
        .toLowerCase()
        .replace(/[^a-z]/g, "");
      return { name, isZip: ZIP_COLUMN.test(letters), fiveDigits: 0, fourDigits: [], shortened: [] };
    });
  }

  look(index: number, cell: string, row: number): void {
    const column = this.#columns[index];
    if (column?.isZip && FIVE_DIGITS.test(cell)) column.fiveDigits += 1;
    if (column?.isZip && FOUR_DIGITS.test(cell)) column.fourDigits.push(row);
    if (cell.includes("+") && SHORTENED.test(cell)) column?.shortened.push(row);
  }

  sentences(): string[] {
    // A column of Belgian or Swiss codes has four digits throughout.
    const zeroLost = this.#columns.filter(({ fiveDigits, fourDigits }) => fiveDigits > fourDigits.length);
    return [
      ...zeroLost.flatMap(({ name, fourDigits }) =>
        sentence(
          name,
          fourDigits,
          "the zip code has four digits and most others have five, so a leading zero was probably lost. " +
            "Give the column the format Text before you enter or import the codes.",
        ),
      ),
      ...this.#columns.flatMap(({ name, shortened }) =>
        sentence(
          name,
          shortened,
          "the number was shortened by a spreadsheet (1,23E+10) and its last digits are lost. " +
            "Give the column the format Text and export it again from where it comes from.",
        ),
      ),
    ];
  }
}

/** No sentence where there is no row. */
function sentence(column: string, rows: readonly number[], what: string): string[] {
  if (rows.length === 0) return [];
  const more = rows.length > SHOWN ? ` and ${rows.length - SHOWN} more` : "";
  const where = `${rows.length === 1 ? "row" : "rows"} ${rows.slice(0, SHOWN).join(", ")}${more}`;
  return [`${where}, column ${JSON.stringify(column)}: ${what}`];
}
