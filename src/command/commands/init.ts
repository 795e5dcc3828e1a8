import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { Command, Option } from "commander";
import { recogniseTable } from "../../config/recognise.ts";
import type { Action } from "../command.ts";
import { CommandError, EXIT, withFile } from "../exit.ts";
import { inEnglish, languageInText, say, told, useLanguageOf } from "../say.ts";
import { configFrom, GITIGNORE, SAMPLE_CSV, sampleConfig } from "../setup/config-from.ts";
import { DATA, DEPLOYMENTS, type Deployment, shellWord, writeDeployment } from "../setup/deploy-files.ts";
import { helpNote, type OutputFlags, outputFlags } from "../shell/program.ts";

const CONFIGS = ["oplead.config.ts", "oplead.config.mts", "oplead.config.js", "oplead.config.mjs"];

interface InitFlags extends OutputFlags {
  readonly ts?: boolean;
  readonly from?: string;
  readonly sheet?: string;
  readonly deploy?: Deployment;
}

export function define(command: Command): Action {
  outputFlags(command)
    .option("--ts", say("init_ts"))
    .option("--from <file>", say("init_from"))
    .option("--sheet <name>", say("init_sheet"))
    .addOption(new Option("--deploy <scheduler>", say("init_deploy")).choices(DEPLOYMENTS));
  helpNote(command, say("init_notes"));
  return init;
}

const init: Action<InitFlags> = async (context, _args, { ts, from, sheet, deploy, quiet }) => {
  const { output } = context;
  const folder = process.cwd();
  const existing = CONFIGS.find((name) => existsSync(join(folder, name)));
  if (existing) await useLanguageOf({ language: languageInText(existing) });
  if (existing && deploy !== undefined && from === undefined) {
    const deployed = writeDeploy(deploy, folder, existing);
    const files = deployed.written.join(", ") || say("nothing_written");
    output.result(say("init_written", { files }) + deployed.text, deployed);
    return EXIT.success;
  }
  if (existing) throw new CommandError("exists", told("file_exists", { file: existing }));
  const config = (ts ?? existsSync(join(folder, "tsconfig.json"))) ? "oplead.config.ts" : "oplead.config.mjs";
  const deployed = deploy && writeDeploy(deploy, folder, config);
  const written = [config, ...(deployed?.written ?? [])];
  const made = from === undefined ? undefined : await madeFrom(from, sheet, deploy !== undefined);
  write(join(folder, config), made?.text ?? sampleConfig());
  if (!made && !existsSync(join(folder, "dealers.csv"))) {
    write(join(folder, "dealers.csv"), SAMPLE_CSV);
    written.push("dealers.csv");
  }
  if (addSetting(join(folder, ".env"), "OPLEAD_LEDGER_KEY", randomBytes(32).toString("base64url")))
    written.push(".env");
  // The file of --from holds data about people, so Git must ignore it.
  const own =
    from !== undefined && !isAbsolute(from) && !from.startsWith("..")
      ? [`/${from.replaceAll("\\", "/").replace(/^\.\//, "")}`]
      : [];
  if (ignore(join(folder, ".gitignore"), [...GITIGNORE, ...own])) written.push(".gitignore");
  const isInstalled = foldersAbove(folder).some((each) => existsSync(join(each, "node_modules", "oplead-sdk")));
  const install = isInstalled ? "" : say("init_install");
  const next = made && isInstalled ? "" : say("init_try");
  const files = [...new Set(written)];
  const parts = [say("init_written", { files: files.join(", ") }), made?.summary, deployed?.text, install, next];
  output.result(parts.join(""), {
    written: files,
    installed: isInstalled,
    steps: deployed?.steps,
    columns: made?.columns,
    toDo: made?.toDo,
  });
  if (!made || !isInstalled || output.json) return EXIT.success;
  const plan = await import("./plan.ts");
  return plan.define(new Command())(context, [], {
    config,
    target: "fake",
    format: "text",
    quiet,
    columns: false,
  } as never);
};

