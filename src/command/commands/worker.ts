import type { Command } from "commander";
import type { FailedJob } from "oplead-sdk/bullmq";
import type { RedisRate } from "oplead-sdk/redis";
import type { UserOutcome } from "oplead-sdk/sync";
import type { Action, Subcommands } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { Live, UserAudit } from "../live/live.ts";
import { say, told } from "../say.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn, subcommand } from "../shell/program.ts";
import { load } from "../workspace/load.ts";
import { inWorkspace, withQueue } from "../workspace/workspace.ts";

interface WorkerFlags extends ConfigFlags {
  readonly lockMs?: number;
  readonly port?: number;
  readonly host: string;
}

export function define(command: Command): Subcommands {
  const sub = subcommand(command);
  // Options after the name of a subcommand belong to the subcommand.
  configFlags(command.enablePositionalOptions())
    .option("--lock-ms <number>", say("worker_lock"), numberIn(1_000, 86_400_000))
    .option("-p, --port <number>", say("worker_port"), numberIn(0, 65_535))
    .option("--host <address>", say("worker_host"), "127.0.0.1");
  helpNote(command, say("worker_notes"));
  const resetting = sub("reset-rate", say("worker_reset_rate_summary"));
  helpNote(resetting, say("worker_reset_rate_notes"));
  return [
    [command, work],
    [sub("status", say("worker_status_summary")), status],
    [sub("retry-failed", say("worker_retry_failed_summary")), retryFailed],
    [resetting, resetRate],
  ];
}

const work = inWorkspace<WorkerFlags>(
  ["client", "queue"],
  async (workspace, context, _args, { lockMs, port, host }) => {
    const { ledger, loaded } = workspace;
    const { output, interrupts } = context;
    const audit = new UserAudit(loaded, "worker", output);
    let users = 0;
    const live = await Live.open(workspace, { sends: true, port, host });
    await withQueue(workspace, context, async (queue) => {
      const onUser = (user: UserOutcome): void => {
        users += 1;
        audit.write((file) => file.onUser(user));
      };
      const worker = queue.startWorker({ ledger, lockMs, onUser });
      try {
        const readiness = await live.start({ ledger, queue, worker }, output);
        output.note(say(workspace.oplead.testMode ? "worker_working_test_mode" : "worker_working"));
        await interrupts.wait(say("worker_stopping"));
        readiness.isStopping = true;
      } finally {
        await worker.close();
        await live.close();
      }
    });
    output.result(say("worker_done", { users }), {
      users,
      unaudited: audit.missing || undefined,
    });
    return audit.close();
  },
);

const status = inWorkspace<ConfigFlags>(["client", "queue"], (workspace, context) =>
  withQueue(workspace, context, async (queue) => {
    const { oldestWaitingAt, ...counts } = await queue.status();
    const failures = counts.failed > 0 ? await queue.failed(20) : [];
    const line = (jobs: number, what: string) => `${String(jobs).padStart(8)}  ${what}`;
    const states = ["waiting", "active", "delayed", "failed", "completed"] as const;
    const lines = [
      ...states.map((state) => line(counts[state], say(`job_${state}`))),
      line(counts.inbox, say("inbox_users", { users: counts.inbox })),
    ];
    const oldest = oldestWaitingAt === undefined ? [] : [say("oldest_job", { time: Date.now() - oldestWaitingAt })];
    const text = [...lines, ...oldest, ...failures.map(failureLine)].join("\n");
    context.output.result(text, { ...counts, oldestWaitingAt, failures });
    return EXIT.success;
  }),
);

const retryFailed = inWorkspace<ConfigFlags>(["client", "queue"], (workspace, context) =>
  withQueue(workspace, context, async (queue) => {
    const count = await queue.retryFailed();
    context.output.result(say("jobs_started_again", { jobs: count }), { retried: count });
    return EXIT.success;
  }),
);

function failureLine({ jobId, code, message }: FailedJob): string {
  return say("failed_job", { job: jobId, why: code === undefined ? message : `${code}: ${message}` });
}

// Opens no ledger: a running worker may have it open.
const resetRate: Action<ConfigFlags> = async ({ output }, _args, { config: file, target }) => {
  const { config } = await load({ file, target, needs: [] });
  const rate = config.client?.rateLimit;
  if (!isRedisRate(rate)) throw new CommandError("usage", told("rate_not_shared"));
  await rate.reset();
  output.result(say("rate_pause_ended"), { reset: true });
  return EXIT.success;
};

function isRedisRate(rate: unknown): rate is RedisRate {
  return typeof (rate as Partial<RedisRate> | undefined)?.reset === "function";
}
