import type { Command } from "commander";
import type { PolicyContext } from "oplead-sdk/coverage";
import { approvalCommand, type ReadPlan, type SyncPlan } from "oplead-sdk/sync";
import type { Action, Context } from "../../command.ts";
import { warnOfCountries } from "../../coverage/geography.ts";
import { leaverAreas } from "../../coverage/leaver-areas.ts";
import { unknownIn, usersInOplead } from "../../coverage/planned-users.ts";
import { policiesOf } from "../../coverage/policies.ts";
import { CommandError, EXIT, type ExitCode, withFile, withReport } from "../../exit.ts";
import { noteShown, TO_APPROVE } from "../../run/approval.ts";
import { tellGitHub } from "../../run/github.ts";
import { makePlan, plannedParts } from "../../run/make-plan.ts";
import { pageOfPlan } from "../../run/plan-page.ts";
import { type ReportFormat, type RunFlags, reporting, runFlags, writePage, writeReport } from "../../run/report.ts";
import { readPlanFile, type Selection } from "../../run/saved-file.ts";
import { userDetails } from "../../run/user-details.ts";
import { FULL, helpNote, numberIn, SOURCE } from "../../shell/flags.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import { counted, languageName, messageOf, phrase, say, told } from "../../texts/say.ts";
import { inWorkspace, type Workspace } from "../../workspace/workspace.ts";

export interface PlanFlags extends RunFlags, Selection {
  readonly out?: string;
  readonly source?: string;
  readonly detailedExitcode?: boolean;
  readonly all?: boolean;
  readonly reveal?: boolean;
}

export function define(command: Command): Action<PlanFlags> {
  command.argument(
    "[file]",
    say("a plan that was saved by: oplead plan --out; it is shown, and the source is not read"),
  );
  runFlags(command)
    .option("--all", say("show every row, and each change by itself; with --only also what would be sent, by path"))
    .option("-o, --out <file>", say("save the plan: hashes and account numbers, no personal data"))
    .option(
      "--reveal",
      say(
        "with --html, or --only and --all: show new values, and old ones as far as the ledger keeps them; they may be personal data",
      ),
    )
    .option("--only <account...>", say("plan these users only"))
    .option("--limit <number>", say("plan at most this many users"), numberIn(0, 1e9))
    .option("--resend", say("plan everything again, also what Oplead has according to the ledger"))
    .option("--source <file>", phrase(SOURCE))
    .option("--full", phrase(FULL))
    .option(
      "--detailed-exitcode",
      say("end with 2 if there are changes, 3 if the guard would refuse them, 5 if records cannot be sent"),
    );
  helpNote(
    command,
    say(
      "Writes nothing to Oplead.\nExit codes: 0 success; 1 error. With --detailed-exitcode the first of: 3 the guard would refuse the plan; 5 records cannot be sent; 2 changes are pending.",
    ),
  );
  return reporting((context, args, flags) => (args.length > 0 ? savedPlan : newPlan)(context, args, flags));
}

const newPlan = inWorkspace<PlanFlags>(plannedParts, async (workspace, context, _args, flags) => {
  const { source, resend, full, only, limit } = flags;
  const plan = await makePlan(workspace, context, { file: source, resend, full, only, limit });
  noteShown(plan, workspace);
  if (flags.out !== undefined) save(plan, flags.out);
  const { lines, leaverNotes } = await coverageOf(plan, workspace, context);
  const users = flags.all && only ? only : [];
  const details = await Promise.all(
    users.map((account) => userDetails(plan, workspace.ledger, account, flags.reveal ?? false)),
  );
  return showPlan(plan, context, flags, { lines: [...lines, ...details], leaverNotes });
});

/** The flags that say what is read from the source, and what is done with it. */
const OF_NEW_PLANS = ["source", "out", "reveal", "only", "limit", "resend", "full"] as const;

const savedPlan: Action<PlanFlags> = async (context, [file = ""], flags) => {
  const wrong = OF_NEW_PLANS.find((name) => flags[name] !== undefined);
  if (wrong !== undefined) {
    throw new CommandError(
      "usage",
      told("{flag} is for a new plan, not for one that is read from a file.", { flag: `--${wrong}` }),
    );
  }
  return showPlan(readPlanFile(file), context, { ...flags, out: file }, { lines: [] });
};

/** Shows a plan in the form that is asked for, writes its files, and says how to carry it out. `out`: where it is saved. */
async function showPlan(
  plan: SyncPlan | ReadPlan,
  { output }: Context,
  flags: PlanFlags,
  coverage: Notes,
): Promise<ExitCode> {
  const format = output.json ? "json" : flags.format;
  for (const file of flags.report ?? []) {
    withReport(file, () => writeReport(file, flags, (form) => renderedAs(form, plan, flags, coverage)));
  }
  const { html } = flags;
  if (html !== undefined) {
    const { out, target, config, reveal } = flags;
    const page = await pageOfPlan(plan, { file: out, target, config, reveal });
    withReport(html, () => writePage(html, flags, page));
  }
  if (format === "json") output.result("", plan);
  else if (format === "csv") output.raw(renderedAs(format, plan, flags, coverage));
  else if (format === "markdown")
    output.text([renderedAs(format, plan, flags, coverage), ...coverage.lines].join("\n\n"));
  else {
    const { leaverNotes, lines } = coverage;
    const more = lines.map((text) => ({ text: `\n${text}`, tone: undefined }));
    output.text([...plan.toLines({ all: flags.all, leaverNotes, language: languageName() }), ...more]);
  }
  if (format === "text") output.note(nextStep(plan, flags));
  tellGitHub(output, { has_changes: hasWork(plan), hash: plan.hash }, () =>
    plan.toMarkdown({ language: languageName() }),
  );
  return flags.detailedExitcode ? detailedExit(plan) : EXIT.success;
}

