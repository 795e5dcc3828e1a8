import type { Command } from "commander";
import type { PolicyContext, PostcodeClass } from "oplead-sdk/coverage";
import { among, type Finding, isProblem, type Ledger, type ReadPlan, type SyncPlan } from "oplead-sdk/sync";
import { approvalCommand, diffLines, linesOf } from "#parts";
import type { Action, Context } from "../command.ts";
import { CommandError, EXIT, type ExitCode, withFile, withReport } from "../exit.ts";
import { noteShown } from "../run/approval.ts";
import { tellGitHub } from "../run/carry-out.ts";
import { policiesOf, unknownIn, usersInOplead, warnOfCountries } from "../run/coverage.ts";
import { makePlan, plannedParts, type Selection, unusedColumnLines } from "../run/make-plan.ts";
import {
  pageOfPlan,
  type ReportFormat,
  type RunFlags,
  reportFormat,
  reporting,
  runFlags,
  writePage,
  writeReport,
} from "../run/report.ts";
import { languageName, messageOf, type Sayable, say, told } from "../say.ts";
import { readPlanFile, writePrivateFile } from "../shell/files.ts";
import { helpNote, numberIn } from "../shell/program.ts";
import type { Names } from "../workspace/names.ts";
import { inWorkspace, type Workspace } from "../workspace/workspace.ts";

export interface PlanFlags extends RunFlags, Selection {
  readonly out?: string;
  readonly source?: string;
  readonly detailedExitcode?: boolean;
  readonly all?: boolean;
  readonly reveal?: boolean;
  // False for `init`, which has just listed the columns that no field uses.
  readonly columns?: false;
}

export function define(command: Command): Action<PlanFlags> {
  command.argument("[file]", say("plan_file"));
  runFlags(command)
    .option("--all", say("plan_all"))
    .option("-o, --out <file>", say("plan_out"))
    .option("--reveal", say("plan_reveal"))
    .option("--only <account...>", say("plan_only"))
    .option("--limit <number>", say("plan_limit"), numberIn(0, 1e9))
    .option("--resend", say("plan_resend"))
    .option("--source <file>", say("option_source"))
    .option("--full", say("option_full"))
    .option("--detailed-exitcode", say("plan_detailed_exitcode"));
  helpNote(command, say("plan_notes"));
  return reporting((context, args, flags) => (args.length > 0 ? savedPlan : newPlan)(context, args, flags));
}

const newPlan = inWorkspace<PlanFlags>(plannedParts, async (workspace, context, _args, flags) => {
  const { source, resend, full, only, limit } = flags;
  let users: PolicyContext | undefined;
  const onUsers = (found: PolicyContext) => {
    users = found;
  };
  const plan = await makePlan(workspace, context, { file: source, resend, full, only, limit, onUsers });
  noteShown(plan, workspace);
  if (flags.out !== undefined) save(plan, flags.out);
  const { lines, leaverNotes } = await coverageOf(plan, users, workspace, context);
  const detailed = flags.all && only ? only : [];
  const details = await Promise.all(
    detailed.map((account) => userDetails(plan, workspace.ledger, account, flags.reveal ?? false)),
  );
  const columns = flags.columns === false ? [] : unusedColumnLines(workspace.config);
  const more = [...lines, ...details, ...columns];
  return showPlan(plan, context, flags, { lines: more, leaverNotes, names: workspace.names });
});

// Flags that are refused for a saved plan.
const OF_NEW_PLANS = ["source", "out", "reveal", "only", "limit", "resend", "full"] as const;

const savedPlan: Action<PlanFlags> = async (context, [file = ""], flags) => {
  const wrong = OF_NEW_PLANS.find((name) => flags[name] !== undefined);
  if (wrong !== undefined) {
    throw new CommandError("usage", told("flag_for_new_plan", { flag: `--${wrong}` }));
  }
  return showPlan(readPlanFile(file), context, { ...flags, out: file }, { lines: [] });
};

function save(plan: SyncPlan, out: string): void {
  withFile("plan_file", told("plan_not_written", { file: out }), () =>
    writePrivateFile(out, `${JSON.stringify(plan, undefined, 2)}\n`),
  );
}

