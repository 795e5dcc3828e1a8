import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type AuthScheme, createOplead, type Fact, type FactGap, type FactName, type PlatformFacts } from "oplead-sdk";
import { type LoadedConfig, loadConfig } from "oplead-sdk/config";
import type { SourceUser } from "oplead-sdk/sync";
import {
  compareFacts,
  type FactComparison,
  type ProbeCondition,
  type ProbeContent,
  type ProbeOptions,
  probePlatform,
  probeRequests,
  readFacts,
} from "#probe";
import type { Action, Context } from "../../command.ts";
import { CommandError, EXIT, type ExitCode, withFile } from "../../exit.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import type { Text } from "../../texts/fr/texts.ts";
import { counted, phrase, say, told } from "../../texts/say.ts";
import { readUsers } from "../../workspace/read-users.ts";
import { readToken } from "../../workspace/workspace.ts";

interface ProbeFlags extends ConfigFlags {
  readonly as?: string;
  readonly allowTestCreate?: boolean;
  readonly auth?: readonly AuthScheme[];
  readonly maxRequests?: number;
  readonly dryRun?: boolean;
  readonly compare?: boolean;
  readonly out?: string;
}

export function define(command: Command): Action {
  configFlags(command)
    .option("--as <account>", say("a user of the source that Oplead has as it is; it is sent unchanged, in test mode"))
    .option("--allow-test-create", say("create users in test mode too, once an answer shows that test mode arrives"))
    .option(
      "--auth <header>",
      say('a further way for the token: a header\'s name, or "bearer"; can be repeated'),
      schemes,
    )
    .option("--max-requests <number>", say("requests at most (default: 60)"), numberIn(1, 60))
    .option("--dry-run", say("list the requests and send none"))
    .option("--compare", say("say what changed since the file was written, and leave it as it is"))
    .option("-o, --out <file>", say("the file (default: facts of the config, else platform-facts.json)"));
  helpNote(
    command,
    say(
      "Writes nothing to Oplead.\nExit codes: 0 the facts are written, or nothing changed; 1 it failed; with --compare also 2 something changed, and 3 something that the package relies on changed.",
    ),
  );
  return probe;
}

function schemes(text: string, before: readonly AuthScheme[] = []): readonly AuthScheme[] {
  if (!/^[\w-]+$/.test(text)) throw new InvalidArgumentError(say('It must be the name of a header, or "bearer".'));
  return [...before, text === "bearer" ? text : { header: text }];
}

const probe: Action<ProbeFlags> = async (context, _args, flags) => {
  if (flags.target === "fake")
    throw new CommandError("usage", told("A fake has no facts of its own: probe a platform."));
  // A dry run sends nothing, so it is for those who have no token yet, too.
  const token = flags.dryRun ? "none" : flags.tokenStdin ? await readToken() : undefined;
  const loaded = await loadConfig({
    file: flags.config,
    target: flags.target,
    needs: flags.as === undefined ? ["client"] : ["client", "source", "map"],
    // Facts that are wrong by now must not keep anyone from asking anew.
    override: { facts: false, ...(token !== undefined && { client: { token } }) },
  });
  const file = resolve(loaded.folder, flags.out ?? loaded.factsFile ?? "platform-facts.json");
  const before = existsSync(file) ? readBefore(file, flags.compare === true) : undefined;
  if (flags.compare && !before)
    throw new CommandError("no_facts", told("There is no {file} to compare with.", { file }));
  const oplead = createOplead(loaded.config.client);
  const options = await optionsOf(loaded, context, flags, before);
  if (flags.dryRun) {
    const requests = probeRequests(oplead, options);
    const lines = requests.map(({ method, path, testMode, sends, when }) => {
      return `${method} ${path}${testMode ? "?test=true" : ""}${perhaps(CONTENTS[sends])}${perhaps(CONDITIONS[when])}`;
    });
    context.output.result([...lines, "", say("Nothing was sent.")].join("\n"), { requests });
    return EXIT.success;
  }
  if (flags.allowTestCreate)
    context.output.warn(say("Users are created in test mode, if an answer shows that it arrives."));
  const facts = await probePlatform(oplead, options);
  const named = Object.entries<Fact<unknown>>(facts.facts);
  if (named.some(([, { why }]) => why === "cut_off")) {
    const requests = counted(facts.requests, "request");
    const text = "The API stopped answering after {requests}. Nothing was written: probe again.";
    throw new CommandError("cut_off", told(text, { requests }));
  }
  const isSame = before?.baseUrl === facts.baseUrl;
  if (flags.compare && before) {
    if (!isSame) {
      const places = { file, before: before.baseUrl, now: facts.baseUrl };
      throw new CommandError("no_facts", told("{file} is of {before}, and this is {now}.", places));
    }
    return compared(context, compareFacts(before, facts));
  }
  // A read lag shows only by chance.
  const lost = isSame
    ? named.filter(([name, fact]) => name !== "readLagMs" && isLost(before.facts[name as FactName], fact))
    : [];
  if (lost.length > 0) {
    const names = lost.map(([name]) => name).join(", ");
    const text =
      "{file} stays: this probe did not find out what it knows of {names}. Ask with the same options as before, or remove the file.";
    throw new CommandError("less_known", told(text, { file, names }));
  }
  withFile("write", told("{file} could not be written", { file }), () => {
    // No secret is in it, and it belongs into the repository.
    writePrivateFile(file, `${JSON.stringify(facts, null, 2)}\n`, 0o644);
  });
  const lines = named.map(([name, fact]) => lineOf(name, fact));
  const sent = say("{requests}. Written: {file}", { requests: counted(facts.requests, "request"), file });
  const advice =
    loaded.factsFile === undefined ? say('\nUse it: put facts: "./platform-facts.json" into the config.') : "";
  context.output.result([...lines, "", sent + advice].join("\n"), { file, ...facts });
  return EXIT.success;
};

