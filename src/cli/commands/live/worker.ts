import type { Command } from "commander";
import type { UserOutcome } from "oplead-sdk/sync";
import type { Action } from "../../command.ts";
import { Live } from "../../live/live.ts";
import { UserAudit } from "../../live/user-audit.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { counted, phrase, say } from "../../texts/say.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface WorkerFlags extends ConfigFlags {
  readonly concurrency?: number;
  readonly lockMs?: number;
  readonly port?: number;
  readonly host: string;
}

export function define(command: Command): Action {
  configFlags(command)
    .option("--concurrency <number>", say("users at once (default: the client's maxConcurrency)"), numberIn(1, 10_000))
    .option(
      "--lock-ms <number>",
      say("after how long without a sign of life its users go to another worker (default: 30000)"),
      numberIn(1_000, 86_400_000),
    )
    .option(
      "-p, --port <number>",
      say("a port with /healthz, /readyz and /metrics; 0 is a free one"),
      numberIn(0, 65_535),
    )
    .option("--host <address>", say("the address of that port"), "127.0.0.1");
  helpNote(
    command,
    say(
      "Runs until SIGTERM or Ctrl-C, and then finishes the users under way. Start as many workers as you like, on any number of machines, with one ledger that all of them share.",
    ),
  );
  return work;
}

const work = inWorkspace<WorkerFlags>(
  ["client", "queue"],
  async (workspace, context, _args, { concurrency, lockMs, port, host }) => {
    const { ledger, loaded } = workspace;
    const { output, interrupts } = context;
    const audit = new UserAudit(loaded, "worker", output);
    let users = 0;
    const live = await Live.open(workspace, { sends: true, port, host });
    await withQueue(workspace, context, async (queue) => {
      const onUser = (user: UserOutcome): void => {
        users += 1;
        if (user.final) live.metrics?.user(user.outcome);
        audit.write((file) => file.onUser(user));
      };
      const worker = queue.startWorker({ ledger, concurrency, lockMs, onUser });
      try {
        const readiness = await live.start({ ledger, queue, worker }, output);
        output.note(
          phrase(workspace.oplead.testMode ? "Working in test mode. Ctrl-C ends it." : "Working. Ctrl-C ends it."),
        );
        await interrupts.wait(say("Stopping: finishing the users under way. Ctrl-C again stops at once."));
        readiness.isStopping = true;
      } finally {
        await worker.close();
        await live.close();
      }
    });
    output.result(say("{users} worked on.", { users: counted(users, "user") }), {
      users,
      unaudited: audit.missing || undefined,
    });
    return audit.close();
  },
);
