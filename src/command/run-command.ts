import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Command, CommanderError } from "commander";
import { version } from "../core/run-time.ts";
import { Interrupts, type Shell } from "./command.ts";
import { CommandError, EXIT, type ExitCode } from "./exit.ts";
import { COMMANDS, type CommandEntry, successorOf } from "./registry.ts";
import { adviceText, type LanguageName, languageInText, messageOf, say, told, useLanguage } from "./say.ts";
import { Output } from "./shell/output.ts";
import { packaged } from "./shell/packaged.ts";
import { HELP_WORDS, type OutputFlags, Program } from "./shell/program.ts";

export async function runCommand(argv: readonly string[]): Promise<ExitCode> {
  // `--json` is looked up first, because errors in the arguments are written as JSON too.
  const words = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const json =
    words.includes("--json") ||
    words.some((word, i) => word === "--format=json" || (word === "--format" && words[i + 1] === "json"));
  const output = new Output(json);
  const shell = { output, interrupts: new Interrupts(output) };
  try {
    const config = configIn(words);
    const chosen = chooseLanguage(argv, { OPLEAD_LANGUAGE: languageInEnvFile(config), ...process.env });
    // The help, and errors before the config is read, follow the config's language.
    const language = (chosen.isFirm ? undefined : languageInText(config || undefined)) ?? chosen.language;
    await useLanguage(language, { isFirm: chosen.isFirm });
    return await dispatch(chosen.argv, shell);
  } catch (error) {
    return await report(error, shell);
  }
}

// A run id need not be secret, and loading node:crypto takes as long as reading all arguments.
function newRunId(): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const chance = Math.floor(Math.random() * 0x1_00_00_00).toString(16);
  return `${time}-${chance.padStart(6, "0")}`;
}

const help = () => ["help [command]", say("help_summary")] as const;