interface Notes {
  readonly lines: readonly string[];
  readonly names?: Names | undefined;
  readonly leaverNotes?: ReadonlyMap<string, string> | undefined;
}

async function showPlan(
  plan: SyncPlan | ReadPlan,
  { output }: Context,
  flags: PlanFlags,
  coverage: Notes,
): Promise<ExitCode> {
  const format = output.json ? "json" : flags.format;
  for (const file of flags.report ?? []) {
    const text = await renderedAs(reportFormat(file), plan, flags, coverage);
    withReport(file, () => writeReport(file, flags, text));
  }
  const { html } = flags;
  if (html !== undefined) {
    const { out, target, config, reveal } = flags;
    const page = await pageOfPlan(plan, { file: out, target, config, reveal });
    withReport(html, () => writePage(html, flags, page));
  }
  if (format === "json") output.result("", plan);
  else if (format === "csv") output.raw(await renderedAs(format, plan, flags, coverage));
  else if (format === "markdown")
    output.text([await renderedAs(format, plan, flags, coverage), ...coverage.lines].join("\n\n"));
  else {
    const { leaverNotes, lines } = coverage;
    const more = lines.map((text) => ({ text: `\n${text}`, tone: undefined }));
    output.text([...(await linesOf(plan, { all: flags.all, leaverNotes, language: languageName() })), ...more]);
  }
  if (format === "text") output.note(nextStep(plan, flags));
  await tellGitHub(output, { has_changes: hasWork(plan), hash: plan.hash }, () =>
    plan.render("markdown", { language: languageName() }),
  );
  return flags.detailedExitcode ? detailedExit(plan) : EXIT.success;
}

async function renderedAs(
  format: ReportFormat,
  plan: SyncPlan | ReadPlan,
  { all }: PlanFlags,
  { leaverNotes, names }: Notes,
): Promise<string> {
  const language = languageName();
  if (format === "json") return JSON.stringify(plan, undefined, 2);
  return plan.render(format, { all, leaverNotes, language, ...names?.forCsv });
}

function detailedExit(plan: SyncPlan | ReadPlan): ExitCode {
  if (plan.refusals.length > 0) return EXIT.guard;
  if (plan.findings.some(isProblem)) return EXIT.unsendable;
  return hasWork(plan) ? EXIT.changesPending : EXIT.success;
}

function hasWork({ changes, moves }: SyncPlan | ReadPlan): boolean {
  return changes.some(({ kind }) => kind !== "refreshed") || moves.some(({ problem }) => !problem);
}

function nextStep(plan: SyncPlan | ReadPlan, { out: file, target, config }: PlanFlags): string {
  const command = approvalCommand(plan, { file, target, config });
  if (plan.refusals.length > 0) return say("to_approve", { command });
  return hasWork(plan) ? say("to_carry_out", { command }) : say("nothing_to_send");
}

export async function userDetails(plan: SyncPlan, ledger: Ledger, account: string, reveal: boolean): Promise<string> {
  const diff = plan.diff(account, { reveal });
  if (diff) {
    const hint = diff.fieldsUnknown && !reveal ? [say("all_new_values")] : [];
    const text = languageName() === "en" ? [String(diff)] : diffLines(diff, languageName());
    return [...text, ...hint].join("\n");
  }
  const reasons = await reasonsOf(plan, account, reveal);
  if (reasons.length > 0) {
    const lines = { joined: reasons.flatMap((reason, at) => [at === 0 ? "  " : "\n  ", reason]) };
    return say("user_cannot_be_sent", { user: account, lines });
  }
  const hasLeft = among(plan.findings, "leaver").some(({ accountNumber }) => accountNumber === account);
  if (!hasLeft && (await ledger.get(account))) {
    return plan.changedSince === undefined
      ? say("user_unchanged", { user: account })
      : say("user_unchanged_full", { user: account });
  }
  return say("no_user_to_send", { user: account });
}

