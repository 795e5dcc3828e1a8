import type { Command } from "commander";
import type { UserOutcome } from "oplead-sdk/sync";
import { counted } from "../../../base/words.ts";
import type { Action } from "../../command.ts";
import { EXIT } from "../../exit.ts";
import { openAudit } from "../../run/trace.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { withQueue } from "../../workspace/queue.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

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

const work = inWorkspace<WorkerFlags>(
  ["client", "queue"],
  async (workspace, context, _args, { concurrency, lockMs }) => {
    const { oplead, ledger, loaded } = workspace;
    const audit = openAudit(loaded, "worker");
    const { output, interrupts } = context;
    let users = 0;
    const onUser = (user: UserOutcome): void => {
      users += 1;
      audit?.onUser(user);
    };
    await withQueue(workspace, context, async (queue) => {
      const worker = queue.startWorker({ ledger, concurrency, lockMs, onUser });
      output.note(`Working${oplead.testMode ? " in test mode" : ""}. Ctrl-C ends it.`);
      await interrupts.wait("Stopping: finishing the users under way. Ctrl-C again stops at once.");
      await worker.close();
    });
    output.result(`${counted(users, "user")} worked on.`, { users });
    return EXIT.success;
  },
);
