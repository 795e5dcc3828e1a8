import type { Command } from "commander";
import type { Action } from "../../command.ts";
import type { ExitCode } from "../../exit-codes.ts";
import { carryOut, type RunFlags } from "../../run/carry-out.ts";
import { makePlan } from "../../run/make-plan.ts";
import { runFlags } from "../../run/run-flags.ts";
import type { Selection } from "../../run/saved-file.ts";
import { openSession } from "../../session/session.ts";
import type { Context } from "../../shell/context.ts";
import { type ConfigFlags, numberIn } from "../../shell/flags.ts";
import { helpNote } from "../../shell/help-note.ts";

interface VerifyFlags extends ConfigFlags, RunFlags, Selection {
  readonly sample?: number;
}

export function define(command: Command): Action {
  runFlags(command)
    .option("--sample <number>", "about so many changes, spread evenly over the plan", numberIn(1, 1e9))
    .option("--only <account...>", "verify these users only")
    .option("--limit <number>", "verify the first so many users", numberIn(0, 1e9));
  helpNote(
    command,
    "Sends the changes in test mode: Oplead checks them and keeps nothing, and the ledger stays as it is. What depends on a " +
      "user that only the run itself would create cannot be verified.\n" +
      "Exit codes: 0 success; 4 partly refused; 1 error, or nothing was accepted; 130 interrupted.",
  );
  return verify;
}

const verify = async (context: Context, _args: readonly string[], flags: VerifyFlags): Promise<ExitCode> => {
  const { sample, only, limit } = flags;
  const session = await openSession(context, flags, "verify", ["client", "source", "map"]);
  try {
    const plan = await makePlan(session, context);
    return await carryOut(plan, session, context, flags, (watched) => plan.verify({ sample, only, limit, ...watched }));
  } finally {
    await session.close();
  }
};
