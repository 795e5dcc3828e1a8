import type { Command } from "commander";
import type { QueueStatus } from "oplead-sdk/bullmq";
import { type RunsPause, readPause } from "oplead-sdk/sync";
import { type AuditStatus, auditStatus, type LoadedConfig, readAudit, type StatusRun, type TextLine } from "#parts";
import { localTime } from "../../locales/grammar.ts";
import type { Action, Context } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { platformOf, requireAudit } from "../run/trace.ts";
import { say, told } from "../say.ts";
import { amountsText, failureOf, outcomesOf } from "../shell/failure.ts";
import { firstLines, toneOfRun } from "../shell/output.ts";
import { type ConfigFlags, configFlags, helpNote, WrongValue } from "../shell/program.ts";
import { inWorkspace, type Workspace, withQueue } from "../workspace/workspace.ts";
import { pauseText } from "./pause.ts";

interface StatusFlags extends ConfigFlags {
  readonly maxAge?: number;
  readonly check?: boolean;
}

export function define(command: Command): Action<StatusFlags> {
  configFlags(command)
    .option("--max-age <time>", say("status_max_age"), milliseconds)
    .option("--check", say("status_check"));
  helpNote(command, say("status_notes"));
  return async (context, args, flags) => {
    if (!flags.check) return status(context, args, flags);
    try {
      return await check(context, args, flags);
    } catch (error) {
      const { error: failure, said } = failureOf(error, false);
      const [what] = said.split("\n");
      context.output.result(`OPLEAD UNKNOWN - ${what}`, { check: "unknown", error: failure });
      return CHECK.unknown;
    }
  };
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return Number(amount) * UNITS[unit as keyof typeof UNITS];
  throw new WrongValue(told("duration_expected"));
}

// The exit codes of Nagios plugins.
const CHECK = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const satisfies Record<string, ExitCode>;

// A day between two nightly runs, and two hours for a long run.
const DAY_AND_A_BIT_MS = 26 * 3_600_000;

const status = inWorkspace<StatusFlags>(
  [],
  async (workspace, context, _args, { maxAge: maxAgeMs }) => {
    const { output } = context;
    const { loaded } = workspace;
    const found = auditStatus(requireAudit(loaded), { platform: platformOf(loaded), maxAgeMs });
    const queue = workspace.config.queue && !workspace.isFake ? await queueStatus(workspace, context) : undefined;
    const pause = workspace.isFake ? undefined : await pauseOf(workspace, context);
    const labelled = await labelledProblems(workspace, context, found);
    const all = alignValues([...pauseLines(pause), ...lines(found, labelled), ...queueLines(queue)]);
    output.result(all, { pause, ...found, queue });
    const isBroken = maxAgeMs !== undefined && !found.tooOld && levelOf(found) === "critical";
    if (found.tooOld) output.error(say("no_night_within", { time: maxAgeMs ?? 0 }));
    if (isBroken) output.error(say("night_failed", { run: runText(found.lastNight) }));
    const isUnknown = (queue && "error" in queue) || (pause && "error" in pause);
    return found.tooOld || isBroken || isUnknown ? EXIT.error : EXIT.success;
  },
  { usesLedger: "notes" },
);

const PROBLEMS: ReadonlySet<string> = new Set([
  "failed",
  "incomplete",
  "held",
  "invalid",
  "duplicate",
  "twin",
  "skipped",
]);

function problemUsers(loaded: LoadedConfig, run: string | undefined): string[] {
  const users = new Set<string>();
  for (const line of readAudit(requireAudit(loaded))) {
    if (line.event === "user" && line.run === run && PROBLEMS.has(line.outcome)) users.add(line.accountNumber);
  }
  return [...users];
}

// The source is read for labels only if the config names columns for labels.
async function labelledProblems({ names, loaded }: Workspace, context: Context, found: AuditStatus): Promise<string[]> {
  const amount = (found.newProblems ?? 0) + (found.knownProblems ?? 0);
  if (amount === 0 || context.output.json) return [];
  const users = problemUsers(loaded, found.lastNight?.run);
  if (users.length > 0) await names.read(context);
  return users.map((user) => names.named(user));
}

// Does not look at the queue, which the metrics show.
const check = inWorkspace<StatusFlags>(
  [],
  async ({ loaded, ledger, isFake }, { output }, _args, { maxAge: maxAgeMs = DAY_AND_A_BIT_MS }) => {
    const found = auditStatus(requireAudit(loaded), { platform: platformOf(loaded), maxAgeMs });
    const ofNight = levelOf(found);
    // The ledger is not asked if the level is already critical: a broken one may take long to answer.
    const pause = ofNight === "critical" || isFake ? undefined : await readPause(ledger);
    const level = pause ? "warning" : ofNight;
    const paused = pause ? `${say("runs_paused_line", { pause: pauseText(pause) })}; ` : "";
    const { newProblems, knownProblems: known } = found;
    const still = newProblems === 0 && known ? `; ${say("problems_still", { known })}` : "";
    const last = paused + runText(found.lastNight) + still;
    const tooOld = say("no_night_within", { time: maxAgeMs });
    const what = found.tooOld ? `${tooOld}${found.lastNight ? ` ${last}` : ""}` : last;
    output.result(`OPLEAD ${level.toUpperCase()} - ${what}`, { check: level, pause, ...found });
    return CHECK[level];
  },
  { usesLedger: "notes" },
);

