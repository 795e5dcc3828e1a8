import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { createOplead, type Oplead, type OpleadHooks, type OpleadLogger } from "oplead-sdk";
import type { UserQueue } from "oplead-sdk/bullmq";
import type { ConfigTarget, OpleadConfig } from "oplead-sdk/config";
import { fileLedger, type Ledger, memoryLedger } from "oplead-sdk/sync";
import type { ConfigPart, LoadedConfig, PlatformFacts } from "#parts";
import { errorCode } from "../../core/errors.ts";
import { localTime } from "../../locales/grammar.ts";
import { mappingOf } from "../../sync/plan/mapping.ts";
import type { Action, Context } from "../command.ts";
import { CommandError, type ExitCode } from "../exit.ts";
import { say, type Told, told } from "../say.ts";
import type { ConfigFlags } from "../shell/program.ts";
import { load } from "./load.ts";
import { Names } from "./names.ts";
import { WaitWatch } from "./wait-watch.ts";

export interface Workspace {
  readonly loaded: LoadedConfig;
  readonly config: OpleadConfig;
  readonly ledger: Ledger;
  // The client is made when first read: commands that send nothing need no token.
  readonly oplead: Oplead;
  // Hooks must be added before `oplead` is first read.
  readonly hooks: OpleadHooks[];
  readonly waits: WaitWatch;
  readonly names: Names;
  readonly isFake: boolean;
}

type Closing = (() => void | Promise<void>)[];

// `usesLedger`: with `false` (an empty ledger) or `"notes"` the action works while a run has the ledger open.
export function inWorkspace<Flags extends ConfigFlags>(
  needs: readonly ConfigPart[] | ((flags: Flags) => readonly ConfigPart[]),
  run: (workspace: Workspace, context: Context, args: readonly string[], flags: Flags) => Promise<ExitCode>,
  { usesLedger = true }: { readonly usesLedger?: boolean | "notes" } = {},
): Action<Flags> {
  return async (context, args, flags) => {
    const isFake = flags.target === "fake";
    const { runEnd } = context;
    const closing: Closing = runEnd?.closing ?? [];
    try {
      const loaded = await load({
        file: flags.config,
        target: isFake ? undefined : flags.target,
        needs: typeof needs === "function" ? needs(flags) : needs,
        override: async (config) => {
          const given = isFake
            ? await startFake(config)
            : flags.tokenStdin
              ? { client: { token: await readToken() } }
              : {};
          return flags.test ? { ...given, client: { ...given.client, testMode: true } } : given;
        },
      });
      const { config } = loaded;
      if (runEnd && !isFake) runEnd.loaded = loaded;
      context.trace?.begin(loaded);
      if (isFake) context.output.note(say("target_is_fake"));
      const ledger = usesLedger ? await openLedger(context, loaded, closing, usesLedger === "notes") : memoryLedger();
      if (runEnd) runEnd.ledger = ledger;
      let oplead: Oplead | undefined;
      const hooks: OpleadHooks[] = [];
      const { timeoutMs = 30_000, deadlineMs = 120_000 } = config.client ?? {};
      const waits = new WaitWatch((text) => context.output.note(text), { timeoutMs, deadlineMs });
      closing.push(() => waits.stop());
      const workspace = {
        loaded,
        config,
        ledger,
        isFake,
        names: new Names(config),
        hooks,
        waits,
        get oplead() {
          oplead ??= createOplead({
            ...config.client,
            hooks: [waits.hooks, ...hooks, ...[config.client?.hooks ?? []].flat()],
          });
          return oplead;
        },
      };
      return await run(workspace, context, args, flags);
    } finally {
      if (!runEnd) for (const close of closing.reverse()) await close();
    }
  };
}

async function openLedger(
  { runId, command, trace }: Context,
  { config, folder }: LoadedConfig,
  closing: Closing,
  onlyNotes: boolean,
): Promise<Ledger> {
  const { ledger = "./oplead-ledger", ledgerKey } = config;
  if (typeof ledger !== "string") return ledger;
  const path = resolve(folder, ledger);
  const opened = fileLedger(path, { ledgerKey });
  closing.push(() => opened.close());
  // Notes, such as a pause, are files beside the ledger's folder.
  if (onlyNotes) return opened;
  try {
    // A ledger that cannot be opened fails here, before the source is read.
    await opened.getInfo();
  } catch (error) {
    const holder = holderOf(path, error);
    if (holder === undefined) throw error;
    throw new CommandError("ledger_unavailable", told("ledger_in_use_at", { path, holder }));
  }
  closing.push(announce(path, runId, command));
  await trace?.recover(opened);
  return opened;
}

