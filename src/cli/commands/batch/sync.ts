import type { Command } from "commander";
import type { Action } from "../../command.ts";
import type { ExitCode } from "../../exit-codes.ts";
import { carryOut, type RunFlags } from "../../run/carry-out.ts";
import { makePlan } from "../../run/make-plan.ts";
import { runFlags } from "../../run/run-flags.ts";
import { openQueue } from "../../session/open-queue.ts";
import { openSession } from "../../session/session.ts";
import type { Context } from "../../shell/context.ts";
import type { ConfigFlags } from "../../shell/flags.ts";
import { helpNote } from "../../shell/help-note.ts";

interface SyncFlags extends ConfigFlags, RunFlags {
  readonly resend?: boolean;
  readonly queue?: boolean;
}

export function define(command: Command): Action {
  runFlags(command)
    .option("--resend", "send everything again, also what Oplead has according to the ledger")
    .option("--queue", "let the workers of the config's queue send the users, and wait for them");
  helpNote(
    command,
    "Exit codes: 0 success; 3 stopped by the guard (read the plan, then: oplead apply --approve HASH); 4 partly failed; " +
      "1 error, or nothing arrived; 130 interrupted.",
  );
  return sync;
}

const sync = async (context: Context, _args: readonly string[], flags: SyncFlags): Promise<ExitCode> => {
  const session = await openSession(context, flags, "sync", ["client", "source", "map"]);
  try {
    const plan = await makePlan(session, context, { resend: flags.resend });
    if (!flags.queue) return await carryOut(plan, session, context, flags, (watched) => plan.apply(watched));
    const queue = await openQueue(session, context);
    try {
      return await carryOut(plan, session, context, flags, (watched) => plan.apply({ through: queue, ...watched }));
    } finally {
      await queue.close();
    }
  } finally {
    await session.close();
  }
};
