import { issueBy, type OpleadIssue } from "../../../base/issues.ts";
import { CONFIG } from "../../../base/texts/en/config.ts";

/** Names of columns that hold postcodes, in the languages of Oplead's countries, without spaces and accents. */
const ZIP_COLUMN = /^(?:zip|zipcode|postalcode|postcode|plz|cp|codepostal|codpostal|cap|codicepostale)$/;

/** A number that a spreadsheet has shortened: `3,36E+10`. Its last digits are lost. */
const SHORTENED = /^\d[.,]\d+E\+\d+$/i;

/** Values that a failed formula shows, in English and French. */
const ERROR_VALUE =
  /^#(?:N\/A|REF!|VALUE!|VALEUR!|DIV\/0!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!|SPILL!|EPARS!|CALC!|GETTING_DATA)$/;

/** Stands for a formula whose value was not saved. No cell of a workbook can hold this text. */
export const NO_VALUE = "\0formula";

const FIVE_DIGITS = /^\d{5}$/;
const FOUR_DIGITS = /^\d{4}$/;

/** How many rows an issue names. */
const SHOWN = 5;

/** A column, and the rows in which its cells look like something. */
interface Column {
  readonly name: string;
  readonly isZip: boolean;
  fiveDigits: number;
  readonly fourDigits: Place[];
  readonly shortened: Place[];
  readonly errors: Place[];
  readonly withoutValue: Place[];
}

/** A record, counted from 0, and its row, as a spreadsheet counts. */
interface Place {
  readonly record: number;
  readonly row: number;
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
      return {
        name,
        isZip: ZIP_COLUMN.test(letters),
        fiveDigits: 0,
        fourDigits: [],
        shortened: [],
        errors: [],
        withoutValue: [],
      };
    });
  }

  look(index: number, cell: string, place: Place): void {
    const column = this.#columns[index];
    if (column?.isZip && FIVE_DIGITS.test(cell)) column.fiveDigits += 1;
    if (column?.isZip && FOUR_DIGITS.test(cell)) column.fourDigits.push(place);
    if (cell.includes("+") && SHORTENED.test(cell)) column?.shortened.push(place);
    if (cell.startsWith("#") && ERROR_VALUE.test(cell)) column?.errors.push(place);
    if (cell === NO_VALUE) column?.withoutValue.push(place);
  }

  /** One for each kind of damage to a column, with its first rows. */
  issues(): OpleadIssue[] {
    return this.#found().map(({ code, name, places }) => {
      const rows = places.slice(0, SHOWN).map(({ row }) => row);
      return issue(name, code, { column: name, rows, more: places.length - rows.length });
    });
  }

  /** One for each damaged cell. */
  *byRecord(): Generator<readonly [record: number, OpleadIssue]> {
    for (const { code, name, places } of this.#found()) {
      for (const { record, row } of places) yield [record, issue(name, code, { column: name, rows: [row], more: 0 })];
    }
  }

  #found(): Damage[] {
    // A column of Belgian or Swiss codes has four digits throughout.
    const zeroLost = this.#columns.filter(({ fiveDigits, fourDigits }) => fiveDigits > fourDigits.length);
    const all: Damage[] = [
      ...zeroLost.map(({ name, fourDigits }) => ({ code: "zip_codes_lost_zero", name, places: fourDigits }) as const),
      ...this.#columns.map(({ name, shortened }) => ({ code: "numbers_shortened", name, places: shortened }) as const),
      ...this.#columns.map(({ name, errors }) => ({ code: "error_cells", name, places: errors }) as const),
      ...this.#columns.map(
        ({ name, withoutValue }) => ({ code: "formulas_without_value", name, places: withoutValue }) as const,
      ),
    ];
    return all.filter(({ places }) => places.length > 0);
  }
}

interface Damage {
  readonly code: "zip_codes_lost_zero" | "numbers_shortened" | "error_cells" | "formulas_without_value";
  readonly name: string;
  readonly places: readonly Place[];
}

const issue = /* @__PURE__ */ issueBy(CONFIG);
