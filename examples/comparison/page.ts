// npx tsx examples/comparison/page.ts: writes what run.mjs saved into docs/explain/comparison.md, between the two comments.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PAGE = new URL("../../docs/explain/comparison.md", import.meta.url);
const BEGIN = "<!-- the table is made by examples/comparison/page.ts -->\n\n";
const END = "<!-- end of the table -->";

type Program = "by-hand.mjs" | "with-sdk.mjs";

interface Night {
  readonly arrived: number;
  readonly doubled: number;
  readonly wrongRules: number;
  readonly requests: number;
}

interface Run {
  readonly program: Program;
  /** Whether the fake refused a second user with the same account number. */
  readonly uniqueAccountNumbers: boolean;
  /** `hit`: how many requests a fault hit, in percent. */
  readonly first: Night & { readonly seconds: number; readonly hit: number };
  readonly second: Night;
}

export interface Results {
  readonly runs: readonly Run[];
}

/** Lines that are neither empty nor a comment. */
function linesOfCode(file: Program): number {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8").split("\n");
  return lines.filter((line) => !/^\s*(?:\/\/|\/?\*|$)/.test(line)).length;
}

/** The table of the results; each cell has the least and the most of all runs. */
function tableOf({ runs }: Results): string {
  const of = (program: Program, unique: boolean) =>
    runs.filter((run) => run.program === program && run.uniqueAccountNumbers === unique);
  const range = (values: readonly number[]): string => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return least === most ? String(least) : `${least}–${most}`;
  };
  const columns: readonly (readonly [Program, boolean])[] = [
    ["by-hand.mjs", true],
    ["with-sdk.mjs", true],
    ["by-hand.mjs", false],
    ["with-sdk.mjs", false],
  ];
  const row = (title: string, value: (run: Run) => number): string[] => [
    title,
    ...columns.map(([program, unique]) => range(of(program, unique).map(value))),
  ];
  const rows = [
    ["", "by hand", "oplead-sdk", "by hand, duplicates possible", "oplead-sdk, duplicates possible"],
    row("users that arrived", ({ first }) => first.arrived),
    row("of them twice", ({ first }) => first.doubled),
    row("of them with a rule missing", ({ first }) => first.wrongRules),
    row("requests", ({ first }) => first.requests),
    row("seconds", ({ first }) => Math.round(first.seconds)),
    row("after the second night: users that arrived", ({ second }) => second.arrived),
    row("of them twice", ({ second }) => second.doubled),
    row("requests of the second night", ({ second }) => second.requests),
    ["lines of code", ...columns.map(([program]) => String(linesOfCode(program)))],
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((cells) => cells[column + 1]?.length ?? 0)));
  widths.unshift(Math.max(...rows.map(([title = ""]) => title.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [head = "", ...body] = rows.map(line);
  return [head, rule, ...body, "", ""].join("\n");
}

/** The page with the table of these results. */
export function pageWith(page: string, results: Results): string {
  const [before = ""] = page.split(BEGIN);
  return `${before}${BEGIN}${tableOf(results)}${page.slice(page.indexOf(END))}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = JSON.parse(readFileSync(new URL("results.json", import.meta.url), "utf8"));
  writeFileSync(PAGE, pageWith(readFileSync(PAGE, "utf8"), results));
}
