import { issueBy, type OpleadIssue } from "../../base/issues.ts";
import { CONFIG } from "../../base/texts/en/config.ts";

/** Names of columns that hold postcodes, in the languages of Oplead's countries, without spaces and accents. */
const ZIP_COLUMN = /^(?:zip|zipcode|postalcode|postcode|plz|cp|codepostal|codpostal|cap|codicepostale)$/;

/** A number that a spreadsheet has shortened: `3,36E+10`. Its last digits are lost. */
const SHORTENED = /^\d[.,]\d+E\+\d+$/i;

const FIVE_DIGITS = /^\d{5}$/;
const FOUR_DIGITS = /^\d{4}$/;

/** How many rows an issue names. */
const SHOWN = 5;

/** A column, and the rows in which its cells look like something. */
interface Column {
  readonly name: string;
  readonly isZip: boolean;
  fiveDigits: number;
  readonly fourDigits: number[];
  readonly shortened: number[];
}

/** Collects damage to the cells of a file that a spreadsheet has probably done. */
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

  issues(): OpleadIssue[] {
    // A column of Belgian or Swiss codes has four digits throughout.
    const zeroLost = this.#columns.filter(({ fiveDigits, fourDigits }) => fiveDigits > fourDigits.length);
    return [
      ...zeroLost.flatMap(({ name, fourDigits }) => issueIn("zip_codes_lost_zero", name, fourDigits)),
      ...this.#columns.flatMap(({ name, shortened }) => issueIn("numbers_shortened", name, shortened)),
    ];
  }
}

const issue = /* @__PURE__ */ issueBy(CONFIG);

/** No issue where there is no row. */
function issueIn(
  code: "zip_codes_lost_zero" | "numbers_shortened",
  column: string,
  rows: readonly number[],
): OpleadIssue[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, SHOWN);
  return [issue(column, code, { column, rows: shown, more: rows.length - shown.length })];
}
