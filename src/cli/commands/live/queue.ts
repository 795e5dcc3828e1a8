import type { Command } from "commander";
import type { FailedJob, UserQueue } from "oplead-sdk/bullmq";
import type { Action } from "../../command.ts";
import { openQueue } from "../../session/open-queue.ts";
import { openSession } from "../../session/session.ts";
import type { Context } from "../../shell/context.ts";
import { counted } from "../../shell/counted.ts";
import { type ConfigFlags, configFlags } from "../../shell/flags.ts";

export function define(command: Command): readonly (readonly [Command, Action])[] {
  const sub = (usage: string, summary: string): Command =>
    configFlags(command.command(usage).description(summary).copyInheritedSettings(command));
  return [
    [sub("status", "count the jobs by state, and show why the failed ones failed"), status],
    [sub("retry-failed", "start every job again that is out of attempts"), retryFailed],
  ];
}

const status = (context: Context, _args: readonly string[], flags: ConfigFlags) =>
  withQueue(context, flags, "queue status", async (queue) => {
    const counts = await queue.status();
    const failures = counts.failed > 0 ? await queue.failed(20) : [];
    const lines = Object.entries(counts).map(([state, count]) => `${String(count).padStart(8)}  ${state}`);
    context.output.result([...lines, ...failures.map(line)].join("\n"), { ...counts, failures });
  });

const retryFailed = (context: Context, _args: readonly string[], flags: ConfigFlags) =>
  withQueue(context, flags, "queue retry-failed", async (queue) => {
    const count = await queue.retryFailed();
    context.output.result(`${counted(count, "job")} started again.`, { retried: count });
  });

async function withQueue(
  context: Context,
  flags: ConfigFlags,
  command: string,
  task: (queue: UserQueue) => Promise<void>,
): Promise<undefined> {
  const session = await openSession(context, flags, command, ["queue"]);
  try {
    const queue = await openQueue(session, context);
    try {
      await task(queue);
    } finally {
      await queue.close();
    }
  } finally {
    await session.close();
  }
}

function line({ jobId, code, message }: FailedJob): string {
  return `  failed  ${jobId}: ${code === undefined ? "" : `${code}: `}${message}`;
}
