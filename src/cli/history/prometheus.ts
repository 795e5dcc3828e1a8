import type { QueueStatus } from "oplead-sdk/bullmq";
import type { AuditStatus, StatusRun } from "oplead-sdk/sync";

/** The queue, or why it cannot be asked: the rest is told all the same. */
export type FoundQueue = QueueStatus | { readonly error: { readonly code: string } };

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | undefined];

/** The figures in the text format of Prometheus. Times are seconds since 1970: what reads them computes ages. What is not known is left out. */
export function prometheusText(status: AuditStatus, queue: FoundQueue | undefined): string {
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
  const {
    error: _,
    oldestWaitingAt,
    inbox,
    completed: _done,
    ...jobs
  } = { ...queue } as Partial<QueueStatus & { error: unknown }>;
  const gauges: readonly (readonly [name: string, help: string, samples: readonly Sample[]])[] = [
    ["last_run_timestamp_seconds", "When the last run ended.", [[{}, endOf(last)]]],
    ["last_run_exit_code", "How the last run ended.", [[{}, last?.exitCode]]],
    ["last_run_status", "1 for the status of the last run.", last ? [[{ status: last.status }, 1]] : []],
    ["last_run_duration_seconds", "How long the last run took.", [[{}, last && last.durationMs / 1000]]],
    ["last_night_timestamp_seconds", "When the last run with all users ended.", [[{}, endOf(lastNight)]]],
    ["last_complete_timestamp_seconds", "When the last complete run ended.", [[{}, endOf(lastComplete)]]],
    ["open_runs", "Runs that are under way or were killed.", [[{}, open.length]]],
    [
      "open_problems",
      "Problems of users and records in the last run.",
      [
        [{ age: "new" }, newProblems],
        [{ age: "known" }, knownProblems],
      ],
    ],
    [
      "open_problems_by_kind",
      "The same by kind.",
      Object.entries(problems).flatMap(([kind, counts]): Sample[] => [
        [{ kind, age: "new" }, counts.new],
        [{ kind, age: "known" }, counts.known],
      ]),
    ],
    ["leavers_due", "Users that left the source and are due.", [[{}, leaversDue]]],
    ["ledger_entries", "Entries of the ledger.", [[{}, entries]]],
    ["queue_jobs", "Jobs of the queue.", Object.entries(jobs).map(([state, count]): Sample => [{ state }, count])],
    ["queue_users", "Users that the queue has stored.", [[{}, inbox]]],
    [
      "queue_oldest_job_timestamp_seconds",
      "When the oldest waiting job was added.",
      [[{}, oldestWaitingAt === undefined ? undefined : oldestWaitingAt / 1000]],
    ],
    ["queue_up", "Whether the queue could be asked.", queue ? [[{}, "error" in queue ? 0 : 1]] : []],
  ];
  return gauges.map(([name, help, samples]) => gauge(`oplead_${name}`, help, samples)).join("");
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) => {
    const named = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return value === undefined ? [] : [`${name}${named.length > 0 ? `{${named.join(",")}}` : ""} ${value}\n`];
  });
  return lines.length === 0 ? "" : `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function endOf(run: StatusRun | undefined): number | undefined {
  return run && Date.parse(run.endedAt) / 1000;
}
