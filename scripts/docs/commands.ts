import { Command, type Option } from "commander";
import { COMMANDS } from "../../src/command/registry.ts";
import { say } from "../../src/command/say.ts";
import { escapeText, table } from "./options.ts";

export async function commandPage(): Promise<string> {
  const sections: string[] = [];
  const summaries: string[][] = [];
  for (const { path, command, parent, runs } of await listCommands()) {
    sections.push("", `${parent ? "###" : "##"} ${path}`, ...describe(command, path, runs));
    if (runs) summaries.push([`[\`${path}\`](#${path.replaceAll(" ", "-")})`, command.description()]);
  }
  return [
    "# Command",
    "",
    "Every command and its options, made from the program.",
    "",
    "The result goes to standard output, everything else to standard error. With `--json` standard output is always JSON, also after a failure: " +
      '`{ "error": { "code", "message" } }`. There is no option for the token: it comes from the environment, from `.env`, from the config, or from `--token-stdin`.',
    "",
    "## Commands",
    "",
    table(["command", "what it does"], summaries),
    "",
    "## In scripts",
    "",
    "- Notes, progress and warnings go to standard error; `--quiet` leaves them out. `NO_COLOR` is respected. Nothing asks a question without a terminal.",
    "- `--report FILE` writes the report as `.csv`, `.md`, `.json` or `.txt`. See [read a report](../run/morning-after.md).",
    "- Every run has an id and leaves its beginning, its plan, a line for each user, and its end in the audit file, whatever comes of it: see [what happened last night](../run/morning-after.md).",
    "- [Exit codes](../operate/runbook.md#exit-codes) are one table.",
    "- One run per ledger. A second one ends with an error that names the process.",
    "- Ctrl-C and SIGTERM finish the requests in flight and say how many users are left; a second signal stops at once.",
    "- TypeScript configs are loaded by Node where it can (22.18 and newer), else by the package itself, which takes the types off. Enums and imports without an ending work, namespaces do not.",
    ...sections,
    "",
    "Next: [quick start with the command](../start/command.md), or [Config](./config.md) for what the config file may contain.",
    "",
  ].join("\n");
}

export interface ListedCommand {
  readonly path: string;
  readonly command: Command;
  readonly parent: Command | undefined;
  readonly runs: boolean;
}

export async function listCommands(): Promise<ListedCommand[]> {
  const listed: ListedCommand[] = [];
  for (const { name, summary, load } of COMMANDS) {
    const command = new Command("oplead").command(name).description(say(summary));
    const defined = (await load()).define(command);
    const runs = typeof defined === "function" || defined.some(([target]) => target === command);
    listed.push({ path: `oplead ${name}`, command, parent: undefined, runs });
    for (const inner of command.commands)
      listed.push({ path: `oplead ${name} ${inner.name()}`, command: inner, parent: command, runs: true });
  }
  return listed;
}

function describe(command: Command, path: string, runs: boolean): string[] {
  const lines = ["", `${capitalised(command.description())}.`];
  if (!runs) return lines;
  lines.push("", "```text", `${path} ${command.usage()}`, "```");
  const { registeredArguments, options } = command;
  if (registeredArguments.length + options.length > 0) {
    const rows = [
      ...registeredArguments.map((argument) => [`\`${argument.name()}\``, argument.description]),
      ...options.map((option) => [`\`${option.flags}\``, meaning(option)]),
    ];
    lines.push("", table(["option", "meaning"], rows));
  }
  const notes = notesOf(command);
  if (notes !== "") lines.push("", escapeText(notes));
  return lines;
}

function meaning({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? ` (${argChoices.join(", ")})` : "";
  return `${description}${choices}${defaultValue === undefined ? "" : `. Default: \`${defaultValue}\``}`;
}

function notesOf(command: Command): string {
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help.slice(command.helpInformation().length).trim();
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
