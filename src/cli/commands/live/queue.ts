import type { Command } from "commander";
import type { FailedJob } from "oplead-sdk/bullmq";
import type { Subcommands } from "../../command.ts";
import { EXIT } from "../../exit.ts";
import { type ConfigFlags, subcommand } from "../../shell/flags.ts";
import { counted, lasting, say } from "../../texts/say.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

export function define(command: Command): Subcommands {
  const sub = subcommand(command);
  return [
    [sub("status", say("count the jobs by state, and show why the failed ones failed")), status],
    [sub("retry-failed", say("start every job again that is out of attempts")), retryFailed],
  ];
}

const status = inWorkspace<ConfigFlags>(["client", "queue"], (workspace, context) =>
  withQueue(workspace, context, async (queue) => {
    const { oldestWaitingAt, ...counts } = await queue.status();
    const failures = counts.failed > 0 ? await queue.failed(20) : [];
    const lines = Object.entries(counts).map(([state, count]) => `${String(count).padStart(8)}  ${state}`);
    const oldest =
      oldestWaitingAt === undefined
        ? []
        : [say("The oldest has waited for {time}.", { time: lasting(Date.now() - oldestWaitingAt) })];
    const text = [...lines, ...oldest, ...failures.map(line)].join("\n");
    context.output.result(text, { ...counts, oldestWaitingAt, failures });
    return EXIT.success;
  }),
);

const retryFailed = inWorkspace<ConfigFlags>(["client", "queue"], (workspace, context) =>
  withQueue(workspace, context, async (queue) => {
    const count = await queue.retryFailed();
    context.output.result(say("{jobs} started again.", { jobs: counted(count, "job") }), { retried: count });
    return EXIT.success;
  }),
);

function line({ jobId, code, message }: FailedJob): string {
  return `  failed  ${jobId}: ${code === undefined ? "" : `${code}: `}${message}`;
}
