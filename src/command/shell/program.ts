import { Command, type Help, Option } from "commander";
import { CommandError } from "../exit.ts";
import { inEnglish, type PlainCode, type Sayable, say, type Told, told } from "../say.ts";

/**
 * Commander's parser of the command line, with texts of this package. Commander writes its errors of usage as English
 * sentences, in methods that its types do not name. This class overrides these methods, so that the errors are in the
 * language of the process.
 */
export class Program extends Command {
  override createCommand(name?: string): Program {
    return new Program(name);
  }

  /** An unknown flag may hold a secret value, as in `--token=…`, so only its name is shown. */
  unknownOption(given: string): never {
    const [flag = ""] = given.split("=");
    const commands = this.parent ? [this, this.parent] : [this];
    const options = commands.flatMap((one) => one.createHelp().visibleOptions(one));
    const known = options.flatMap(({ long }) => long ?? []);
    const hint = flag.startsWith("--") ? didYouMean(flag, known) : "";
    const more = flag === "--token" ? told("usage_token") : flag === "--first-run" ? told("usage_first_run") : "";
    throw usage({ joined: [told("unknown_option", { flag, hint }), more] });
  }

  unknownCommand(): never {
    const [command = ""] = this.args;
    const commands = this.createHelp().visibleCommands(this);
    const known = commands.map((one) => one.name());
    throw usage(told("unknown_command", { command, hint: didYouMean(command, known) }));
  }

  missingArgument(name: string): never {
    throw usage(told("argument_missing", { name }));
  }

  optionMissingArgument({ flags }: Option): never {
    throw usage(told("option_without_value", { flags }));
  }

  _excessArguments({ length: given }: readonly string[]): never {
    throw usage(told("too_many_arguments", { command: this.name(), expected: this.registeredArguments.length, given }));
  }

  /**
   * Reads the value of an option. Commander calls this method for arguments too, but no argument here has a parser or
   * choices.
   */
  _callParseArg(option: Option, value: string, before: unknown): unknown {
    const wrong = (reason: Told) => usage(told("value_invalid", { flags: option.flags, value, reason }));
    const { argChoices } = option;
    if (argChoices && !argChoices.includes(value)) {
      throw wrong(told("choices_allowed", { choices: argChoices.join(", ") }));
    }
    try {
      return option.parseArg?.(value, before);
    } catch (error) {
      throw error instanceof WrongValue ? wrong(error.expected) : error;
    }
  }
}

/** Thrown by the parser of an option for a value that is wrong. */
export class WrongValue extends Error {
  readonly expected: Told;

  constructor(expected: Told) {
    super(inEnglish(expected));
    this.expected = expected;
  }
}

function usage(what: Sayable): CommandError {
  return new CommandError("usage", what);
}

/**
 * Translations of the titles that commander writes into the help. The titles of groups of commands are texts of this
 * package already.
 */
const TITLES: ReadonlyMap<string, PlainCode> = new Map([
  ["Usage:", "title_usage"],
  ["Arguments:", "title_arguments"],
  ["Options:", "title_options"],
  ["Commands:", "title_commands"],
]);

/** The parts of the help that commander would write in English. */
export const HELP_WORDS: Partial<Help> = {
  styleTitle(title) {
    const code = TITLES.get(title);
    return code === undefined ? title : say(code);
  },
  optionDescription({ description, argChoices, defaultValue, required, optional }) {
    const inJson = (value: unknown): string => JSON.stringify(value);
    const notes = [
      ...(argChoices ? [say("option_choices", { choices: argChoices.map(inJson).join(", ") })] : []),
      ...((required || optional) && defaultValue !== undefined
        ? [say("option_default", { value: inJson(defaultValue) })]
        : []),
    ];
    return notes.length === 0 ? description : `${description} (${notes.join(", ")})`;
  },
};

/**
 * Proposes the known words that are most like a mistyped word. By commander's rule, a proposed word differs in at
 * most three letters, and in less than 60 % of the letters of the longer word.
 */
function didYouMean(word: string, known: readonly string[]): Sayable {
  const bare = (text: string): string => text.replace(/^--/, "");
  const similar = [...new Set(known)].flatMap((one) => {
    const edits = editsBetween(bare(word), bare(one));
    const longest = Math.max(bare(word).length, bare(one).length);
    return edits <= 3 && edits < 0.6 * longest ? [{ one, edits }] : [];
  });
  const least = Math.min(...similar.map(({ edits }) => edits));
  const words = similar.flatMap(({ one, edits }) => (edits === least ? [one] : [])).sort();
  if (words.length > 1) return told("did_you_mean_one", { words: words.join(", ") });
  return words.length === 0 ? "" : told("did_you_mean", { word: words.join() });
}

/**
 * How many letters must be replaced, added, removed, or swapped with the letter behind it to turn one word into the
 * other.
 */
function editsBetween(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], [...b, ""].map((_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const [missing = 0, wrong = 0, tooMany = 0] = [row[j], row[j - 1], next[j - 1]];
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) : wrong;
      next.push(Math.min(missing + 1, tooMany + 1, isSame ? wrong : wrong + 1, swapped + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/** The flags of all commands that write a result. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags of all commands that read the config. */
export interface ConfigFlags extends OutputFlags {
  readonly config?: string;
  readonly target?: string;
  readonly tokenStdin?: boolean;
  readonly test?: boolean;
}

/** The names of config files, in the form in which the help shows them. */
export const CONFIG_FILES = "oplead.config.{ts,mts,js,mjs}";

export function outputFlags(command: Command): Command {
  return (
    command
      .option("--json", say("option_json"))
      .option("-q, --quiet", say("option_quiet"))
      // It is read before the other arguments, because they are declared in that language.
      .addOption(new Option("--language <language>", say("option_language")).choices(["en", "fr"]))
  );
}

export function configFlags(command: Command): Command {
  outputFlags(command)
    .option("-c, --config <file>", say("option_config", { files: CONFIG_FILES }))
    .option("-t, --target <name>", say("option_target"))
    .option("--token-stdin", say("option_token_stdin"));
  return command;
}

/** Returns a function that adds subcommands, with the flags for reading the config, to a command. */
export function subcommand(command: Command): (usage: string, summary: string) => Command {
  return (usage, summary) => configFlags(command.command(usage).description(summary).copyInheritedSettings(command));
}

export function numberIn(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new WrongValue(told("number_expected", { min: String(min), max: String(max) }));
  };
}

/** Adds paragraphs below the options in a command's help. The paragraphs are wrapped like the rest of the help. */
export function helpNote(command: Command, text: string): void {
  const width = (): number => command.configureOutput().getOutHelpWidth?.() ?? 80;
  command.addHelpText("after", () => `\n${command.createHelp().boxWrap(text, width())}`);
}
