import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { carryOut } from "../../run/carry-out.ts";
import { makeUndo } from "../../run/make-undo.ts";
import { reporting, runFlags } from "../../run/report.ts";
import { helpNote } from "../../shell/flags.ts";
import { say } from "../../texts/say.ts";
import { inWorkspace } from "../../workspace/workspace.ts";
import { type PlanFlags, showPlan } from "./plan.ts";

interface UndoFlags extends PlanFlags {
  readonly approve?: string;
}

export function define(command: Command): Action<UndoFlags> {
  command.argument("<run>", say("a run that oplead history lists"));
  runFlags(command)
    .option("--all", say("show every row, and each change by itself"))
    .option("-o, --out <file>", say("save the plan: hashes and account numbers, no personal data"))
    .option("--approve <hash>", say("carry the plan out that has this hash"));
  helpNote(
    command,
    say(
      "Needs a ledger with remember: true. Shows the plan and writes nothing, unless --approve names it. Mend the source first: the next run sends what it says.\nExit codes: 0 success; 3 the plan is not the one that was read; 4 partly failed; 1 error; 130 interrupted.",
    ),
  );
  return (context, args, flags) =>
    reporting(undo, flags.approve === undefined ? undefined : "undo")(context, args, flags);
}

const undo = inWorkspace<UndoFlags>(["client"], async (workspace, context, [run = ""], flags) => {
  const { approve } = flags;
  const plan = await makeUndo(workspace, context, run);
  if (approve === undefined) return showPlan(plan, context, flags, { lines: [] });
  return carryOut(plan, workspace, context, flags, (watched) => plan.apply({ approve, ...watched }), { approve });
});