// Why the user is not sent, in the words of the CSV. Without `reveal`, no error of `map`: it may hold personal data.
export async function reasonsOf(plan: SyncPlan, account: string, reveal: boolean): Promise<Sayable[]> {
  const mine = plan.findings.filter((one) => one.accountNumber === account && isProblem(one));
  // A copy has no error.
  const of = reveal ? mine : mine.map((one) => ({ ...one }));
  const [here, english] = [await plan.explain({ of, language: languageName() }), await plan.explain({ of })];
  const text = (one?: Awaited<ReturnType<typeof plan.explain>>[number]) =>
    `${one?.reason.replace(/\.?$/, ".")} ${one?.advice}`;
  // Each row of a duplicate has a finding.
  const reasons = here
    .map((one, at) => ({ here: text(one), english: text(english[at]) }))
    .filter((one, at, all) => all.findIndex((other) => other.here === one.here) === at);
  return among(mine, "held").length === 0 ? reasons : [...reasons, told("held_retry", { user: account })];
}

// `users`: undefined if the plan changes nobody's coverage.
async function coverageOf(
  plan: SyncPlan,
  users: PolicyContext | undefined,
  { config, ledger, isFake }: Workspace,
  context: Context,
): Promise<Notes> {
  const settings = config.coverage && !isFake ? await policiesOf(config) : undefined;
  if (!settings) return { lines: [] };
  const { signal } = context.interrupts;
  const leavers = among(plan.findings, "leaver");
  const { compareCoverage, coverageOf } = await import("oplead-sdk/coverage");
  const leaverNotes = async (all: PolicyContext | undefined) =>
    all && leavers.length > 0 ? leaverAreas(leavers, (await coverageOf(all)).after.classes) : undefined;
  if (!users) {
    const notes = leavers.length > 0 ? await usersInOplead(ledger, settings.coverage, signal) : undefined;
    return { lines: [say("coverage_no_change")], leaverNotes: await leaverNotes(notes) };
  }
  const { unchanged, changes, universe } = users;
  warnOfCountries([...unchanged, ...changes.map(({ after }) => after)], universe.countries, context.output);
  if (unchanged.length === 0 && changes.every(({ before }) => !before))
    return { lines: [say("coverage_nothing_to_compare")] };
  const { before, after } = await coverageOf(users);
  const { summary } = await compareCoverage(before, after);
  const unknown = unknownIn(users);
  const lines = [
    ...(summary.length === 0
      ? [say("coverage_no_change")]
      : [say("coverage_title"), ...summary.map((one) => `  ${messageOf(one)}`)]),
    ...(unknown === 0 ? [] : [say("coverage_unknown", { users: unknown })]),
    ...(leavers.length === 0 ? [] : [say("coverage_leavers")]),
  ];
  return { lines: [lines.join("\n")], leaverNotes: await leaverNotes(withLeavers(users, plan)) };
}

// Leavers count, because Oplead still has their rules.
function withLeavers({ unchanged, changes, ...context }: PolicyContext, { findings }: SyncPlan): PolicyContext {
  const left = new Set(
    among(findings, "leaver")
      .filter(({ state }) => state !== "done")
      .map(({ accountNumber }) => accountNumber),
  );
  const users = [...unchanged, ...changes.map(({ after }) => after)];
  return {
    ...context,
    unchanged: users.map((user) => (left.has(user.user.accountNumber) ? { ...user, counts: true } : user)),
    changes: [],
  };
}

export function leaverAreas(
  leavers: readonly Finding<"leaver">[],
  classes: readonly PostcodeClass[],
): Map<string, string> {
  const left = new Set(leavers.map(({ accountNumber }) => accountNumber));
  const lost = new Map<string, { postcodes: number; inhabitants: number }>();
  for (const { zipCodes, inhabitants = 0, eligible } of classes) {
    if (!eligible.every((user) => left.has(user))) continue;
    for (const user of eligible) {
      const before = lost.get(user) ?? { postcodes: 0, inhabitants: 0 };
      lost.set(user, {
        postcodes: before.postcodes + zipCodes.length,
        inhabitants: before.inhabitants + inhabitants,
      });
    }
  }
  const notes = [...lost].filter(([, { postcodes }]) => postcodes > 0);
  return new Map(
    notes.map(([user, { postcodes, inhabitants }]) => {
      const note =
        inhabitants === 0
          ? say("no_other_user", { postcodes })
          : say("no_other_user_inhabitants", { postcodes, inhabitants });
      return [user, note];
    }),
  );
}
