import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { openQueue } from "../../session/open-queue.ts";
import { openSession } from "../../session/session.ts";
import type { Context } from "../../shell/context.ts";
import { counted } from "../../shell/counted.ts";
import { type ConfigFlags, configFlags, numberIn } from "../../shell/flags.ts";
import { helpNote } from "../../shell/help-note.ts";
import { untilStopped } from "../../shell/until-stopped.ts";

interface WorkerFlags extends ConfigFlags {
  readonly concurrency?: number;
  readonly lockMs?: number;
}

export function define(command: Command): Action {
  configFlags(command)
    .option("--concurrency <number>", "users at once (default: the client's maxConcurrency)", numberIn(1, 10_000))
    .option(
      "--lock-ms <number>",
      "after how long without a sign of life its users go to another worker (default: 30000)",
      numberIn(1_000, 86_400_000),
    );
  helpNote(
    command,
    "Runs until SIGTERM or Ctrl-C, and then finishes the users under way. Start as many workers as you like, on any " +
      "number of machines, with one ledger that all of them share.",
  );
  return work;
}

const work = async (context: Context, _args: readonly string[], flags: WorkerFlags): Promise<ExitCode> => {
  const { output } = context;
  const session = await openSession(context, flags, "worker", ["client", "queue"]);
  try {
    const queue = await openQueue(session, context);
    let done = 0;
    const worker = queue.startWorker({
      oplead: session.oplead,
      ledger: session.ledger,
      concurrency: flags.concurrency,
      lockMs: flags.lockMs,
      onUser: () => {
        done += 1;
      },
    });
    output.note(`Working${session.oplead.testMode ? " in test mode" : ""}. Ctrl-C ends it.`);
    await untilStopped(context, "Stopping: finishing the users under way. Ctrl-C again stops at once.");
    await worker.close();
    await queue.close();
    output.result(`${counted(done, "user")} worked on.`, { users: done });
    return EXIT.success;
  } finally {
    await session.close();
  }
};