// A terminal is refused: the command never prompts for a token.
export async function readToken(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new CommandError("usage", told("token_needs_pipe"));
  }
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) text += chunk;
  const token = text.trim();
  if (token === "") throw new CommandError("usage", told("token_pipe_empty"));
  return token;
}

// A fixed address: it is part of the hash of a plan, which another process may approve.
const FAKE_URL = "https://fake.invalid";

async function startFake(config: OpleadConfig): Promise<ConfigTarget> {
  const { createFakeOplead, realCountries } = await import("oplead-sdk/testing");
  const platform = typeof config.platform === "object" ? config.platform : {};
  const facts = platform.facts && ({ ...platform.facts, baseUrl: FAKE_URL } as PlatformFacts);
  const codes = mappingOf(config.map)?.codesOf("profile.code") ?? [];
  const profiles = codes.length === 0 ? undefined : codes.map((code) => ({ code, label: code }));
  const fake = createFakeOplead({ countries: realCountries(), profiles, platform: { facts }, ...config.fake });
  const auth = facts?.facts?.auth;
  const client = {
    token: "fake-token",
    baseUrl: FAKE_URL,
    fetch: fake.fetch,
    rateLimit: { requests: 500, perMs: 1000 },
    platform: { auth: auth?.verdict === "refuted" ? (auth.value ?? "bearer") : "bearer", facts },
  };
  return {
    client,
    platform: { ...platform, facts },
    ledger: memoryLedger({ ledgerKey: config.ledgerKey }),
    audit: false,
  };
}

// BullMQ is loaded here only.
export async function withQueue<T>(
  workspace: Workspace,
  { output }: Context,
  task: (queue: UserQueue) => Promise<T>,
): Promise<T> {
  const { config, isFake } = workspace;
  const { queue: options, ledger, client } = config;
  if (isFake) throw new CommandError("usage", told("queue_with_fake"));
  if (options === undefined) {
    throw new CommandError("invalid_options", told("queue_option_missing"));
  }
  if (ledger === undefined || typeof ledger === "string") {
    throw new CommandError("invalid_options", told("queue_needs_shared_ledger"));
  }
  const { userQueue } = await import("oplead-sdk/bullmq").catch((error: unknown) => {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CommandError("missing_package", told("queue_needs_packages"));
  });
  // The queue sums up what the client has to say of each request.
  const ofQueue =
    (tell: (line: string) => void): OpleadLogger["info"] =>
    (line, fields) => {
      if (fields.queue) tell(line);
    };
  const logger: OpleadLogger = {
    debug() {},
    info: ofQueue((line) => output.note(line)),
    warn: ofQueue((line) => output.warn(line)),
    error: (line) => output.warn(line),
  };
  const queue = userQueue(client?.logger ? workspace.oplead : workspace.oplead.with({ logger }), options);
  try {
    return await task(queue);
  } finally {
    await queue.close();
  }
}

// The file only describes the holder: the lock is LevelDB's and ends with the process, so a leftover file is harmless.
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly run: string;
  readonly command: string;
  readonly startedAt: string;
}

// The file is beside the folder, whose content is LevelDB's.
const fileOf = (ledger: string): string => `${ledger.replace(/[\\/]+$/, "")}.run.json`;

export function announce(ledger: string, run: string, command: string): () => void {
  const holder: Holder = { pid: process.pid, host: hostname(), run, command, startedAt: new Date().toISOString() };
  const file = fileOf(ledger);
  try {
    writeFileSync(file, `${JSON.stringify(holder)}\n`);
  } catch {
    return () => {}; // The file only explains a refusal.
  }
  const withdraw = (): void => rmSync(file, { force: true });
  process.on("exit", withdraw);
  return () => {
    process.off("exit", withdraw);
    withdraw();
  };
}

export function holderOf(ledger: string, error: unknown): Told | undefined {
  if (!isLocked(error)) return undefined;
  try {
    const { pid, host, command, startedAt, run } = JSON.parse(readFileSync(fileOf(ledger), "utf8")) as Holder;
    const holder = { pid: String(pid), command, run, time: localTime(startedAt) };
    return host === hostname()
      ? told("holder", holder)
      : told("holder_elsewhere", {
          ...holder,
          host,
        });
  } catch {
    return undefined;
  }
}

// LevelDB's code is in a cause of the ledger's error.
function isLocked(error: unknown): boolean {
  return error instanceof Error && (errorCode(error) === "LEVEL_LOCKED" || isLocked(error.cause));
}
