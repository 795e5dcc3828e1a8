import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { CommandError, EXIT, withFile } from "../../exit.ts";
import { helpNote, type OutputFlags, outputFlags } from "../../shell/flags.ts";
import { GITIGNORE, SAMPLE_CONFIG, SAMPLE_CSV } from "./samples.ts";

const CONFIGS = ["oplead.config.ts", "oplead.config.mts", "oplead.config.js", "oplead.config.mjs"];

interface InitFlags extends OutputFlags {
  readonly ts?: boolean;
}

export function define(command: Command): Action {
  outputFlags(command).option(
    "--ts",
    "write oplead.config.ts (default where there is a tsconfig.json; else oplead.config.mjs)",
  );
  helpNote(command, "Replaces no file.");
  return init;
}

const init: Action<InitFlags> = async ({ output }, _args, { ts }) => {
  const folder = process.cwd();
  const existing = CONFIGS.find((name) => existsSync(join(folder, name)));
  if (existing) throw new CommandError("exists", `${existing} is there already; nothing was written.`);
  const config = (ts ?? existsSync(join(folder, "tsconfig.json"))) ? "oplead.config.ts" : "oplead.config.mjs";
  const written = [config];
  write(join(folder, config), SAMPLE_CONFIG);
  if (!existsSync(join(folder, "dealers.csv"))) {
    write(join(folder, "dealers.csv"), SAMPLE_CSV);
    written.push("dealers.csv");
  }
  if (ignore(join(folder, ".gitignore"))) written.push(".gitignore");
  const isInstalled = existsSync(join(folder, "node_modules", "oplead-sdk"));
  const install = isInstalled
    ? ""
    : "\nInstall the package here, so that the config can import it:\n\n  npm install oplead-sdk\n";
  output.result(
    `Written: ${written.join(", ")}\n${install}\nNo token is needed to try it:\n\n  npx oplead plan --target fake\n`,
    { written, installed: isInstalled },
  );
  return EXIT.success;
};

function write(file: string, text: string): void {
  // A file that appeared meanwhile is not replaced.
  withFile("write", `${file} could not be written`, () => writeFileSync(file, text, { flag: "wx" }));
}

/** Whether lines were added: the ledger, the audit file and .env do not belong into a repository. */
function ignore(file: string): boolean {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const absent = GITIGNORE.filter((line) => !lines.has(line));
  if (absent.length === 0) return false;
  appendFileSync(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}${absent.join("\n")}\n`);
  return true;
}
