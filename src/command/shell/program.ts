import { Command, type Help, Option } from "commander";
import { CommandError } from "../exit.ts";
import { inEnglish, type PlainCode, type Sayable, say, type Told, told } from "../say.ts";

// Commander writes errors of usage as English sentences, in methods that its types do not name.
export class Program extends Command {
  override createCommand(name?: string): Program {
    return new Program(name);
  }

  // The value may be a secret, as in `--token=…`.
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

  // Arguments come here too, but none has a parser or choices.
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

const TITLES: ReadonlyMap<string, PlainCode> = new Map([
  ["Usage:", "title_usage"],
  ["Arguments:", "title_arguments"],
  ["Options:", "title_options"],
  ["Commands:", "title_commands"],
]);

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

// Commander's rule: similar words differ in at most three letters, and in less than 60 % of the longer word.
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

// Damerau-Levenshtein distance.
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

export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface ConfigFlags extends OutputFlags {
  readonly config?: string;
  readonly target?: string;
  readonly tokenStdin?: boolean;
  readonly test?: boolean;
}

export const CONFIG_FILES = "oplead.config.{ts,mts,js,mjs}";

export function outputFlags(command: Command): Command {
  return (
    command
      .option("--json", say("option_json"))
      .option("-q, --quiet", say("option_quiet"))
      // The language is read before the other flags, which are declared in it.
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

export function helpNote(command: Command, text: string): void {
  const width = (): number => command.configureOutput().getOutHelpWidth?.() ?? 80;
  command.addHelpText("after", () => `\n${command.createHelp().boxWrap(text, width())}`);
}
