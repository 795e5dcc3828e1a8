import { planUndo, type SyncPlan, type UndoOptions } from "oplead-sdk/sync";
import type { Context } from "../command.ts";
import { policiesOf } from "../coverage/policies.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { readLedgerMark } from "./notes.ts";
import { auditPath } from "./trace.ts";

/** Plans to put back what a run changed, with the options of the config. The source is not read. */
export async function makeUndo(
  { loaded, config, ledger, oplead, isFake }: Workspace,
  { interrupts }: Context,
  run: string,
  more: Pick<UndoOptions, "only" | "limit"> = {},
): Promise<SyncPlan> {
  const { guard, checks, concurrency, stop } = config;
  const audit = auditPath(loaded);
  const ledgerMark = isFake ? undefined : readLedgerMark(loaded);
  return planUndo(oplead, {
    run,
    ledger,
    audit,
    ledgerMark,
    guard,
    checks,
    ...(await policiesOf(config)),
    concurrency,
    stop,
    signal: interrupts.signal,
    ...more,
  });
}
