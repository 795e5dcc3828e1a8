import type { Command } from "commander";
import type { SyncPlan } from "oplead-sdk/sync";
import type { Action, Context } from "../../command.ts";
import { geography } from "../../coverage/geography.ts";
import { EXIT, withFile } from "../../exit.ts";
import { tellGitHub } from "../../run/github.ts";
import { makePlan } from "../../run/make-plan.ts";
import type { Selection } from "../../run/saved-file.ts";
import { type ConfigFlags, configFlags, formatFlag, helpNote, numberIn } from "../../shell/flags.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import { inWorkspace, type Workspace } from "../../workspace/workspace.ts";

interface PlanFlags extends ConfigFlags, Selection {
  readonly out?: string;
  readonly format: "text" | "json" | "markdown";
  readonly detailedExitcode?: boolean;
}

export function define(command: Command): Action {
  configFlags(command);
  formatFlag(command, "text", "json", "markdown")
    .option("-o, --out <file>", "save the plan: hashes and account numbers, no personal data")
    .option("--only <account...>", "plan these users only")
    .option("--limit <number>", "plan at most this many users", numberIn(0, 1e9))
    .option("--resend", "plan everything again, also what Oplead has according to the ledger")
    .option("--detailed-exitcode", "end with 2 if there are changes");
  helpNote(
    command,
    "Writes nothing to Oplead.\nExit codes: 0 success; 2 changes are pending, with --detailed-exitcode only; 1 error.",
  );
  return plan;
}

const plan = inWorkspace<PlanFlags>(["client", "source", "map"], async (workspace, context, _args, flags) => {
  const { output } = context;
  const { resend, only, limit } = flags;
  const plan = await makePlan(workspace, context, { resend, only, limit });
  const coverage = await coverageLines(plan, workspace, context);
  if (flags.out !== undefined) save(plan, flags.out);
  const format = output.json ? "json" : flags.format;
  if (format === "json") output.result("", plan);
  else output.raw([format === "markdown" ? plan.toMarkdown() : String(plan), ...coverage].join("\n\n"));
  if (format === "text") output.note(nextStep(plan, flags));
  const hasChanges = plan.changes.length > 0;
  tellGitHub(output, { has_changes: hasChanges, hash: plan.hash }, () => plan.toMarkdown());
  return flags.detailedExitcode && hasChanges ? EXIT.changesPending : EXIT.success;
});

/** The changes of coverage that a plan brings; none unless the config says `coverage: true`. */
async function coverageLines(plan: SyncPlan, workspace: Workspace, context: Context): Promise<string[]> {
  const { covered } = workspace;
  if (!covered) return [];
  const before = covered.before();
  if (!before) return ["Coverage: nothing to compare with yet; the first run writes oplead-coverage.json."];
  const after = covered.after(plan, new Set(plan.changes.map(({ accountNumber }) => accountNumber)));
  const { compareCoverage, coverage } = await import("oplead-sdk/coverage");
  const { countries, locate } = await geography(workspace, context, after);
  const options = { universe: { countries }, locate };
  const { summary } = await compareCoverage(await coverage(before, options), await coverage(after, options));
  if (summary.length === 0) return ["Coverage: no change."];
  return [["Coverage:", ...summary.map(({ message }) => `  ${message}`)].join("\n")];
}

function save(plan: SyncPlan, out: string): void {
  withFile("plan_file", `The plan could not be written to ${out}`, () =>
    writePrivateFile(out, `${JSON.stringify(plan, undefined, 2)}\n`),
  );
}

function nextStep(plan: SyncPlan, { out, resend, only, limit, target }: PlanFlags): string {
  if (plan.changes.length === 0) return "\nNothing to send.";
  const selection = `${resend ? " --resend" : ""}${only ? ` --only ${only.join(" ")}` : ""}${limit === undefined ? "" : ` --limit ${limit}`}`;
  const which = out ?? `--approve ${plan.hash}${selection}`;
  return `\nTo carry it out: npx oplead apply ${which}${target === undefined ? "" : ` --target ${target}`}`;
}
