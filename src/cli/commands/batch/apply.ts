import type { Command } from "commander";
import type { SavedPlan, SyncPlan } from "oplead-sdk/sync";
import type { Action, Context } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { commandToApprove, compareWithSaved, namesOf, planToApprove, TO_APPROVE } from "../../run/approval.ts";
import { askProfiles } from "../../run/ask-profiles.ts";
import { carryOut } from "../../run/carry-out.ts";
import { makePlan, plannedParts } from "../../run/make-plan.ts";
import { endIfPaused } from "../../run/paused.ts";
import { type RunFlags, reporting, runFlags } from "../../run/report.ts";
import { readPlanFile, type Selection } from "../../run/saved-file.ts";
import { FULL, helpNote, numberIn, SOURCE } from "../../shell/flags.ts";
import { firstTold } from "../../shell/output.ts";
import { languageName, phrase, say, shown, told } from "../../texts/say.ts";
import { inWorkspace, type Workspace } from "../../workspace/workspace.ts";

interface ApplyFlags extends RunFlags, Selection {
  readonly approve?: string;
  readonly source?: string;
}

interface SavedIn {
  /** The file of the plan. */
  readonly file?: string | undefined;
}

export function define(command: Command): Action {
  command.argument("[file]", say("a plan that was saved by: oplead plan --out"));
  runFlags(command)
    .option("--approve <hash>", say("the hash of the plan that was read"))
    .option("--resend", say("send everything again, as plan --resend has shown it"))
    .option("--source <file>", phrase(SOURCE))
    .option("--full", phrase(FULL))
    .option("--only <account...>", say("send these users only, for a trial"))
    .option("--limit <number>", say("send at most this many users, for a trial"), numberIn(0, 1e9));
  helpNote(
    command,
    say(
      "Reads the source again and compares it with the plan. Without a plan it shows one and asks, on a terminal only.\nExit codes: 0 success; 3 the plan is not the one that was read; 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.",
    ),
  );
  return (context, args, flags) => reporting(apply, "apply")(context, args, flags as ApplyFlags);
}

const apply: Action<ApplyFlags> = async (context, args, flags) => {
  const [file] = args;
  const { approve } = flags;
  const saved = file === undefined ? undefined : readPlanFile(file);
  if (saved && approve !== undefined && approve !== saved.hash) {
    throw new CommandError("usage", told("--approve names another plan than the file."));
  }
  if (!saved && approve === undefined && !(process.stdin.isTTY && process.stderr.isTTY)) {
    const message = told(
      "Name the plan: npx oplead apply plan.json, or --approve HASH. Without reading it first: npx oplead sync.",
    );
    throw new CommandError("usage", message);
  }
  const parts = ({ source = saved?.selection.sourceFile }: ApplyFlags) => plannedParts({ source });
  const send = inWorkspace<ApplyFlags>(parts, async (workspace) => {
    const paused = await endIfPaused(workspace, context, flags);
    if (paused !== undefined) return paused;
    if (saved) return applySaved(saved, workspace, context, { ...flags, file });
    const { source, resend, full, only, limit } = flags;
    const asked = { file: source, resend, full, only, limit };
    const plan = await planToApprove(workspace, context, approve, asked);
    await askProfiles(workspace, plan, context);
    // A plan that is refused needs its hash: a yes on the terminal is no approval.
    if (approve === undefined && plan.refusals.length === 0) await confirm(plan, context);
    const how = { approve, only, limit };
    return carryOut(plan, workspace, context, flags, (watched) => plan.apply({ ...how, ...watched }), { approve });
  });
  return send(context, args, flags);
};

/** Carries out a plan that was saved, or with `--only` and `--limit` a part of it. */
async function applySaved(saved: SavedPlan, workspace: Workspace, context: Context, flags: ApplyFlags & SavedIn) {
  const { approve, only, limit } = flags;
  const isTrial = only !== undefined || limit !== undefined;
  // A trial is judged by itself.
  if (approve === undefined && !isTrial && saved.refusals.length > 0) throw notApproved(saved, flags);
  const { selection } = saved;
  const plan = await makePlan(workspace, context, {
    file: flags.source ?? selection.sourceFile,
    resend: flags.resend ?? selection.resend,
    full: flags.full ?? selection.full,
    only: selection.only,
    limit: selection.limit,
  });
  await askProfiles(workspace, plan, context);
  const left = compareWithSaved(saved, plan, approve !== undefined);
  if (left.length > 0) {
    const users = namesOf(left);
    context.output.note(shown(told("Not as approved, and left to the next run:\n{users}", { users })));
  }
  const isApproved = approve !== undefined || saved.refusals.length === 0;
  const approval = { approve: left.length > 0 ? saved : isApproved ? saved.hash : undefined };
  const how = { ...approval, only, limit };
  return carryOut(plan, workspace, context, flags, (watched) => plan.apply({ ...how, ...watched }), {
    ...approval,
    isTrial,
  });
}

/** A saved plan was refused when it was made, and nobody has approved it. */
function notApproved(plan: SavedPlan, { file, target, config }: ApplyFlags & SavedIn) {
  const reasons = plan.refusals.map((finding) => told("  {reason}", { reason: { coded: finding } }));
  const message = told("The plan {plan} was refused. Nothing was sent.\n{reasons}\n{approval}", {
    plan: plan.hash,
    reasons: firstTold(reasons, reasons.length),
    approval: told(TO_APPROVE, { command: commandToApprove(plan, { file, target, config }) }),
  });
  return new CommandError("sync_refused", message, EXIT.guard, { hash: plan.hash, findings: plan.refusals });
}

/** In each language: who reads a French plan may answer either way. */
const YES = /^(?:yes|oui)$/i;

async function confirm(plan: SyncPlan, { output, interrupts }: Context): Promise<void> {
  output.note(plan.toString({ language: languageName() }));
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(say('\nSend this to Oplead? Type "yes": '), { signal: interrupts.signal });
    if (YES.test(answer.trim())) return;
    throw new CommandError("not_confirmed", told("The plan was not confirmed. Nothing was sent."));
  } finally {
    lines.close();
  }
}
