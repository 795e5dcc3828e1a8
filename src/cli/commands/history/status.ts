import { type Command, InvalidArgumentError } from "commander";
import { type AuditStatus, auditStatus, type RunsPause, readPause, type StatusRun } from "oplead-sdk/sync";
import { localTime } from "../../../locales/local-time.ts";
import type { Action, Context } from "../../command.ts";
import { EXIT, type ExitCode, withFile } from "../../exit.ts";
import { requireAudit } from "../../run/required-audit.ts";
import { platformOf } from "../../run/trace.ts";
import { failureOf } from "../../shell/failure.ts";
import { type ConfigFlags, configFlags, helpNote } from "../../shell/flags.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import { counted, lasting, phrase, say, told, type Value } from "../../texts/say.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace, type Workspace } from "../../workspace/workspace.ts";
import { pauseText } from "../ledger/pause.ts";
import { type FoundQueue, prometheusText } from "./prometheus.ts";
import { amountsText, outcomesOf } from "./user-text.ts";

interface StatusFlags extends ConfigFlags {
  readonly maxAge?: number;
  readonly prometheus?: string;
  readonly check?: boolean;
}

export function define(command: Command): Action<StatusFlags> {
  configFlags(command)
    .option(
      "--max-age <time>",
      say("end with 1 unless a night has ended well in this time: 90m, 26h, 2d"),
      milliseconds,
    )
    .option("--check", say("print one line for a monitor, and end with 0, 1, 2 or 3 (--max-age: default 26h)"))
    .option("--prometheus <file>", say("write the figures for the textfile collector of node_exporter: oplead.prom"));
  helpNote(
    command,
    say(
      "Reads the audit file, whether runs are paused, and the queue if the config has one. Opens no ledger in a folder, so it can be asked while a run is under way.\nA night is a run of sync or apply with all users, whatever came of it. Exit codes: 0 success; 1 error, no night within --max-age or one that did not do its work, or the queue cannot be asked.\nWith --check: 0 the newest night ended well and is younger than --max-age; 1 some of its rows could not be sent, or runs are paused; 2 it failed, was refused, or is older; 3 the audit cannot be read.",
    ),
  );
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

/** The exit codes that Nagios and others read. */
const CHECK = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const satisfies Record<string, ExitCode>;

/** A night is a day old before the next one ends; it takes two hours at most. */
const DAY_AND_A_BIT_MS = 26 * 3_600_000;

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return Number(amount) * UNITS[unit as keyof typeof UNITS];
  throw new InvalidArgumentError(say("It must be a whole number of minutes, hours or days: 90m, 26h, 2d."));
}

const status = inWorkspace<StatusFlags>(
  [],
  async (workspace, context, _args, { maxAge: maxAgeMs, prometheus }) => {
    const { output } = context;
    const { loaded } = workspace;
    const found = auditStatus(requireAudit(loaded), { platform: platformOf(loaded), maxAgeMs });
    const queue = workspace.config.queue && !workspace.isFake ? await queueStatus(workspace, context) : undefined;
    if (prometheus !== undefined) {
      // Another user of the system reads it.
      const text = prometheusText(found, queue);
      withFile("prometheus", told("{file} could not be written", { file: prometheus }), () =>
        writePrivateFile(prometheus, text, 0o644),
      );
    }
    const pause = workspace.isFake ? undefined : await pauseOf(workspace, context);
    output.result([...pauseLines(pause), ...lines(found), ...queueLines(queue)].join("\n"), { pause, ...found, queue });
    const isBroken = maxAgeMs !== undefined && !found.tooOld && levelOf(found) === "critical";
    if (found.tooOld) output.error(say("No night has ended within {time}.", { time: lasting(maxAgeMs ?? 0) }));
    if (isBroken) output.error(say("The last night did not do its work: {run}", { run: runText(found.lastNight) }));
    const isUnknown = (queue && "error" in queue) || (pause && "error" in pause);
    return found.tooOld || isBroken || isUnknown ? EXIT.error : EXIT.success;
  },
  { usesLedger: "notes" },
);

/** One line for a monitor. It does not ask the queue, which has figures of its own. */
const check = inWorkspace<StatusFlags>(
  [],
  async ({ loaded, ledger, isFake }, { output }, _args, { maxAge: maxAgeMs = DAY_AND_A_BIT_MS }) => {
    const found = auditStatus(requireAudit(loaded), { platform: platformOf(loaded), maxAgeMs });
    const ofNight = levelOf(found);
    // What is worse must not wait for a ledger that does not answer.
    const pause = ofNight === "critical" || isFake ? undefined : await readPause(ledger);
    const level = pause ? "warning" : ofNight;
    const paused = pause ? `${say("paused: {pause}", { pause: pauseText(pause) })}; ` : "";
    const last = paused + runText(found.lastNight);
    const tooOld = say("No night has ended within {time}.", { time: lasting(maxAgeMs) });
    const what = found.tooOld ? `${tooOld}${found.lastNight ? ` ${last}` : ""}` : last;
    output.result(`OPLEAD ${level.toUpperCase()} - ${what}`, { check: level, pause, ...found });
    return CHECK[level];
  },
  { usesLedger: "notes" },
);

