import type { Types } from "../docs/interfaces.ts";
import { OPTION_TABLES, type OptionTable } from "../docs/option-tables.ts";
import { propertiesOf } from "../docs/tables.ts";

/**
 * How many options a user can meet: those of the page Options, or the fields of the page Config, which has a file and its sources.
 * One is counted for each key path of an entry point: `guard.maxNew` of `/sync`, `timeoutMs` of `/redis`. A key that several functions
 * of an entry point take counts once, and so does one that an interface has from another (`extends`, `Pick`): the page Config repeats
 * options of `planSync`.
 */
export function countOptions(types: Types): { readonly options: number; readonly fields: number } {
  const paths = new Set<string>();
  const declared = new Set<string>();
  for (const table of OPTION_TABLES) {
    for (const { name, declaredAt } of propertiesOf(types, table)) {
      const path = `${table.entry} ${keyAbove(types, table)}${name}`;
      if (!declared.has(declaredAt)) paths.add(path);
      declared.add(declaredAt);
    }
  }
  const fields = [...paths].filter((path) => path.startsWith("oplead-sdk/config ")).length;
  return { options: paths.size - fields, fields };
}

/** The key under which the options of a table stand, with a dot; empty for those that a function takes. */
function keyAbove(types: Types, { entry, title }: OptionTable): string {
  const key = /(?:^|: )(\w+)$/.exec(title)?.[1];
  const isKey = OPTION_TABLES.some(
    (other) => other.entry === entry && propertiesOf(types, other).some(({ name }) => name === key),
  );
  return isKey ? `${key}.` : "";
}