function levelOf({ lastNight, tooOld }: AuditStatus): "ok" | "warning" | "critical" {
  const { exitCode, status } = lastNight ?? {};
  if (tooOld || (exitCode !== EXIT.success && exitCode !== EXIT.partly && exitCode !== EXIT.unsendable))
    return "critical";
  return exitCode === EXIT.success && status !== "paused" ? "ok" : "warning";
}

type FoundQueue = QueueStatus | { readonly error: { readonly code: string } };

type FoundPause = RunsPause | { readonly error: { readonly code: string } } | undefined;

async function pauseOf({ ledger }: Workspace, { output }: Context): Promise<FoundPause> {
  try {
    return await readPause(ledger);
  } catch (error) {
    const { error: failure, said } = failureOf(error, false);
    output.error(say("pause_unknown", { why: said }));
    return { error: { code: failure.code } };
  }
}

function pauseLines(pause: FoundPause): TextLine[] {
  if (!pause || "error" in pause) return [];
  return [{ text: say("runs_paused_line", { pause: pauseText(pause) }), tone: "notable" }];
}

function alignValues(given: readonly TextLine[]): TextLine[] {
  const split = given.map(({ text }) => /^(\S[^:]*:) (.*)$/s.exec(text));
  const width = Math.max(0, ...split.map((parts) => parts?.[1]?.length ?? 0));
  return given.map((line, index) => {
    const [, label, value] = split[index] ?? [];
    return label === undefined ? line : { ...line, text: `${label.padEnd(width)} ${value}` };
  });
}

async function queueStatus(workspace: Workspace, context: Context): Promise<FoundQueue> {
  try {
    return await withQueue(workspace, context, (queue) => queue.status());
  } catch (error) {
    const { error: failure, said } = failureOf(error, false);
    context.output.error(say("queue_not_asked", { why: said }));
    return { error: { code: failure.code } };
  }
}

const NAMED_USERS = 10;

function lines(status: AuditStatus, labelled: readonly string[]): TextLine[] {
  const {
    last,
    lastNight,
    lastComplete,
    open,
    problems = {},
    newProblems,
    knownProblems,
    leaversDue,
    oldestConfirmedAt,
    entries,
  } = status;
  const amount = (value: number | undefined): string =>
    value === undefined ? say("not_known") : say("amount", { value });
  const kinds = outcomesOf(problems).map((kind) => {
    const { new: fresh = 0, known = 0 } = problems[kind] ?? {};
    return say("problems_of_kind", { kind: say(kind), fresh, known });
  });
  const plain = (text: string): TextLine => ({ text, tone: undefined });
  const toned = (text: string, run: StatusRun | undefined): TextLine => ({ text, tone: toneOfRun(run?.exitCode) });
  const isSame = lastComplete?.run === last?.run && last;
  return [
    { ...toned(say("last_run", { run: runText(last) }), last), isStrong: true },
    ...(lastNight && lastNight.run !== last?.run
      ? [toned(say("last_night", { run: runText(lastNight) }), lastNight)]
      : []),
    plain(say("last_complete", { run: isSame ? say("the_same") : runText(lastComplete) })),
    ...open.map(({ run, beganAt, counts }) => {
      const [time, amounts] = [localTime(beganAt), amountsText(counts)];
      return plain(
        amounts === "" ? say("run_open", { run, time }) : say("run_open_with_amounts", { run, time, amounts }),
      );
    }),
    newProblems === undefined
      ? plain(say("problems_unknown"))
      : newProblems === 0 && knownProblems
        ? { text: say("problems_still", { known: knownProblems }), tone: "notable" }
        : {
            text: say("problems_open", { fresh: newProblems, known: amount(knownProblems) }),
            tone: newProblems > 0 ? "notable" : undefined,
          },
    ...kinds.map(plain),
    ...firstLines(
      labelled.map((user) => `    ${user}`),
      NAMED_USERS,
    ).map(plain),
    plain(say("leavers_due_count", { count: amount(leaversDue) })),
    ...(oldestConfirmedAt === undefined
      ? []
      : [plain(say("oldest_confirmation", { time: Date.parse(status.time) - Date.parse(oldestConfirmedAt) }))]),
    plain(say("ledger_entries", { count: amount(entries) })),
  ];
}

function runText(run: StatusRun | undefined): string {
  if (!run) return say("none");
  const { origin, status, exitCode, code, ageMs } = run;
  const how = [exitCode === undefined ? [] : say("exit_code", { code: String(exitCode) }), code ?? []]
    .flat()
    .join(", ");
  const amounts = amountsText(run.counts);
  const text = say("run_state", {
    status: say(status),
    how: how === "" ? "" : ` (${how})`,
    time: ageMs,
    origin,
    run: run.run,
  });
  return amounts === "" ? text : `${text}, ${amounts}`;
}

function queueLines(queue: FoundQueue | undefined): TextLine[] {
  if (!queue) return [];
  if ("error" in queue) return [{ text: say("queue_unknown", { code: queue.error.code }), tone: "bad" }];
  const { oldestWaitingAt, waiting, active, delayed, failed } = queue;
  const oldest = oldestWaitingAt === undefined ? "" : told("queue_oldest", { time: Date.now() - oldestWaitingAt });
  return [{ text: say("queue_jobs", { jobs: waiting, oldest, active, delayed, failed }), tone: undefined }];
}
