import { planSync, type SyncOptions, type SyncPlan } from "oplead-sdk/sync";
import type { Context } from "../command.ts";
import { policiesOf } from "../coverage/policies.ts";
import { messageOf } from "../texts/say.ts";
import { recordSourceOf } from "../workspace/read-users.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { readLedgerMark } from "./notes.ts";

/** Plans with the options of the config. Ctrl-C ends it at once: nothing is under way. */
export async function makePlan(
  { loaded, config, ledger, oplead, planned, isFake }: Workspace,
  { output, interrupts }: Context,
  { firstRun = false, ...more }: Partial<SyncOptions<unknown>> & { readonly firstRun?: boolean | undefined } = {},
): Promise<SyncPlan> {
  const { key, moves, leavers, guard, checks, incremental, heldRetryAfterMs, concurrency, stop, onMissing } = config;
  let told = recordSourceOf(config);
  // The workspace was opened only because the config has both.
  const { source, map } = config as Pick<SyncOptions<unknown>, "source" | "map">;
  // Who says so today knows that the ledger is new, whatever the mark of another one says.
  const isNew = firstRun && (await ledger.getInfo())?.runs === undefined;
  const plan = await planSync(oplead, {
    // What a function gives may be a source that has something to say.
    source:
      told || typeof source !== "function"
        ? source
        : async (request) => {
            const given = await source(request);
            told = recordSourceOf({ source: given });
            return given;
          },
    map,
    ledger,
    ledgerMark: isFake || isNew ? undefined : readLedgerMark(loaded),
    key,
    // The ledger of a fake is always empty.
    guard: (isFake || firstRun) && guard !== false ? { ...guard, firstRun: true } : guard,
    // The ledger of a fake knows nobody who could be moved.
    moves: isFake ? undefined : moves,
    leavers,
    ...(await policiesOf(config, planned)),
    checks,
    incremental,
    heldRetryAfterMs,
    concurrency,
    stop,
    onMissing,
    rowOf: config.rowOf,
    signal: interrupts.signal,
    ...more,
  });
  for (const warning of told?.warnings() ?? []) output.warn(`${told?.title}: ${messageOf(warning)}`);
  return plan;
}
