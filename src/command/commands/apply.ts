import type { Command } from "commander";
import type { ApplyOptions, SavedPlan, SyncPlan } from "oplead-sdk/sync";
import type { Action, Context } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { commandToApprove, compareWithSaved, namesOf, planToApprove } from "../run/approval.ts";
import { askProfiles, carryOut, endIfPaused } from "../run/carry-out.ts";
import { makePlan, plannedParts, type Selection } from "../run/make-plan.ts";
import { type RunFlags, refusalLines, reporting, sendFlags } from "../run/report.ts";
import { languageName, say, shown, told } from "../say.ts";
import { readPlanFile } from "../shell/files.ts";
import { helpNote, numberIn } from "../shell/program.ts";
import { inWorkspace, type Workspace } from "../workspace/workspace.ts";

interface ApplyFlags extends RunFlags, Pick<Selection, "only" | "limit"> {
  readonly approve?: string;
}

interface SavedIn {
  readonly file?: string | undefined;
}

export function define(command: Command): Action {
  command.argument("[file]", say("apply_file"));
  sendFlags(command)
    .option("--approve <hash>", say("apply_approve"))
    .option("--only <account...>", say("option_only"))
    .option("--limit <number>", say("apply_limit"), numberIn(0, 1e9));
  helpNote(command, say("apply_notes"));
  return (context, args, flags) => reporting(apply, "apply")(context, args, flags as ApplyFlags);
}

const apply: Action<ApplyFlags> = async (context, args, flags) => {
  const [file] = args;
  const { approve } = flags;
  const saved = file === undefined ? undefined : readPlanFile(file);
  if (saved && approve !== undefined && approve !== saved.hash) {
    throw new CommandError("usage", told("approve_other_plan"));
  }
  if (!saved && approve === undefined && !(process.stdin.isTTY && process.stderr.isTTY)) {
    const message = told("apply_needs_plan");
    throw new CommandError("usage", message);
  }
  const send = inWorkspace<ApplyFlags>(plannedParts({ source: saved?.selection.sourceFile }), async (workspace) => {
    const paused = await endIfPaused(workspace, context, flags);
    if (paused !== undefined) return paused;
    if (saved) return applySaved(saved, workspace, context, { ...flags, file });
    const { only, limit } = flags;
    const plan = await planToApprove(workspace, context, approve, { only, limit }, flags);
    await askProfiles(workspace, plan, context);
    // A question is not enough for a refused plan: it needs an approval by its hash.
    if (approve === undefined && plan.refusals.length === 0) await confirm(plan, context);
    const send = (watched: ApplyOptions) => plan.apply({ approve, only, limit, ...watched });
    return carryOut(plan, workspace, context, flags, send, { approve });
  });
  return send(context, args, flags);
};

async function applySaved(saved: SavedPlan, workspace: Workspace, context: Context, flags: ApplyFlags & SavedIn) {
  const { approve, only, limit } = flags;
  const isTrial = only !== undefined || limit !== undefined;
  // The guard judges a trial later, by the users of the trial alone.
  if (approve === undefined && !isTrial && saved.refusals.length > 0) throw await notApproved(saved, flags);
  const { sourceFile, ...selection } = saved.selection;
  const plan = await makePlan(workspace, context, { ...selection, file: sourceFile });
  await askProfiles(workspace, plan, context);
  const left = compareWithSaved(saved, plan, approve !== undefined, flags);
  if (left.length > 0) {
    const users = namesOf(left);
    context.output.note(shown(told("not_as_approved", { users })));
  }
  const isApproved = approve !== undefined || saved.refusals.length === 0;
  const approved = isApproved || plan.hash !== saved.hash ? saved : undefined;
  const send = (watched: ApplyOptions) => plan.apply({ approve: approved, only, limit, ...watched });
  return carryOut(plan, workspace, context, flags, send, { approve: approved, isTrial });
}

async function notApproved(plan: SavedPlan, { file, target, config }: ApplyFlags & SavedIn) {
  const message = told("plan_refused", {
    plan: plan.hash,
    reasons: await refusalLines(plan, plan.refusals),
    approval: told("to_approve", { command: commandToApprove(plan, { file, target, config }) }),
  });
  return new CommandError("sync_refused", message, EXIT.guard, { hash: plan.hash, findings: plan.refusals });
}

// Answers that confirm, in both languages whatever the language of the output.
const YES = /^(?:yes|oui)$/i;

async function confirm(plan: SyncPlan, { output, interrupts }: Context): Promise<void> {
  output.note(await plan.render("text", { language: languageName() }));
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(say("confirm_question"), { signal: interrupts.signal });
    if (YES.test(answer.trim())) return;
    throw new CommandError("not_confirmed", told("not_confirmed"));
  } finally {
    lines.close();
  }
}
