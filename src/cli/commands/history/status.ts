import { type Command, InvalidArgumentError } from "commander";
import { type AuditStatus, auditStatus, type StatusRun } from "oplead-sdk/sync";
import type { Action, Context } from "../../command.ts";
import { EXIT, withFile } from "../../exit.ts";
import { requireAudit } from "../../run/required-audit.ts";
import { platformOf } from "../../run/trace.ts";
import { failureOf } from "../../shell/failure.ts";
import { type ConfigFlags, configFlags, helpNote } from "../../shell/flags.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import { counted, lasting, phrase, say, told, type Value } from "../../texts/say.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace, type Workspace } from "../../workspace/workspace.ts";
import { type FoundQueue, prometheusText } from "./prometheus.ts";
import { outcomesOf } from "./user-text.ts";

interface StatusFlags extends ConfigFlags {
  readonly maxAge?: number;
  readonly prometheus?: string;
}

export function define(command: Command): Action {
  configFlags(command)
    .option("--max-age <time>", say("end with 1 if no night has ended in this time: 90m, 26h, 2d"), milliseconds)
    .option("--prometheus <file>", say("write the figures for the textfile collector of node_exporter: oplead.prom"));
  helpNote(
    command,
    say(
      "Reads the audit file, and the queue if the config has one. Opens no ledger, so it can be asked while a run is under way.\nA night is a run of sync or apply with all users, whatever came of it. Exit codes: 0 success; 1 error, no night within --max-age, or the queue cannot be asked.",
    ),
  );
  return status;
}

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
    output.result([...lines(found), ...queueLines(queue)].join("\n"), { ...found, queue });
    if (found.tooOld) output.error(say("No night has ended within {time}.", { time: lasting(maxAgeMs ?? 0) }));
    return found.tooOld || (queue && "error" in queue) ? EXIT.error : EXIT.success;
  },
  { usesLedger: false },
);

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
    ...open.map(({ run, beganAt }) => say("not ended: {run}, since {time}", { run, time: beganAt })),
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
  return say("{status}{how}, {time} ago, {origin} {run}", {
    ...{ status: phrase(status), how: how === "" ? "" : ` (${how})`, time: lasting(ageMs), origin, run: run.run },
  });
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
