import { resolve } from "node:path";
import { type OpleadConfig, sourceOfFile } from "oplead-sdk/config";
import type { PolicyContext } from "oplead-sdk/coverage";
import { planSync, type SyncOptions, type SyncPlan } from "oplead-sdk/sync";
import type { ConfigPart } from "#parts";
import { mappingOf } from "../../sync/plan/mapping.ts";
import type { Context } from "../command.ts";
import { messageOf, say } from "../say.ts";
import { recordSourceOf } from "../workspace/read-users.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { policiesOf, settingsOf } from "./coverage.ts";
import { markOfOtherHost, readLedgerMark } from "./notes.ts";
import { operator } from "./trace.ts";

export interface Selection extends Pick<SyncOptions<unknown>, "resend" | "only" | "limit"> {
  readonly full?: boolean | undefined;
}

interface Asked extends Selection, Pick<SyncOptions<unknown>, "ignoreKnown" | "retryHeld"> {
  // File of `--source`.
  readonly file?: string | undefined;
  // Only called if the plan changes the coverage, and the config has policies or coverage.
  readonly onUsers?: ((users: PolicyContext) => void) | undefined;
}

export function plannedParts({ source }: { readonly source?: string | undefined }): readonly ConfigPart[] {
  return source === undefined ? ["client", "source", "map"] : ["client", "map"];
}

// Ctrl-C ends planning at once, because planning writes nothing.
export async function makePlan(
  { loaded, config, ledger, oplead, isFake, names }: Workspace,
  { output, interrupts }: Context,
  asked: Asked = {},
): Promise<SyncPlan> {
  const { file, full, resend, only, limit, ignoreKnown, retryHeld } = asked;
  const options = optionsOf(config);
  const { guard, moves, incremental } = options;
  const { newUsers } = config;
  // A path of the command line starts at the working directory, one of the config at the config's folder.
  const instead = file === undefined ? undefined : sourceOfFile(resolve(file), config.source);
  let told = instead ?? recordSourceOf(config);
  // Safe: the workspace checked source and map, or a file is given.
  const source = (instead ?? config.source) as SyncOptions<unknown>["source"];
  const map = config.map as SyncOptions<unknown>["map"];
  const judged = await policiesOf(config, asked.onUsers);
  const plan = await planSync(oplead, {
    // A source that is a function may return one with warnings of its own.
    source:
      told || typeof source !== "function"
        ? source
        : async (request) => {
            const given = await source(request);
            told = recordSourceOf({ source: given });
            return given;
          },
    advanced: {
      newUsers,
      sourceFile: file,
      ledgerMark: isFake ? undefined : ((await markOfOtherHost(loaded, ledger)) ?? readLedgerMark(loaded)),
      made: { by: operator(), company: settingsOf(config).company, from: file ?? titleOf(config.source) },
    },
    map,
    ledger,
    resend,
    only,
    limit,
    ignoreKnown,
    ...options,
    key: names.key,
    // The empty ledger of a fake would need an approval each time.
    guard: isFake && guard !== false ? { ...names.guard, minUsers: Number.MAX_SAFE_INTEGER } : names.guard,
    moves: isFake ? undefined : moves,
    coverage: judged?.coverage,
    policies: judged?.policies,
    incremental: full && typeof incremental === "object" ? { ...incremental, fullEveryDays: 0 } : incremental,
    retryHeld,
    // The config's `rowOf` fits only the config's source.
    rowOf: instead ? undefined : config.rowOf,
    signal: interrupts.signal,
  });
  const answered = mappingOf(map);
  for (const warning of told?.warnings() ?? []) {
    if (!answered?.answers(warning)) {
      output.warn(say("name_and_what", { name: told?.title ?? "", what: messageOf(warning) }));
    }
  }
  return plan;
}

export function unusedColumnLines(config: OpleadConfig): string[] {
  const columns = unusedColumns(config);
  if (columns.length === 0) return [];
  const named = columns.slice(0, NAMED_COLUMNS);
  return [say("columns_not_used", { columns: named, more: columns.length - named.length })];
}

const NAMED_COLUMNS = 12;

// Unused columns are known once the source is read, and only for a map made by `columns`.
export function unusedColumns({ map, labels = [], guard }: OpleadConfig): readonly string[] {
  const segments = guard === false ? undefined : guard?.segments;
  const named = [labels, typeof segments === "string" ? segments : []].flat();
  return (mappingOf(map)?.unused() ?? []).filter((column) => !named.includes(column));
}

function titleOf(source: unknown): string | undefined {
  const title: unknown = typeof source === "function" && "title" in source ? source.title : undefined;
  return typeof title === "string" ? title : undefined;
}

function optionsOf(config: OpleadConfig) {
  const { client, source, map, ledger, ledgerKey, webhook, queue, coverage, ...more } = config;
  const { audit, notify, platform, language, labels, probe, fake, trigger, targets, policies, newUsers, ...options } =
    more;
  // A field of the config that is no option of planSync does not compile here.
  const known: { readonly [Name in keyof typeof options]: Name extends keyof SyncOptions<unknown> ? unknown : never } =
    options;
  return known as typeof options;
}
