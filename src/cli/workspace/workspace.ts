import { resolve } from "node:path";
import { createOplead, type Oplead, type OpleadHooks } from "oplead-sdk";
import {
  type ConfigPart,
  type ConfigTarget,
  type LoadedConfig,
  loadConfig,
  type OpleadConfig,
} from "oplead-sdk/config";
import { fileLedger, type Ledger, memoryLedger } from "oplead-sdk/sync";
import type { Action, Context } from "../command.ts";
import { CommandError, type ExitCode } from "../exit.ts";
import type { ConfigFlags } from "../shell/flags.ts";
import { say, told } from "../texts/say.ts";
import { announce, holderOf } from "./holder.ts";
import { WaitWatch } from "./wait-watch.ts";

export interface Workspace {
  readonly loaded: LoadedConfig;
  readonly config: OpleadConfig;
  readonly ledger: Ledger;
  /** A client, made when it is first asked for: commands that send nothing need no token. */
  readonly oplead: Oplead;
  /** Observers of the client beside those of the config; to be added before the client is asked for. */
  readonly hooks: OpleadHooks[];
  /** Shows what is waited for while Oplead does not answer. */
  readonly waits: WaitWatch;
  /** Whether everything happens in a fake Oplead that ends with this process. */
  readonly isFake: boolean;
}

type Closing = (() => void | Promise<void>)[];

/**
 * Makes an action that has a workspace: opens the config, the ledger and, with `--target fake`, a fake Oplead, and closes
 * them when the action has ended. An action that does not use the ledger gets an empty one, and can run while a run has the ledger;
 * so can one that uses its `notes` only.
 */
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
      const loaded = await loadConfig({
        file: flags.config,
        target: isFake ? undefined : flags.target,
        needs: typeof needs === "function" ? needs(flags) : needs,
        override: async (config) => {
          if (isFake) return startFake(config);
          return flags.tokenStdin ? { client: { token: await readToken() } } : {};
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

/** The API token from standard input: one line. Never asked for, so a terminal is refused. */
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

/** The same in every process, because the hash of a plan covers it. */
const FAKE_URL = "https://fake.invalid";

async function startFake(config: OpleadConfig): Promise<ConfigTarget> {
  const { createFakeOplead, realCountries } = await import("oplead-sdk/testing");
  const facts = typeof config.facts === "object" ? { ...config.facts, baseUrl: FAKE_URL } : undefined;
  const fake = createFakeOplead({ countries: realCountries(), facts, ...config.fake });
  const auth = facts?.facts?.auth;
  const client = {
    token: "fake-token",
    auth: auth?.verdict === "refuted" ? (auth.value ?? "bearer") : ("bearer" as const),
    baseUrl: FAKE_URL,
    fetch: fake.fetch,
    rateLimit: { requests: 500, perMs: 1000 },
  };
  return {
    client,
    facts,
    ledger: memoryLedger({ ledgerKey: config.ledgerKey }),
    audit: false,
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
  // They lie beside the folder, so that they can be read and written while a run has it.
  if (onlyNotes) return opened;
  try {
    // Opened here, so that a run that cannot have it ends before it reads its source.
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
