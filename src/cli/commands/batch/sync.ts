import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { CommandError } from "../../exit.ts";
import { carryOut } from "../../run/carry-out.ts";
import { makePlan, plannedParts } from "../../run/make-plan.ts";
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
  readonly firstRun?: boolean;
  readonly ignoreKnown?: boolean;
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
    .option(
      "--first-run",
      say("fill an empty ledger with many users; a lost ledger looks the same, so only for the first night"),
    )
    .option("--new <account...>", say("create these users although the ledger has their login or e-mail address"))
    .option("--ignore-known", say("leave problems that the last run had as well out of the exit code"))
    .option("--queue", say("let the workers of the config's queue send the users, and wait for them"));
  helpNote(
    command,
    say(
      "With --test, what depends on a user that only the run itself would create cannot be verified.\nExit codes: 0 success; 3 stopped by the guard (read the plan, then: oplead apply --approve HASH); 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.",
    ),
  );
  return (context, args, flags) => {
    return flags.test
      ? reporting(verify, "verify")(context, args, flags)
      : reporting(sync, "sync")(context, args, flags);
  };
}

function planned({ source: file, resend, full, only, limit, firstRun, ignoreKnown, new: newUsers }: SyncFlags) {
  return { file, resend, full, only, limit, firstRun, ignoreKnown, newUsers };
}

/** No queue: a worker would not know that the ledger has to stay as it is. */
const verify = inWorkspace<SyncFlags>(plannedParts, async (workspace, context, _args, flags) => {
  if (flags.queue) throw new CommandError("usage", told("--test sends from this process: leave out --queue."));
  const plan = await makePlan(workspace, context, planned(flags));
  return carryOut(plan, workspace, context, flags, (watched) => plan.verify(watched));
});

const sync = inWorkspace<SyncFlags>(plannedParts, async (workspace, context, _args, flags) => {
  const { firstRun } = flags;
  const plan = await makePlan(workspace, context, planned(flags));
  if (!flags.queue) return carryOut(plan, workspace, context, flags, (watched) => plan.apply(watched), { firstRun });
  return withQueue(workspace, context, (queue) =>
    carryOut(plan, workspace, context, flags, (watched) => plan.apply({ queue, ...watched }), { firstRun }),
  );
});
