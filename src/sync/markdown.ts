import { number } from "./text.ts";

/** A heading with a table of amounts, those of zero left out. */
export function amountsTable(lines: readonly (readonly [amount: number, what: string])[]): string[] {
  const rows = lines.filter(([amount]) => amount > 0).map(([amount, what]) => [number(amount), what]);
  return rows.length === 0 ? [] : markdownTable(["users", ""], rows);
}

/** The first rows of a table under a heading that folds; nothing for an empty list. */
export function foldedTable<T>(
  title: string,
  head: readonly string[],
  items: readonly T[],
  row: (item: T) => readonly string[],
  most = 50,
): string[] {
  if (items.length === 0) return [];
  const more = items.length > most ? ["", `… and ${number(items.length - most)} more`] : [];
  const rows = items.slice(0, most).map(row);
  return [
    "",
    `<details><summary>${title} (${number(items.length)})</summary>`,
    "",
    ...markdownTable(head, rows),
    ...more,
    "",
    "</details>",
  ];
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)];
}

/** Text that stays text: it can neither end its cell, nor become HTML, a link, a mention or emphasis. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>|#@!~&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
