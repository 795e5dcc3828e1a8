import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { createOplead, type Platform } from "oplead-sdk";
import type { SourceUser } from "oplead-sdk/sync";
import type { Fact, FactName, LoadedConfig, PlatformFacts } from "#parts";
import {
  compareFacts,
  type FactComparison,
  type ProbeOptions,
  probePlatform,
  probeRequests,
  proposePlatform,
  readFacts,
} from "#probe";
import { jsonIn } from "../../core/values.ts";
import type { Action, Context } from "../command.ts";
import { CommandError, EXIT, type ExitCode, withFile } from "../exit.ts";
import { requireTestMode } from "../run/test-mode.ts";
import { say, told } from "../say.ts";
import { writePrivateFile } from "../shell/files.ts";
import { type ConfigFlags, configFlags, helpNote, WrongValue } from "../shell/program.ts";
import { load } from "../workspace/load.ts";
import { readUsers } from "../workspace/read-users.ts";
import { readToken } from "../workspace/workspace.ts";

type AuthScheme = NonNullable<ProbeOptions["auth"]>[number];

interface ProbeFlags extends ConfigFlags {
  readonly as?: string;
  readonly allowTestCreate?: boolean;
  readonly auth?: readonly AuthScheme[];
  readonly dryRun?: boolean;
  readonly compare?: boolean;
  readonly trustTestMode?: boolean;
  readonly out?: string;
}

export function define(command: Command): Action {
  configFlags(command)
    .option("--as <account>", say("probe_as"))
    .option("--allow-test-create", say("probe_allow_test_create"))
    .option("--auth <header>", say("probe_auth"), schemes)
    .option("--dry-run", say("probe_dry_run"))
    .option("--compare", say("probe_compare"))
    .option("--trust-test-mode", say("probe_trust"))
    .option("-o, --out <file>", say("probe_out"));
  helpNote(command, say("probe_notes"));
  return probe;
}

function schemes(text: string, before: readonly AuthScheme[] = []): readonly AuthScheme[] {
  if (!/^[\w-]+$/.test(text)) throw new WrongValue(told("auth_expected"));
  return [...before, text === "bearer" ? text : { header: text }];
}

const probe: Action<ProbeFlags> = async (context, _args, flags) => {
  if (flags.target === "fake") throw new CommandError("usage", told("probe_of_fake"));
  const token = flags.dryRun ? "none" : flags.tokenStdin ? await readToken() : undefined;
  const loaded = await load({
    file: flags.config,
    target: flags.target,
    needs: flags.as === undefined ? ["client"] : ["client", "source", "map"],
    // Facts that are no longer right must not stop a new probe.
    override: ({ platform }) => ({
      platform: typeof platform === "object" ? { ...platform, facts: undefined } : false,
      ...(token !== undefined && { client: { token } }),
    }),
  });
  const file = resolve(loaded.folder, flags.out ?? loaded.platformFile ?? "platform.json");
  const written = existsSync(file) ? readWritten(file) : {};
  const before = existsSync(file) ? readBefore(file, written, flags.compare === true) : undefined;
  if (flags.compare && !before) throw new CommandError("no_facts", told("probe_nothing_to_compare", { file }));
  let oplead = createOplead(loaded.config.client);
  const options = await optionsOf(loaded, context, flags, before);
  if (flags.dryRun) {
    const requests = probeRequests(oplead, options);
    const lines = requests.map(({ method, path, testMode, sends, when }) => {
      const content = sends === "nothing" ? "" : say(`sends_${sends}`);
      const condition = when === "always" ? "" : say(`sent_${when}`);
      return `${method} ${path}${testMode ? "?test=true" : ""}${content}${condition}`;
    });
    context.output.result([...lines, "", say("nothing_sent")].join("\n"), { requests });
    return EXIT.success;
  }
  const asked = flags.trustTestMode ? 0 : await requireTestMode(oplead, options);
  if (flags.allowTestCreate) context.output.warn(say("probe_creates_users"));
  const {
    lines: proposed,
    takesAnything,
    requests,
  } = flags.compare ? { lines: [], takesAnything: false, requests: 0 } : await proposePlatform(oplead, options);
  if (takesAnything) throw new CommandError("no_test_mode", told("probe_takes_anything"));
  const { platform: given = {} } = loaded.config.client ?? {};
  const parts = partsOf(given, written, proposed);
  oplead = createOplead({ ...loaded.config.client, platform: { ...given, ...parts } });
  const facts = await probePlatform(oplead, options);
  const named = Object.entries<Fact<unknown>>(facts.facts);
  if (named.some(([, { why }]) => why === "cut_off")) {
    throw new CommandError("cut_off", told("probe_no_answer", { requests: facts.requests }));
  }
  const isSame = before?.baseUrl === facts.baseUrl;
  if (flags.compare && before) {
    if (!isSame) {
      const places = { file, before: before.baseUrl, now: facts.baseUrl };
      throw new CommandError("no_facts", told("probe_other_platform", places));
    }
    return compared(context, compareFacts(before, facts));
  }
  // The read lag is left out: a probe sees it only by chance.
  const lost = isSame
    ? named.filter(([name, fact]) => name !== "readLagMs" && isLost(before.facts[name as FactName], fact))
    : [];
  if (lost.length > 0) {
    const names = lost.map(([name]) => name).join(", ");
    throw new CommandError("less_known", told("probe_would_forget", { file, names }));
  }
  withFile("write", told("file_not_written", { file }), () => {
    // No secret: the file belongs in the repository.
    writePrivateFile(file, `${JSON.stringify({ ...parts, ...written, ...parts, facts }, null, 2)}\n`, 0o644);
  });
  const lines = [
    ...named.map(([name, fact]) => lineOf(name, fact)),
    ...proposed.map((one) => say(one.isSure ? "probe_proposes" : "probe_perhaps", one)),
  ];
  const sent = say("probe_written", { requests: asked + requests + facts.requests, file });
  const advice = loaded.platformFile === undefined ? say("probe_use") : "";
  context.output.result([...lines, "", sent + advice].join("\n"), { file, ...facts, proposed });
  return EXIT.success;
};

