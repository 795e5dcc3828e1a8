import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { planMarkdown, type SyncPlan } from "oplead-sdk/sync";
import { errorCode } from "../../../error-code.ts";
import type { Action } from "../../command.ts";
import { coverageLines } from "../../coverage/coverage-line.ts";
import { EXIT } from "../../exit-codes.ts";
import { tellGitHub } from "../../run/github.ts";
import { makePlan } from "../../run/make-plan.ts";
import type { SavedFile, Selection } from "../../run/saved-file.ts";
import { openSession } from "../../session/session.ts";
import { CommandError } from "../../shell/command-error.ts";
import { type ConfigFlags, configFlags, formatFlag, numberIn } from "../../shell/flags.ts";
import { helpNote } from "../../shell/help-note.ts";

interface PlanFlags extends ConfigFlags, Selection {
  readonly out?: string;
  readonly format: "text" | "json" | "markdown";
  readonly detailedExitcode?: boolean;
  readonly resend?: boolean;
}

export function define(command: Command): Action {
  configFlags(command);
  formatFlag(command, "text", "json", "markdown")
    .option("-o, --out <file>", "save the plan: hashes and account numbers, no personal data")
    .option("--only <account...>", "what apply sends of the saved plan: these users")
    .option("--limit <number>", "what apply sends of the saved plan: the first so many users", numberIn(0, 1e9))
    .option("--resend", "plan everything again, also what Oplead has according to the ledger")
    .option("--detailed-exitcode", "end with 2 if there are changes");
  helpNote(
    command,
    "Writes nothing to Oplead.\nExit codes: 0 success; 2 changes are pending, with --detailed-exitcode only; 1 error.",
  );
  return plan;
}

const plan = async (context: Parameters<Action>[0], _args: readonly string[], flags: PlanFlags) => {
  const { output } = context;
  const session = await openSession(context, flags, "plan", ["client", "source", "map"]);
  try {
    const plan = await makePlan(session, context, { resend: flags.resend });
    const coverage = await coverageLines(session, context);
    if (flags.out !== undefined) save(plan, flags);
    const format = output.json ? "json" : flags.format;
    if (format === "json") output.result("", plan);
    else output.raw([format === "markdown" ? planMarkdown(plan.toJSON()) : String(plan), ...coverage].join("\n\n"));
    if (format === "text") output.note(nextStep(plan, flags));
    const hasChanges = plan.changes.length > 0;
    tellGitHub(output, { has_changes: hasChanges, hash: plan.hash }, () => planMarkdown(plan.toJSON()));
    return flags.detailedExitcode && hasChanges ? EXIT.changesPending : EXIT.success;
  } finally {
    await session.close();
  }
};

function save(plan: SyncPlan, { out = "", only, limit }: PlanFlags): void {
  const saved: SavedFile = { ...plan.toJSON(), selection: { only, limit } };
  try {
    writeFileSync(out, `${JSON.stringify(saved, undefined, 2)}\n`);
  } catch (error) {
    throw new CommandError("plan_file", `The plan could not be written to ${out} (${errorCode(error)}).`);
  }
}

function nextStep(plan: SyncPlan, { out, target }: PlanFlags): string {
  if (plan.changes.length === 0) return "\nNothing to send.";
  const more = target === undefined ? "" : ` --target ${target}`;
  return `\nTo carry it out: npx oplead apply ${out ?? `--approve ${plan.hash}`}${more}`;
}