/** A file that is damaged is compared with nothing, and replaced. */
function readBefore(file: string, isNeeded: boolean): PlatformFacts | undefined {
  const text = withFile("read", told("{file} cannot be read", { file }), () => readFileSync(file, "utf8"));
  try {
    return readFacts(text);
  } catch (error) {
    if (isNeeded) throw new CommandError("no_facts", `${file}: ${(error as Error).message}`);
    return undefined;
  }
}

function isLost(before: Fact<unknown>, now: Fact<unknown>): boolean {
  return before.verdict !== "undecided" && now.verdict === "undecided";
}

async function optionsOf(
  { config }: LoadedConfig,
  context: Context,
  flags: ProbeFlags,
  before: PlatformFacts | undefined,
): Promise<ProbeOptions> {
  const { allowTestCreate = false, maxRequests, auth = [] } = flags;
  if (allowTestCreate && !process.stdin.isTTY && config.probe?.allowTestCreate !== true) {
    const text =
      "--allow-test-create creates users in test mode. Without a terminal it also needs probe.allowTestCreate: true in the config.";
    throw new CommandError("usage", told(text));
  }
  const found = before?.facts.auth.value;
  const candidates = found ? [found, ...auth] : auth;
  const existing = flags.as === undefined ? undefined : await existingOf(flags.as, { config }, context);
  const { lagMs } = config.probe ?? {};
  return { existing, allowTestCreate, maxRequests, lagMs, auth: candidates, signal: context.interrupts.signal };
}

async function existingOf(
  account: string,
  loaded: Pick<LoadedConfig, "config">,
  context: Context,
): Promise<SourceUser> {
  const { users } = await readUsers(loaded, context);
  const found = users.find(({ user }) => user.user.accountNumber === account);
  if (!found) throw new CommandError("not_found", told("The source has no user {user}.", { user: account }));
  return found.user;
}

function compared({ output }: Context, comparison: FactComparison): ExitCode {
  const lines = comparison.changes.map(({ fact, before, after, breaks }) => {
    const change = `${fact}: ${before === null ? say("not known") : JSON.stringify(before)} → ${JSON.stringify(after)}`;
    return `${breaks ? "✗" : "!"} ${change}${breaks ? say(" (the package relies on it)") : ""}`;
  });
  output.result(
    [...lines, ...(lines.length > 0 ? [""] : []), phrase(OUTCOMES[comparison.outcome])].join("\n"),
    comparison,
  );
  return { same: EXIT.success, compatible: EXIT.changesPending, broken: EXIT.guard }[comparison.outcome];
}

const OUTCOMES: Readonly<Record<FactComparison["outcome"], Text>> = {
  same: "Nothing changed.",
  compatible: "Changed, and nothing that the package relies on. Probe without --compare to keep it.",
  broken: "Something that the package relies on changed. Read the lines with ✗, then probe without --compare.",
};

function perhaps(text: Text | ""): string {
  return text && phrase(text);
}

function lineOf(name: string, { verdict, value, why }: Fact<unknown>): string {
  const what = verdict === "undecided" ? phrase(GAPS[why ?? "not_shown"]) : JSON.stringify(value);
  return `${MARKS[verdict]} ${say("{name}: {what}", { name, what })}`;
}

const MARKS = { undecided: "?", confirmed: "✓", refuted: "≠" } as const;

const GAPS: Readonly<Record<FactGap, Text>> = {
  no_existing_user: "name a user that Oplead has: --as ACCOUNT",
  existing_user_unknown: "Oplead does not find the user named by --as",
  rule_not_in_source: "the user named by --as has no such rule",
  creation_not_allowed: "only a creation in test mode shows it: --allow-test-create",
  test_mode_not_seen: "no answer showed that test mode arrives; --allow-test-create asks more",
  not_authorized: "Oplead does not accept the token this way; name another with --auth",
  no_answer: "the API did not answer",
  may_be_gateway: "the 404 may be a gateway's; name a user that Oplead has: --as ACCOUNT",
  one_sample: "only one answer showed it, and a fact needs two; probe again",
  samples_differ: "two answers at different times did not agree; probe again",
  content_refused: "Oplead refused the content",
  no_path_found: "the path of this rule was not found",
  not_shown: "no answer showed it",
  requests_used_up: "the requests were used up",
  cut_off: "the API stopped answering in the middle",
};

const CONTENTS: Readonly<Record<ProbeContent, Text | "">> = {
  nothing: "",
  empty_object: "  an empty object",
  made_up_user: "  a made-up user with random identifiers",
  unchanged_user: "  the user as the source has it",
  part_of_user: "  the last name of the user, unchanged",
  user_with_wrong_email: "  the user with a wrong e-mail address",
  user_with_taken_account_number: "  a made-up user with the account number of the user",
  unchanged_rule: "  the rule as the source has it",
  changed_radius: "  a radius that is 1 km longer, and the old one again if that shows",
};

const CONDITIONS: Readonly<Record<ProbeCondition, Text | "">> = {
  always: "",
  if_still_open: ", if the answers before leave something open",
  if_test_mode_arrives: ", only once an answer has shown that test mode arrives",
};