function renderedAs(
  format: ReportFormat,
  plan: SyncPlan | ReadPlan,
  { all }: PlanFlags,
  { leaverNotes }: Notes,
): string {
  const language = languageName();
  if (format === "json") return JSON.stringify(plan, undefined, 2);
  if (format === "csv") return plan.problemCsv({ language });
  const options = { all, leaverNotes, language };
  return format === "markdown" ? plan.toMarkdown(options) : plan.toString(options);
}

/** Whether a run of the plan would send or move something. */
function hasWork({ changes, moves }: SyncPlan | ReadPlan): boolean {
  return changes.length > 0 || moves.some(({ problem }) => !problem);
}

function detailedExit(plan: SyncPlan | ReadPlan): ExitCode {
  const { refusals, invalid, duplicates, twins, waiting, held } = plan;
  if (refusals.length > 0) return EXIT.guard;
  if ([invalid, duplicates, twins, waiting, held].some(({ length }) => length > 0)) return EXIT.unsendable;
  return hasWork(plan) ? EXIT.changesPending : EXIT.success;
}

/** What is said below a plan, and beside its leavers. */
interface Notes {
  readonly lines: readonly string[];
  /** Losses in the areas of leavers. */
  readonly leaverNotes?: ReadonlyMap<string, string> | undefined;
}

/** The changes of coverage that a plan and its leavers bring; none unless the config says `coverage: true`. */
async function coverageOf(plan: SyncPlan, { planned, config, ledger }: Workspace, context: Context): Promise<Notes> {
  const settings = planned && (await policiesOf(config));
  if (!settings) return { lines: [] };
  const { signal } = context.interrupts;
  const users = planned.context;
  const { compareCoverage, coverageOf } = await import("oplead-sdk/coverage");
  const leaverNotes = async (all: PolicyContext | undefined) =>
    all && plan.missing.length > 0 ? leaverAreas(plan.missing, (await coverageOf(all)).after.classes) : undefined;
  if (!users) {
    const notes = plan.missing.length > 0 ? await usersInOplead(ledger, settings.coverage, signal) : undefined;
    return { lines: [say("Coverage: no change.")], leaverNotes: await leaverNotes(notes) };
  }
  const { unchanged, changes, universe } = users;
  warnOfCountries([...unchanged, ...changes.map(({ after }) => after)], universe.countries, context.output);
  if (unchanged.length === 0 && changes.every(({ before }) => !before))
    return { lines: [say("Coverage: nothing to compare with yet: the ledger knows no user that Oplead has.")] };
  const { before, after } = await coverageOf(users);
  const { summary } = await compareCoverage(before, after);
  const unknown = unknownIn(users);
  const lines = [
    ...(summary.length === 0
      ? [say("Coverage: no change.")]
      : [say("Coverage:"), ...summary.map((one) => `  ${messageOf(one)}`)]),
    ...(unknown === 0
      ? []
      : [say("  Uncertain: of {users} the ledger keeps no rules yet.", { users: counted(unknown, "user") })]),
    ...(plan.missing.length === 0
      ? []
      : [say("  Users that left do not count, although Oplead still has their rules.")]),
  ];
  return { lines: [lines.join("\n")], leaverNotes: await leaverNotes(withLeavers(users, plan)) };
}

/** The users after a plan, leavers among them: Oplead still has their rules. */
function withLeavers({ unchanged, changes, ...context }: PolicyContext, { missing }: SyncPlan): PolicyContext {
  const left = new Set(missing.filter(({ state }) => state !== "done").map(({ accountNumber }) => accountNumber));
  const users = [...unchanged, ...changes.map(({ after }) => after)];
  return {
    ...context,
    unchanged: users.map((user) => (left.has(user.user.accountNumber) ? { ...user, counts: true } : user)),
    changes: [],
  };
}

function save(plan: SyncPlan, out: string): void {
  withFile("plan_file", told("The plan could not be written to {file}", { file: out }), () =>
    writePrivateFile(out, `${JSON.stringify(plan, undefined, 2)}\n`),
  );
}

function nextStep(plan: SyncPlan | ReadPlan, { out: file, target, config }: PlanFlags): string {
  const command = approvalCommand(plan, { file, target, config });
  if (plan.refusals.length > 0) return say(TO_APPROVE, { command });
  return hasWork(plan) ? say("\nTo carry it out: {command}", { command }) : say("\nNothing to send.");
}
