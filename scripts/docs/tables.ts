import type { Property, Types } from "./interfaces.ts";
import { OPTION_TABLES, type OptionTable } from "./option-tables.ts";

/** The properties of a table, those that another table has left out. */
export function propertiesOf(types: Types, { file, name, without }: OptionTable): Property[] {
  const other = OPTION_TABLES.find((table) => table.name === without);
  const known = new Set(other ? types.propertiesOf(other.file, other.name).map((property) => property.name) : []);
  return types.propertiesOf(file, name).filter((property) => !known.has(property.name));
}

/** The table as markdown, one row an option. */
export function optionTable(types: Types, options: OptionTable): string {
  return table(
    ["option", "meaning"],
    propertiesOf(types, options).map((property) => [
      `\`${property.name}\`${property.optional ? "" : " (required)"}`,
      [property.text, code(shortType(property))].filter((text) => text !== "").join(" Type: "),
    ]),
  );
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function shortType({ type }: Property): string {
  const short = type.replace(/\s*\|\s*undefined\b/g, "").replace(/\s+/g, " ");
  return short.includes("=>") ? "function" : short;
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** VitePress reads `{{` and `<` in prose as Vue and HTML; a bar ends the cell. */
function escapeCell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : escapeText(part)))
    .join("")
    .replaceAll("|", "\\|");
}

/** Text that VitePress shows as it is. */
export function escapeText(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{{", "&#123;&#123;");
}
