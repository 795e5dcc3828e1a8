import { Types } from "./interfaces.ts";
import { OPTION_TABLES, type OptionTable } from "./option-tables.ts";
import { optionTable } from "./tables.ts";

export function readTypes(): Types {
  return new Types([...new Set(OPTION_TABLES.map(({ file }) => file))]);
}

/** Every option of every entry point. */
export function optionsPage(types: Types): string {
  return page(
    types,
    "# Options",
    "This page lists every option of every entry point, with its unit and its default. The tables are made from the types.",
    OPTION_TABLES.filter(({ entry }) => entry !== "oplead-sdk/config"),
    "Next: [API](./index.md) leads to the types themselves, [Config](./config.md) to the fields of a config file.",
  );
}

/** The entries of a config file. */
export function configPage(types: Types): string {
  return page(
    types,
    "# Config",
    "This page lists every field of `oplead.config.ts`. The tables are made from the types. " +
      "`npx oplead init` writes a commented example; see [the quick start](../start/command.md).",
    OPTION_TABLES.filter(({ entry }) => entry === "oplead-sdk/config"),
    "Next: [Command](./command.md) lists all commands; [Options](./options.md) has the options of `client`, `webhook` and `queue`.",
  );
}

function page(types: Types, title: string, intro: string, tables: readonly OptionTable[], next: string): string {
  const lines = [title, "", intro];
  let entry = "";
  for (const options of tables) {
    if (options.entry !== entry) lines.push("", `## ${options.entry}`);
    entry = options.entry;
    lines.push("", `### ${options.title}`, "", optionTable(types, options));
  }
  return [...lines, "", next, ""].join("\n");
}
