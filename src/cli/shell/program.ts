import { Command, type Help, type Option } from "commander";
import { CommandError } from "../exit.ts";
import { inEnglish, type PlainCode, type Sayable, say, type Told, told } from "../texts/say.ts";

/** Thrown by the parser of an option for a value that is wrong. */
export class WrongValue extends Error {
  readonly expected: Told;

  constructor(expected: Told) {
    super(inEnglish(expected));
    this.expected = expected;
  }
}

/**
 * The arguments of the command. Commander makes whole English sentences of wrong ones. It makes them in the methods below, which its
 * types do not name; here they tell texts of ours.
 */
export class Program extends Command {
  override createCommand(name?: string): Program {
    return new Program(name);
  }

  /** `given` may be `--token=…`. */
  unknownOption(given: string): never {
    const [flag = ""] = given.split("=");
    const known = [this, this.parent ?? []].flat().flatMap((one) => one.createHelp().visibleOptions(one));
    const hint = flag.startsWith("--")
      ? didYouMean(
          flag,
          known.flatMap(({ long }) => long ?? []),
        )
      : "";
    const more = flag === "--token" ? told("usage_token") : flag === "--first-run" ? told("usage_first_run") : "";
    throw usage({ joined: [told("unknown_option", { flag, hint }), more] });
  }

  unknownCommand(): never {
    const [command = ""] = this.args;
    const known = this.createHelp().visibleCommands(this);
    throw usage(
      told("unknown_command", {
        command,
        hint: didYouMean(
          command,
          known.map((one) => one.name()),
        ),
      }),
    );
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

  /** Reads a value. Only options have parsers and choices. */
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

function usage(what: Sayable): CommandError {
  return new CommandError("usage", what);
}

/** The titles that commander gives, and ours. Those of groups of commands are ours already. */
const TITLES: ReadonlyMap<string, PlainCode> = new Map([
  ["Usage:", "title_usage"],
  ["Arguments:", "title_arguments"],
  ["Options:", "title_options"],
  ["Commands:", "title_commands"],
]);

/** The parts of a help that commander would put in English. */
export const HELP_WORDS: Partial<Help> = {
  styleTitle(title) {
    const code = TITLES.get(title);
    return code === undefined ? title : say(code);
  },
  optionDescription({ description, argChoices, defaultValue, required, optional }) {
    const inJson = (value: unknown): string => JSON.stringify(value);
    const facts = [
      ...(argChoices ? [say("option_choices", { choices: argChoices.map(inJson).join(", ") })] : []),
      ...((required || optional) && defaultValue !== undefined
        ? [say("option_default", { value: inJson(defaultValue) })]
        : []),
    ];
    return facts.length === 0 ? description : `${description} (${facts.join(", ")})`;
  },
};

/** Asks for the known words that are most like a wrong one. Nothing if none is similar. */
function didYouMean(word: string, known: readonly string[]): Sayable {
  const plain = (text: string): string => text.replace(/^--/, "");
  const close = [...new Set(known)].flatMap((one) => {
    const distance = editDistance(plain(word), plain(one));
    const longer = Math.max(plain(word).length, plain(one).length);
    return distance <= MOST_EDITS && longer - distance > 0.4 * longer ? [{ one, distance }] : [];
  });
  const least = Math.min(...close.map(({ distance }) => distance));
  const words = close.flatMap(({ one, distance }) => (distance === least ? [one] : [])).sort();
  if (words.length > 1) return told("did_you_mean_one", { words: words.join(", ") });
  return words.length === 0 ? "" : told("did_you_mean", { word: words.join() });
}

const MOST_EDITS = 3;

/** How many letters are wrong, missing, too many, or swapped with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = [...b, ""].map((_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