// .env names the folder of the ledger, audit and reports for all commands.
function writeDeploy(kind: Deployment, folder: string, config: string) {
  const env = join(folder, ".env");
  const data = process.env.OPLEAD_DATA || settingIn(env, "OPLEAD_DATA") || DATA;
  const place = { folder, config, data: resolve(folder, data) };
  const { files, differing, steps: start } = writeDeployment(kind, place);
  // Runs by hand may have left a ledger beside the config: the steps then include a command that moves it.
  const isElsewhere = place.data !== folder && existsSync(join(folder, "oplead-ledger"));
  const [from, to] = [shellWord(folder), shellWord(place.data)];
  const move = `mkdir -p ${to} && mv ${from}/oplead-* ${to}/ && chown -R oplead ${to}`;
  const steps = isElsewhere && kind !== "docker" ? [...start.slice(0, -1), move, ...start.slice(-1)] : start;
  const isNoted = kind !== "docker" && addSetting(env, "OPLEAD_DATA", data);
  const written = isNoted ? [...files, ".env"] : files;
  const kept =
    differing.length === 0
      ? ""
      : `\n${say("init_deploy_differs", { files: differing, command: `npx oplead-sdk init --deploy ${kind}` })}\n`;
  return {
    written,
    differing,
    steps,
    text: `${kept}\n${say("init_deploy_steps")}\n${steps.map((step) => `  ${step}\n`).join("")}`,
  };
}

// Node looks for packages in each of these folders.
function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return [folder, ...(above === folder ? [] : foldersAbove(above))];
}

// The lines quote names of columns, never cells.
async function madeFrom(file: string, sheet: string | undefined, isDeployed: boolean) {
  const table = await recogniseTable(file, { sheet });
  const { text, toDo } = configFrom(file.replaceAll("\\", "/"), sheet, table, isDeployed);
  const list = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? "" : `\n${say("title", { title })}\n${lines.map((line) => `  ${line}\n`).join("")}`;
  const choices = table.columns.map(
    ({ column, name, by }) =>
      say("name_and_what", { name: column, what: JSON.stringify(name) }) + (by === "content" ? say("by_cells") : ""),
  );
  const used = new Set(table.columns.map(({ name }) => name));
  const unused = table.names.filter((name) => name !== "" && !used.has(name)).map((name) => JSON.stringify(name));
  const others = table.otherRows.length;
  const { people } = table;
  const summary =
    (others === 0
      ? say("init_read", { people })
      : say("init_read_others", {
          people,
          others,
        })) +
    list(say("init_recognised"), choices) +
    list(say("init_not_recognised"), unused) +
    list(
      say("init_to_do"),
      toDo.map(({ line, what }, at) => say("init_decision", { number: at + 1, line, what })),
    );
  return {
    text,
    summary,
    columns: table.columns.map(({ column, name, by }) => ({ column, name, by })),
    toDo: toDo.map(({ line, what }) => ({ line, what: inEnglish(what) })),
  };
}

function write(file: string, text: string): void {
  // `wx` never replaces a file that was written meanwhile.
  withFile("write", told("file_not_written", { file }), () => writeFileSync(file, text, { flag: "wx" }));
}

function settingIn(file: string, name: string): string | undefined {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return new RegExp(`^(?:export )?\\s*${name}\\s*=\\s*["']?([^"'\\r\\n]*)`, "m").exec(text)?.[1];
}

function addSetting(file: string, name: string, value: string): boolean {
  if (settingIn(file, name) !== undefined) return false;
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const start = text === "" || text.endsWith("\n") ? "" : "\n";
  withFile("write", told("file_not_written", { file }), () =>
    appendFileSync(file, `${start}${name}=${value}\n`, { mode: 0o600 }),
  );
  return true;
}

function ignore(file: string, wanted: readonly string[]): boolean {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const absent = wanted.filter((line) => !lines.has(line));
  if (absent.length === 0) return false;
  appendFileSync(file, `${text === "" || text.endsWith("\n") ? "" : "\n"}${absent.join("\n")}\n`);
  return true;
}
