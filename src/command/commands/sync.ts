import type { Command } from "commander";
import type { ApplyOptions } from "oplead-sdk/sync";
import type { Action } from "../command.ts";
import { CommandError } from "../exit.ts";
import { planToApprove } from "../run/approval.ts";
import { askProfiles, carryOut, endIfPaused } from "../run/carry-out.ts";
import { plannedParts, type Selection } from "../run/make-plan.ts";
import { type RunFlags, reporting, sendFlags } from "../run/report.ts";
import { say, told } from "../say.ts";
import { helpNote, numberIn } from "../shell/program.ts";
import { inWorkspace, withQueue } from "../workspace/workspace.ts";

interface SyncFlags extends RunFlags, Selection {
  readonly source?: string;
  readonly test?: boolean;
  readonly queue?: boolean;
  readonly ignoreKnown?: boolean;
  readonly approve?: string;
}

export function define(command: Command): Action<SyncFlags> {
  sendFlags(command)
    .option("--test", say("sync_test"))
    .option("--only <account...>", say("option_only"))
    .option("--limit <number>", say("sync_limit"), numberIn(0, 1e9))
    .option("--resend", say("sync_resend"))
    .option("--source <file>", say("option_source"))
    .option("--full", say("option_full"))
    .option("--approve <hash>", say("sync_approve"))
    .option("--ignore-known", say("sync_ignore_known"))
    .option("--queue", say("sync_queue"));
  helpNote(command, say("sync_notes"));
  return (context, args, flags) => reporting(sync, flags.test ? "test" : "sync")(context, args, flags);
}

function planned({ source: file, resend, full, only, limit, ignoreKnown }: SyncFlags) {
  return { file, resend, full, only, limit, ignoreKnown };
}

const sync = inWorkspace<SyncFlags>(plannedParts, async (workspace, context, _args, flags) => {
  const { only, limit, test } = flags;
  // A worker has a client of its own, which is not in test mode.
  if (test && flags.queue) throw new CommandError("usage", told("test_without_queue"));
  const paused = await endIfPaused(workspace, context, flags);
  if (paused !== undefined) return paused;
  const approve = test ? undefined : flags.approve;
  const plan = await planToApprove(workspace, context, approve, planned(flags), flags);
  await askProfiles(workspace, plan, context);
  const send = (more: ApplyOptions) => plan.apply({ approve, only, limit, ...more });
  if (!flags.queue) return carryOut(plan, workspace, context, flags, send, { approve });
  return withQueue(workspace, context, (queue) =>
    carryOut(plan, workspace, context, flags, (watched) => send({ queue, ...watched }), { approve }),
  );
});
