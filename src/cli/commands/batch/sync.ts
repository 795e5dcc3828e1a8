import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { carryOut } from "../../run/carry-out.ts";
import { makePlan, plannedParts } from "../../run/make-plan.ts";
import { type RunFlags, reporting, runFlags } from "../../run/report.ts";
import { FULL, helpNote, SOURCE } from "../../shell/flags.ts";
import { phrase, say } from "../../texts/say.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface SyncFlags extends RunFlags {
  readonly source?: string;
  readonly resend?: boolean;
  readonly full?: boolean;
  readonly queue?: boolean;
  readonly firstRun?: boolean;
  readonly ignoreKnown?: boolean;
  readonly new?: readonly string[];
}

export function define(command: Command): Action {
  runFlags(command)
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
      "Exit codes: 0 success; 3 stopped by the guard (read the plan, then: oplead apply --approve HASH); 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.",
    ),
  );
  return reporting(sync, "sync");
}

const sync = inWorkspace<SyncFlags>(plannedParts, async (workspace, context, _args, flags) => {
  const { source, resend, full, firstRun, ignoreKnown } = flags;
  const plan = await makePlan(workspace, context, {
    file: source,
    resend,
    full,
    firstRun,
    ignoreKnown,
    newUsers: flags.new,
  });
  if (!flags.queue) return carryOut(plan, workspace, context, flags, (watched) => plan.apply(watched), { firstRun });
  return withQueue(workspace, context, (queue) =>
    carryOut(plan, workspace, context, flags, (watched) => plan.apply({ queue, ...watched }), { firstRun }),
  );
});
