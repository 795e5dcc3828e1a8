import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { carryOut } from "../../run/carry-out.ts";
import { makePlan } from "../../run/make-plan.ts";
import { type RunFlags, reporting, runFlags } from "../../run/report.ts";
import type { Selection } from "../../run/saved-file.ts";
import { helpNote, numberIn } from "../../shell/flags.ts";
import { say } from "../../texts/say.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

export function define(command: Command): Action {
  runFlags(command)
    .option("--only <account...>", say("verify these users only"))
    .option("--limit <number>", say("verify at most this many users, spread evenly over the plan"), numberIn(0, 1e9));
  helpNote(
    command,
    say(
      "Sends the changes in test mode: Oplead checks them and keeps nothing, and the ledger stays as it is. What depends on a user that only the run itself would create cannot be verified.\nExit codes: 0 success; 4 partly refused; 5 records cannot be sent; 1 error, or nothing was accepted; 130 interrupted.",
    ),
  );
  return reporting(verify, "verify");
}

const verify = inWorkspace<RunFlags & Selection>(
  ["client", "source", "map"],
  async (workspace, context, _args, flags) => {
    const { only, limit } = flags;
    const plan = await makePlan(workspace, context);
    return carryOut(plan, workspace, context, flags, (watched) => plan.verify({ only, limit, ...watched }));
  },
);