type Proposed = Awaited<ReturnType<typeof proposePlatform>>["lines"];

const PARTS = ["fields", "envelope", "rulePaths"] as const;

// What the config and the file say stays. A proposal that is not sure is only shown.
function partsOf(given: Platform, written: Platform, proposed: Proposed): Pick<Platform, (typeof PARTS)[number]> {
  const sure = proposed.filter(({ isSure }) => isSure);
  const parts = PARTS.map((part) => {
    const own = sure.filter(({ line }) => line.startsWith(`${part}.`));
    const found = own.map(({ line, value }) => [line.slice(part.length + 1), value]);
    return [part, { ...Object.fromEntries(found), ...written[part], ...given[part] }] as const;
  });
  return Object.fromEntries(parts.filter(([, all]) => Object.keys(all).length > 0));
}

function readWritten(file: string): Platform {
  const text = withFile("read", told("file_unreadable", { file }), () => readFileSync(file, "utf8"));
  return Object(jsonIn(text));
}

// Damaged facts are replaced, unless they are needed for a comparison.
function readBefore(file: string, { facts }: Platform, isNeeded: boolean): PlatformFacts | undefined {
  try {
    return readFacts(facts);
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
  const { allowTestCreate = false, auth = [] } = flags;
  if (allowTestCreate && !process.stdin.isTTY && config.probe?.allowTestCreate !== true) {
    throw new CommandError("usage", told("probe_create_not_allowed"));
  }
  const found = before?.facts.auth.value;
  const candidates = found ? [found, ...auth] : auth;
  const existing = flags.as === undefined ? undefined : await existingOf(flags.as, { config }, context);
  const { lagMs } = config.probe ?? {};
  return { existing, allowTestCreate, lagMs, auth: candidates, signal: context.interrupts.signal };
}

async function existingOf(
  account: string,
  loaded: Pick<LoadedConfig, "config">,
  context: Context,
): Promise<SourceUser> {
  const { users } = await readUsers(loaded, context);
  const found = users.find(({ user }) => user.user.accountNumber === account);
  if (!found) throw new CommandError("not_found", told("probe_no_user", { user: account }));
  return found.user;
}

function compared({ output }: Context, comparison: FactComparison): ExitCode {
  const lines = comparison.changes.map(({ fact, before, after, breaks }) => {
    const change = `${fact}: ${before === null ? say("not_known") : JSON.stringify(before)} → ${JSON.stringify(after)}`;
    return `${breaks ? "✗" : "!"} ${change}${breaks ? say("relied_on") : ""}`;
  });
  output.result(
    [...lines, ...(lines.length > 0 ? [""] : []), say(`compared_${comparison.outcome}`)].join("\n"),
    comparison,
  );
  return { same: EXIT.success, compatible: EXIT.changesPending, broken: EXIT.guard }[comparison.outcome];
}

function lineOf(name: string, { verdict, value, why }: Fact<unknown>): string {
  const what = verdict === "undecided" ? say(`gap_${why ?? "not_shown"}`) : JSON.stringify(value);
  return `${SIGNS[verdict]} ${say("name_and_what", { name, what })}`;
}

const SIGNS = { undecided: "?", confirmed: "✓", refuted: "≠" } as const;
