/**
 * Counts what a user has to learn, and what a change has to read, prints the figures, and fails where one is over its limit.
 *
 *     npm run count
 *
 * There is no limit on the lines of src/: a file is as long as a reader wants it.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import manifest from "../package.json" with { type: "json" };
import { compilerOptions } from "../tsconfig.json" with { type: "json" };
import { countCommands } from "./count/commands.ts";
import { longCode, longLines } from "./count/lines.ts";
import { countOptions } from "./count/options.ts";
import { readPublicNames } from "./count/public-types.ts";
import { readTypes } from "./docs/options.ts";

interface Figure {
  readonly name: string;
  readonly amount: number;
  /** Undefined: it is only reported. */
  readonly most?: number;
  /** Where the figure is over its limit, or comes from. */
  readonly details?: readonly string[];
}

/** Entry points are neither more nor fewer. */
const ENTRY_POINTS = 12;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

async function figures(): Promise<Figure[]> {
  const { commands, subcommands, most } = await countCommands();
  const entries = Object.entries(compilerOptions.paths).flatMap(([name, files]) =>
    name.startsWith("oplead-sdk") ? files.map((file) => file.replace("./", "")) : [],
  );
  const { values, names, hidden } = readPublicNames(entries);
  const { options, fields } = countOptions(readTypes());
  const entryPoints = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
  const long = [...longLines("README.md", 400), ...longCode("src", 120)];
  const readme = long.filter(({ place }) => place.startsWith("README"));
  const code = long.filter(({ place }) => !place.startsWith("README"));
  const told = (lines: typeof long) => lines.map(({ place, columns }) => `${place}: ${columns} columns`);
  return [
    { name: "commands", amount: commands, most: 20 },
    { name: "subcommands", amount: subcommands, most: 15 },
    { name: "flags of one command", amount: most.flags, most: 12, details: [most.path] },
    {
      name: "entry points beside the twelve, or missing",
      amount: Math.abs(entryPoints.length - ENTRY_POINTS),
      most: 0,
      details: entryPoints,
    },
    { name: "exported values", amount: values, most: 95 },
    { name: "exported names", amount: names, most: 500 },
    {
      name: "types that are not exported",
      amount: hidden.length,
      most: 0,
      details: hidden.map(({ name, file, reachedBy }) => `${name} of ${file}, by ${reachedBy}`),
    },
    { name: "options", amount: options, most: 240 },
    { name: "fields of a config and its sources", amount: fields },
    { name: "lines of README", amount: readFileSync("README.md", "utf8").trimEnd().split("\n").length, most: 180 },
    { name: "lines of README over 400 characters", amount: readme.length, most: 0, details: told(readme) },
    { name: "lines of src/ over 120 columns", amount: code.length, most: 0, details: told(code) },
  ];
}

for (const { name, amount, most, details = [] } of await figures()) {
  const isOver = most !== undefined && amount > most;
  const limit = most === undefined ? "" : `of at most ${String(most).padStart(3)}`;
  console.log(`${isOver ? "over" : "ok  "}  ${String(amount).padStart(4)} ${limit.padEnd(14)}  ${name}`);
  if (!isOver) continue;
  process.exitCode = 1;
  for (const detail of details) console.log(`        ${detail}`);
}
