import type { OpleadIssue } from "../../../base/issues.ts";
import { issueAt } from "../../../base/issues.ts";
import { tellRow } from "../../../locales/en/config.ts";
import { firstOf } from "../source.ts";

/** Names of columns that hold postcodes, in the languages of Oplead's countries, without spaces and accents. */
const ZIP_COLUMN = /^(?:zip|zipcode|postalcode|postcode|plz|cp|codepostal|codpostal|cap|codicepostale)$/;

/** A number that a spreadsheet has shortened: `3,36E+10`. Its last digits are lost. */
const SHORTENED = /^\d[.,]\d+E\+\d+$/i;

/** Values that a failed formula shows, in English and French. */
const ERROR_VALUE =
  /^#(?:N\/A|REF!|VALUE!|VALEUR!|DIV\/0!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!|SPILL!|EPARS!|CALC!|GETTING_DATA)$/;

/** Stands for a formula whose value was not saved. No cell of a workbook can hold this text. */
export const NO_VALUE = "\0formula";

/** States of a person or a company that is not active any more, in French and English: their letters in lower case. */
const GONE =
  /^(?:sorti|parti|inacti[fv]|desactive|quitte|archive|suspendu|demissionnaire|licencie|retraite|radie|ferme|cloture)e?s?$|^(?:inactive|disabled|terminated|archived|suspended|resigned|dismissed|retired|closed|left)$/;

/** A column with more values than this holds no states. */
const MOST_STATES = 12;

const FIVE_DIGITS = /^\d{5}$/;
const FOUR_DIGITS = /^\d{4}$/;

const DAMAGES = ["zip_codes_lost_zero", "numbers_shortened", "error_cells", "formulas_without_value"] as const;

type Damage = (typeof DAMAGES)[number];

/** A column, and where its cells look damaged. */
interface Column {
  readonly name: string;
  readonly isZip: boolean;
  fiveDigits: number;
  readonly places: Readonly<Record<Damage, Place[]>>;
  /** The values so far, each with the records in which it says that a person has left; undefined for a column that holds no states. */
  states: Map<string, number[] | false> | undefined;
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
      const letters = lettersOf(name);
      const places = { zip_codes_lost_zero: [], numbers_shortened: [], error_cells: [], formulas_without_value: [] };
      return { name, isZip: ZIP_COLUMN.test(letters), fiveDigits: 0, places, states: new Map() };
    });
  }

  look(index: number, cell: string, place: Place): void {
    const column = this.#columns[index];
    if (column?.isZip && FIVE_DIGITS.test(cell)) column.fiveDigits += 1;
    if (column?.isZip && FOUR_DIGITS.test(cell)) column.places.zip_codes_lost_zero.push(place);
    if (cell.includes("+") && SHORTENED.test(cell)) column?.places.numbers_shortened.push(place);
    if (cell.startsWith("#") && ERROR_VALUE.test(cell)) column?.places.error_cells.push(place);
    if (cell === NO_VALUE) column?.places.formulas_without_value.push(place);
    if (column?.states && column.states.get(cell) !== false)
      column.states = withState(column.states, cell, place.record);
  }

  /** One for each kind of damage to a column, with its first rows. */
  issues(): OpleadIssue[] {
    return this.#found().map(({ damage, name, places }) => {
      const { first, more } = firstOf(places.map(({ row }) => row));
      return issueAt(name, tellRow(damage, { column: name, rows: first, more }));
    });
  }

  /** One for each damaged cell. */
  *byRecord(): Generator<readonly [record: number, OpleadIssue]> {
    for (const { damage, name, places } of this.#found()) {
      for (const { record, row } of places)
        yield [record, issueAt(name, tellRow(damage, { column: name, rows: [row], more: 0 }))];
    }
  }

  /** Values that look as if a person had left. Not a finding of the file: `map` may leave such rows out. */
  *states(): Generator<readonly [record: number, OpleadIssue]> {
    for (const { name, states } of this.#columns) {
      for (const [value, records] of states ?? []) {
        for (const record of records || []) yield [record, issueAt(name, tellRow("state_of_leaver", { value }))];
      }
    }
  }

  #found() {
    const found = DAMAGES.flatMap((damage) =>
      this.#columns.map(({ name, fiveDigits, places: { [damage]: places } }) => {
        // A column of Belgian or Swiss codes has four digits throughout.
        const isUsual = damage === "zip_codes_lost_zero" && fiveDigits <= places.length;
        return { damage, name, places: isUsual ? [] : places };
      }),
    );
    return found.filter(({ places }) => places.length > 0);
  }
}

/** The states with one more; undefined if there are too many values. */
function withState(states: NonNullable<Column["states"]>, cell: string, record: number): Column["states"] {
  const known = states.get(cell);
  if (known) known.push(record);
  else if (states.size === MOST_STATES) return undefined;
  else states.set(cell, GONE.test(lettersOf(cell)) ? [record] : false);
  return states;
}

function lettersOf(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}
