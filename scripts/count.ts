// `npm run count`: what a user has to learn and a change has to read, against limits that only go down.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { runFlags } from "../src/command/run/report.ts";
import { configFlags } from "../src/command/shell/program.ts";
import { compilerOptions } from "../tsconfig.json" with { type: "json" };
import { type ListedCommand, listCommands } from "./docs/commands.ts";
import { docsPages } from "./docs/generate.ts";
import { Types } from "./docs/interfaces.ts";
import { OPTION_TABLES, type OptionTable, propertiesOf } from "./docs/options.ts";
import { readPublicNames } from "./public-names.ts";
import { filesOf, innerDocstrings, sizeOf } from "./sizes.ts";

interface Figure {
  readonly name: string;
  readonly amount: number;
  readonly most?: number;
  readonly details?: readonly string[];
}

const ENTRY_POINTS = 13;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

async function figures(): Promise<Figure[]> {
  const { commands, subcommands, most } = await countCommands();
  const entries = Object.entries(compilerOptions.paths).flatMap(([name, files]) =>
    name.startsWith("oplead-sdk") ? files.map((file) => file.replace("./", "")) : [],
  );
  const types = new Types([...new Set([...entries, ...OPTION_TABLES.map(({ file }) => file)])]);
  const { values, names, hidden, declarations } = readPublicNames(types.program, entries);
  const inner = innerDocstrings(types.program, filesOf("src"), declarations).sort((a, b) => b.words - a.words);
  const src = sizeOf(filesOf("src"));
  const test = sizeOf(filesOf("test"));
  const { options, fields } = countOptions(types);
  const entryPoints = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
  // Of the pages that are made from the source only the runbook is written by hand.
  const made = Object.keys(await docsPages()).filter((page) => page !== "operate/runbook.md");
  const pages = execFileSync("git", ["ls-files", "docs/**/*.md", "docs/*.md"], { encoding: "utf8" })
    .trim()
    .split("\n")
    .filter((page) => !made.includes(page.slice(5)));
  const docs = pages.flatMap((file) => readFileSync(file, "utf8").split(/\s+/).filter(Boolean)).length;
  const readme = readFileSync("README.md", "utf8").trimEnd().split(/\r?\n/);
  const long = readme.flatMap((line, index) =>
    line.length > 400 ? [`README.md:${index + 1}: ${line.length} columns`] : [],
  );
  return [
    { name: "commands", amount: commands, most: 20 },
    { name: "subcommands", amount: subcommands, most: 15 },
    { name: "flags of one command", amount: most.flags, most: 12, details: [most.path] },
    {
      name: "entry points beside the thirteen, or missing",
      amount: Math.abs(entryPoints.length - ENTRY_POINTS),
      most: 0,
      details: entryPoints,
    },
    { name: "exported values", amount: values, most: 84 },
    { name: "exported names", amount: names, most: 324 },
    {
      name: "types that are not exported",
      amount: hidden.length,
      most: 0,
      details: hidden.map(({ name, file, reachedBy }) => `${name} of ${file}, by ${reachedBy}`),
    },
    { name: "options", amount: options, most: 150 },
    { name: "fields of a config and its sources", amount: fields },
    { name: "tokens of src", amount: src.tokens, most: 476_350 },
    { name: "tokens of test", amount: test.tokens, most: 562_650 },
    { name: "tokens of scripts", amount: sizeOf(filesOf("scripts")).tokens, most: 47_460 },
    { name: "words of comments in src", amount: src.words, most: 56_400 },
    {
      name: "words of docstrings in src that no user sees",
      amount: inner.reduce((sum, { words }) => sum + words, 0),
      most: 300,
      details: inner.slice(0, 10).map(({ place, words }) => `${place}: ${words} words`),
    },
    { name: "words of comments in test", amount: test.words, most: 8_310 },
    { name: "words of docs", amount: docs, most: 38_400 },
    { name: "lines of README", amount: readme.length, most: 107 },
    { name: "lines of README over 400 characters", amount: long.length, most: 0, details: long },
  ];
}

for (const { name, amount, most, details = [] } of await figures()) {
  const isOver = most !== undefined && amount > most;
  const limit = most === undefined ? "" : `of at most ${String(most).padStart(6)}`;
  console.log(`${isOver ? "over" : "ok  "}  ${String(amount).padStart(6)} ${limit.padEnd(18)}  ${name}`);
  if (!isOver) continue;
  process.exitCode = 1;
  for (const detail of details) console.log(`        ${detail}`);
}

// Without the flags that commands share: of every command (`--json`), of the config, of runs (`--report`).
async function countCommands() {
  const shared = new Set(
    [...runFlags(new Command()).options, ...configFlags(new Command()).options].map(({ long }) => long),
  );
  const listed = await listCommands();
  const flagsOf = ({ path, command }: ListedCommand) => ({
    path,
    flags: command.options.filter(({ long }) => !shared.has(long)).length,
  });
  const [most = { path: "", flags: 0 }] = listed.map(flagsOf).sort((a, b) => b.flags - a.flags);
  const subcommands = listed.filter(({ parent }) => parent !== undefined).length;
  return { commands: listed.length - subcommands, subcommands, most };
}

// One for each key path of an entry point (`guard.maxNew` of `/sync`); a key of several functions, or that an interface
// has from another, counts once.
function countOptions(types: Types) {
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

// Empty for options that a function takes.
function keyAbove(types: Types, { entry, title }: OptionTable): string {
  const key = /(?:^|: )(\w+)$/.exec(title)?.[1];
  const isKey = OPTION_TABLES.some(
    (other) => other.entry === entry && propertiesOf(types, other).some(({ name }) => name === key),
  );
  return isKey ? `${key}.` : "";
}
