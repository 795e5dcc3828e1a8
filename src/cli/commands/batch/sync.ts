import type { Command } from "commander";
import type { ApplyOptions } from "oplead-sdk/sync";
import type { Action } from "../../command.ts";
import { CommandError } from "../../exit.ts";
import { planToApprove } from "../../run/approval.ts";
import { askProfiles } from "../../run/ask-profiles.ts";
import { carryOut } from "../../run/carry-out.ts";
import { makePlan, plannedParts } from "../../run/make-plan.ts";
import { endIfPaused } from "../../run/paused.ts";
import { type RunFlags, reporting, runFlags } from "../../run/report.ts";
import type { Selection } from "../../run/saved-file.ts";
import { FULL, helpNote, numberIn, SOURCE } from "../../shell/flags.ts";
import { phrase, say, told } from "../../texts/say.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface SyncFlags extends RunFlags, Selection {
  readonly source?: string;
  readonly test?: boolean;
  readonly queue?: boolean;
  readonly ignoreKnown?: boolean;
  readonly approve?: string;
}

export function define(command: Command): Action<SyncFlags> {
  runFlags(command)
    .option("--test", say("let Oplead check the changes in test mode: it keeps nothing, and the ledger stays as it is"))
    .option("--only <account...>", say("send these users only, for a trial"))
    .option(
      "--limit <number>",
      say("send at most this many users, for a trial; with --test spread evenly over the plan"),
      numberIn(0, 1e9),
    )
    .option("--resend", say("send everything again, also what Oplead has according to the ledger"))
    .option("--source <file>", phrase(SOURCE))
    .option("--full", phrase(FULL))
    .option("--approve <hash>", say("carry out the plan with this hash, and no other, although it was refused"))
    .option("--ignore-known", say("leave problems that the last run had as well out of the exit code"))
    .option("--queue", say("let the workers of the config's queue send the users, and wait for them"));
  helpNote(
    command,
    say(
      "With --test, what depends on a user that only the run itself would create cannot be verified.\nExit codes: 0 success; 3 stopped by the guard (read the plan, then: oplead sync --approve HASH); 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.",
    ),
  );
  return (context, args, flags) => {
    return flags.test
      ? reporting(verify, "verify")(context, args, flags)
      : reporting(sync, "sync")(context, args, flags);
  };
}

function planned({ source: file, resend, full, only, limit, ignoreKnown }: SyncFlags) {
  return { file, resend, full, only, limit, ignoreKnown };
}

/** No queue: a worker would not know that the ledger has to stay as it is. */
const verify = inWorkspace<SyncFlags>(plannedParts, async (workspace, context, _args, flags) => {
  if (flags.queue) throw new CommandError("usage", told("--test sends from this process: leave out --queue."));
  const plan = await makePlan(workspace, context, planned(flags));
  return carryOut(plan, workspace, context, flags, (watched) => plan.verify(watched));
});

const sync = inWorkspace<SyncFlags>(plannedParts, async (workspace, context, _args, flags) => {
  const paused = await endIfPaused(workspace, context, flags);
  if (paused !== undefined) return paused;
  const { approve, only, limit } = flags;
  const plan = await planToApprove(workspace, context, approve, planned(flags));
  await askProfiles(workspace, plan, context);
  const send = (more: ApplyOptions) => plan.apply({ approve, only, limit, ...more });
  if (!flags.queue) return carryOut(plan, workspace, context, flags, send, { approve });
  return withQueue(workspace, context, (queue) =>
    carryOut(plan, workspace, context, flags, (watched) => send({ queue, ...watched }), { approve }),
  );
});
