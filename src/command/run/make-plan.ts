import { resolve } from "node:path";
import { type ConfigPart, type OpleadConfig, sourceOfFile } from "oplead-sdk/config";
import type { PolicyContext } from "oplead-sdk/coverage";
import { planSync, type SyncOptions, type SyncPlan } from "oplead-sdk/sync";
import { mappingOf } from "../../sync/plan/mapping.ts";
import type { Context } from "../command.ts";
import { messageOf, say } from "../say.ts";
import { recordSourceOf } from "../workspace/read-users.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { policiesOf, settingsOf } from "./coverage.ts";
import { markOfOtherHost, readLedgerMark } from "./notes.ts";
import { operator } from "./trace.ts";

/** Flags that say which users are sent. */
export interface Selection extends Pick<SyncOptions<unknown>, "resend" | "only" | "limit"> {
  /** Whether to read all records even if the config asks for changes only. */
  readonly full?: boolean | undefined;
}

/** The options of one plan, in addition to the options of the config. */
interface Asked extends Selection, Pick<SyncOptions<unknown>, "ignoreKnown" | "heldRetryAfterMs"> {
  /** The file of `--source`, which is read in place of the config's source. */
  readonly file?: string | undefined;
  /**
   * Receives the users before and after the plan, if the plan changes their coverage and the config has policies or
   * coverage.
   */
  readonly onUsers?: ((users: PolicyContext) => void) | undefined;
}

/** The parts of the config that a plan needs. With `--source`, the config needs no source of its own. */
export function plannedParts({ source }: { readonly source?: string | undefined }): readonly ConfigPart[] {
  return source === undefined ? ["client", "source", "map"] : ["client", "map"];
}

/**
 * Makes a plan with the options of the config. Ctrl-C ends planning at once, because planning writes nothing to Oplead.
 */
export async function makePlan(
  { loaded, config, ledger, oplead, isFake, names }: Workspace,
  { output, interrupts }: Context,
  asked: Asked = {},
): Promise<SyncPlan> {
  const { file, full, resend, only, limit, ignoreKnown } = asked;
  const options = optionsOf(config);
  const { guard, moves, incremental, heldRetryAfterMs } = options;
  // A relative path on the command line starts at the working directory. A relative path in the config starts at the
  // config's folder.
  const instead = file === undefined ? undefined : sourceOfFile(resolve(file), config.source);
  let told = instead ?? recordSourceOf(config);
  // The cast is safe: the workspace checked that the config has a source and a map, or that a file is given.
  const source = (instead ?? config.source) as SyncOptions<unknown>["source"];
  const map = config.map as SyncOptions<unknown>["map"];
  const judged = await policiesOf(config, asked.onUsers);
  const plan = await planSync(oplead, {
    // If the source is a function, the source that it returns may have warnings of its own.
    source:
      told || typeof source !== "function"
        ? source
        : async (request) => {
            const given = await source(request);
            told = recordSourceOf({ source: given });
            return given;
          },
    sourceFile: file,
    made: {
      by: operator(),
      company: settingsOf(config).company,
      from: file ?? titleOf(config.source),
    },
    map,
    ledger,
    resend,
    only,
    limit,
    ignoreKnown,
    ...options,
    key: names.key,
    ledgerMark: isFake ? undefined : ((await markOfOtherHost(loaded, ledger)) ?? readLedgerMark(loaded)),
    // The ledger of a fake is always empty. So the guard is relaxed, because the first night with an empty ledger would
    // need an approval each time.
    guard: isFake && guard !== false ? { ...names.guard, minUsers: Number.MAX_SAFE_INTEGER } : names.guard,
    // The ledger of a fake is empty, so there are no users to move.
    moves: isFake ? undefined : moves,
    coverage: judged?.coverage,
    policies: judged?.policies,
    incremental: full && typeof incremental === "object" ? { ...incremental, fullEveryDays: 0 } : incremental,
    heldRetryAfterMs: asked.heldRetryAfterMs ?? heldRetryAfterMs,
    // The config's `rowOf` is about the config's source. A file in place of the source counts its rows itself.
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

/**
 * The line that names the columns of the file that no field, label or segment uses; empty if there is no such column,
 * or if it is not known which columns are used.
 */
export function unusedColumnLines(config: OpleadConfig): string[] {
  const columns = unusedColumns(config);
  if (columns.length === 0) return [];
  const named = columns.slice(0, NAMED_COLUMNS);
  return [say("columns_not_used", { columns: named, more: columns.length - named.length })];
}

const NAMED_COLUMNS = 12;

/**
 * The columns of the file that no field, label or segment uses. They are known after the source was read, and only if
 * `map` was made by `columns`.
 */
export function unusedColumns({ map, labels = [], guard }: OpleadConfig): readonly string[] {
  const segments = guard === false ? undefined : guard?.segments;
  const named = [labels, typeof segments === "string" ? segments : []].flat();
  return (mappingOf(map)?.unused() ?? []).filter((column) => !named.includes(column));
}

/** The title of a source, which is its file or its name; undefined for a list of records. */
function titleOf(source: unknown): string | undefined {
  const title: unknown = typeof source === "function" && "title" in source ? source.title : undefined;
  return typeof title === "string" ? title : undefined;
}

/**
 * The options of a config that are passed to `planSync` unchanged. Options that the command itself uses are left out.
 */
function optionsOf(config: OpleadConfig) {
  const { client, source, map, ledger, ledgerKey, webhook, queue, coverage, ...more } = config;
  const { audit, notify, facts, language, labels, probe, fake, trigger, targets, policies, ...options } = more;
  // If the config gets a field that is no option of planSync, this line does not compile until the field is added to
  // the names above, which are left out.
  const known: { readonly [Name in keyof typeof options]: Name extends keyof SyncOptions<unknown> ? unknown : never } =
    options;
  return known as typeof options;
}