async function dispatch(argv: readonly string[], shell: Shell): Promise<ExitCode> {
  let code: ExitCode = EXIT.success;
  let said = "";
  const program = new Program("oplead")
    .description(say("program_summary"))
    .version(version, "-V, --version", say("option_version"))
    .helpOption("-h, --help", say("option_help"))
    .commandsGroup(say("group_start"))
    .helpCommand(...help())
    .configureHelp(HELP_WORDS)
    .addHelpText("after", `${say("program_try")}\n  npx oplead-sdk init\n  npx oplead-sdk plan --target fake`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.output.raw(text),
      writeErr: (text) => {
        said += text;
      },
    });
  const chosen = argv[0] === "help" ? argv[1] : argv[0];
  if (argv[0] === "help" && chosen !== undefined && (await explained(chosen, shell))) return EXIT.success;
  refuseGone(chosen);
  for (const { name, group, summary, load } of COMMANDS) {
    const command = program
      .command(name)
      .helpGroup(say(group))
      .description(say(summary))
      .copyInheritedSettings(program);
    if (name !== chosen) continue;
    await declare(command, load, shell, (ended) => {
      code = ended;
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.success;
    // Without a command, commander has written the help into `said`.
    shell.output.note(said.trim());
    return EXIT.error;
  }
  return code;
}

function refuseGone(command = ""): void {
  const instead = COMMANDS.some(({ name }) => name === command) ? undefined : successorOf(command);
  if (instead === undefined) return;
  throw new CommandError("usage", told("no_such_command", { command, instead: told(instead) }));
}

// `oplead help CODE` shows a section of the runbook, or what the code says.
async function explained(code: string, { output }: Shell): Promise<boolean> {
  if (COMMANDS.some(({ name }) => name === code) || successorOf(code) !== undefined) return false;
  const section = runbookSection(code);
  if (!section) {
    const meaning = (await import("./shell/codes.ts")).meaningOf(code);
    if (meaning === undefined) throw new CommandError("usage", told("unknown_code", { code }));
    output.result(`${code}\n\n${meaning}`, { code, meaning });
    return true;
  }
  const { cause, check, remedy } = section;
  const said = { cause: messageOf({ code, message: cause }), remedy: adviceText({ code, message: remedy }), check };
  output.result(say("help_of_code", { code, ...said }), { code, ...section });
  return true;
}

async function declare(
  command: Command,
  load: CommandEntry["load"],
  shell: Shell,
  onEnd: (code: ExitCode) => void,
): Promise<void> {
  const defined = (await load()).define(command);
  if (command.commands.length > 0) command.helpCommand(...help());
  for (const [target, run] of typeof defined === "function" ? [[command, defined] as const] : defined) {
    target.action(async (...given: unknown[]) => {
      // Commander gives the arguments one by one, then the options, then the command.
      const args = given.slice(0, -2).flat();
      const texts = args.filter((arg) => typeof arg === "string");
      const flags = given.at(-2) as OutputFlags;
      shell.output.quiet = flags.quiet ?? false;
      const words = target === command ? command.name() : `${command.name()} ${target.name()}`;
      // Safe: commander reads exactly the flags that the command's file declares.
      onEnd(await run({ ...shell, runId: newRunId(), command: words }, texts, flags as never));
    });
  }
}

// A text about a refused plan must end with the command that approves it.
function withCode(said: string, code: string, isOfCommand: boolean): string {
  // In the command's own errors, `not_found` means a user of the ledger or a run.
  const isOther = isOfCommand && code === "not_found";
  const known = runbookSection(code) && !isOther ? say("error_code_explained", { code }) : say("error_code", { code });
  const line = code === "usage" ? say("error_code_usage") : known;
  const at = code === "sync_refused" ? said.lastIndexOf("\n\n") : -1;
  return at < 0 ? `${said}\n${line}` : `${said.slice(0, at)}\n${line}${said.slice(at)}`;
}

async function report(failure: unknown, { output, interrupts }: Shell): Promise<ExitCode> {
  // failure.ts loads the whole package, which `--help` and errors of usage do not need.
  const { exitCode, error, said } =
    failure instanceof CommandError && !interrupts.happened
      ? failure.failure
      : (await import("./shell/failure.ts")).failureOf(failure, interrupts.happened);
  output.error(withCode(said, error.code, failure instanceof CommandError));
  if (output.json) {
    try {
      output.result("", { error });
    } catch {
      // Writing to stdout is what failed.
    }
  }
  return exitCode;
}

const FLAG = "--language";

interface ChosenLanguage {
  readonly language: LanguageName;
  readonly argv: readonly string[];
  // False for the system's language, which a config may override.
  readonly isFirm: boolean;
}

export function chooseLanguage(argv: readonly string[], environment: NodeJS.ProcessEnv): ChosenLanguage {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const rest = [...argv];
  let asked: string | undefined;
  for (let at = end - 1; at >= 0; at -= 1) {
    const word = argv[at] ?? "";
    const isPair = word === FLAG && at + 1 < end;
    if (!isPair && !word.startsWith(`${FLAG}=`)) continue;
    asked ??= isPair ? argv[at + 1] : word.slice(FLAG.length + 1);
    rest.splice(at, isPair ? 2 : 1);
  }
  asked ??= environment.OPLEAD_LANGUAGE || undefined;
  if (asked === undefined) return { language: ofLocale(environment), argv: rest, isFirm: false };
  const language = asked.toLowerCase();
  if (language !== "en" && language !== "fr") {
    throw new CommandError("usage", told("no_such_language", { language: asked }));
  }
  return { language, argv: rest, isFirm: true };
}

function configIn(words: readonly string[]): string {
  const at = words.findIndex((word) => word === "-c" || word === "--config");
  const joined = words.find((word) => word.startsWith("--config="))?.slice("--config=".length);
  return (at < 0 ? joined : words[at + 1]) ?? "";
}

// Reads `.env` before the config, whose errors are told in this language. Latin-1 without NULs reads UTF-16 and a byte
// order mark well enough.
function languageInEnvFile(config: string): string | undefined {
  try {
    const text = readFileSync(join(dirname(resolve(config || "config")), ".env"), "latin1").replaceAll("\0", "");
    return /^(?:ÿþ|þÿ|ï»¿)?[ \t]*(?:export[ \t]+)?OPLEAD_LANGUAGE[ \t]*=[ \t]*["']?(\w*)/m.exec(text)?.[1];
  } catch {
    return undefined; // Loading the config reports an unreadable file.
  }
}

// POSIX: the first of these variables that is not empty counts.
function ofLocale({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): LanguageName {
  return /^fr(?:[_.@-]|$)/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? "fr" : "en";
}

const RUNBOOK = "docs/operate/runbook.md";

function runbookSection(code: string): Readonly<Record<"cause" | "check" | "remedy", string>> | undefined {
  const section = `\n${runbook()}`.split("\n## ").find((one) => one.startsWith(`${code}\n`));
  if (section === undefined) return undefined;
  const part = (title: string): string => plain(section.match(new RegExp(`\\*\\*${title}\\.\\*\\* (.*)`))?.[1] ?? "");
  return { cause: part("Cause"), check: part("Check"), remedy: part("Remedy") };
}

function runbook(): string {
  const found = packaged(RUNBOOK);
  return found === undefined ? "" : readFileSync(found, "utf8");
}

function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\(#[^)]*\)/g, "$1")
    .replace(/\[([^\]]*)\]\(\.\/([^)#]*)[^)]*\)/g, "$1 (docs/operate/$2)")
    .replace(/\[([^\]]*)\]\(\.\.\/([^)#]*)[^)]*\)/g, "$1 (docs/$2)")
    .replace(/\*\*|(?<![\w`])_|_(?![\w`])/g, "");
}