/** How the newest night stands. */
function levelOf({ lastNight, tooOld }: AuditStatus): "ok" | "warning" | "critical" {
  const { exitCode, status } = lastNight ?? {};
  if (tooOld || (exitCode !== EXIT.success && exitCode !== EXIT.partly && exitCode !== EXIT.unsendable))
    return "critical";
  return exitCode === EXIT.success && status !== "paused" ? "ok" : "warning";
}

type FoundPause = RunsPause | { readonly error: { readonly code: string } } | undefined;

async function pauseOf({ ledger }: Workspace, { output }: Context): Promise<FoundPause> {
  try {
    return await readPause(ledger);
  } catch (error) {
    const { error: failure, said } = failureOf(error, false);
    output.error(say("Whether runs are paused is not known: {why}", { why: said }));
    return { error: { code: failure.code } };
  }
}

function pauseLines(pause: FoundPause): string[] {
  return pause && !("error" in pause) ? [say("paused: {pause}", { pause: pauseText(pause) })] : [];
}

async function queueStatus(workspace: Workspace, context: Context): Promise<FoundQueue> {
  try {
    return await withQueue(workspace, context, (queue) => queue.status());
  } catch (error) {
    const { error: failure, said } = failureOf(error, false);
    context.output.error(say("The queue cannot be asked: {why}", { why: said }));
    return { error: { code: failure.code } };
  }
}

function lines(status: AuditStatus): string[] {
  const {
    last,
    lastNight,
    lastComplete,
    open,
    problems = {},
    newProblems,
    knownProblems,
    leaversDue,
    entries,
  } = status;
  const amount = (value: number | undefined): Value => value ?? told("not known");
  const kinds = outcomesOf(problems).map((kind) => {
    const { new: fresh = 0, known = 0 } = problems[kind] ?? {};
    return say("  {kind}: {fresh} new, {known} known", { kind: phrase(kind), fresh, known });
  });
  return [
    say("last run: {run}", { run: runText(last) }),
    ...(lastNight && lastNight.run !== last?.run ? [say("last night: {run}", { run: runText(lastNight) })] : []),
    say("last complete: {run}", {
      run: lastComplete?.run === last?.run && last ? say("the same") : runText(lastComplete),
    }),
    ...open.map(({ run, beganAt, counts }) => {
      const [time, amounts] = [localTime(beganAt), amountsText(counts)];
      return amounts === ""
        ? say("not ended: {run}, since {time}", { run, time })
        : say("not ended: {run}, since {time}, {amounts}", { run, time, amounts });
    }),
    newProblems === undefined
      ? say("open problems: not known")
      : say("open problems: {fresh} new, {known} known", { fresh: newProblems, known: amount(knownProblems) }),
    ...kinds,
    say("leavers due: {count}", { count: amount(leaversDue) }),
    say("ledger entries: {count}", { count: amount(entries) }),
  ];
}

function runText(run: StatusRun | undefined): string {
  if (!run) return say("none");
  const { origin, status, exitCode, code, ageMs } = run;
  const how = [exitCode === undefined ? [] : say("exit {code}", { code: String(exitCode) }), code ?? []]
    .flat()
    .join(", ");
  const amounts = amountsText(run.counts);
  const text = say("{status}{how}, {time} ago, {origin} {run}", {
    status: phrase(status),
    how: how === "" ? "" : ` (${how})`,
    time: lasting(ageMs),
    origin,
    run: run.run,
  });
  return amounts === "" ? text : `${text}, ${amounts}`;
}

function queueLines(queue: FoundQueue | undefined): string[] {
  if (!queue) return [];
  if ("error" in queue) return [say("queue: not known ({code})", { code: queue.error.code })];
  const { oldestWaitingAt, waiting, active, delayed, failed } = queue;
  const oldest =
    oldestWaitingAt === undefined
      ? ""
      : told(", the oldest has waited for {time}", { time: lasting(Date.now() - oldestWaitingAt) });
  return [
    say("queue: {jobs} waiting{oldest}; {active} active, {delayed} delayed, {failed} failed", {
      ...{ jobs: counted(waiting, "job"), oldest, active, delayed, failed },
    }),
  ];
}
