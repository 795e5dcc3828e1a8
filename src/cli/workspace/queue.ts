import type { OpleadLogger } from "oplead-sdk";
import type { UserQueue } from "oplead-sdk/bullmq";
import { errorCode } from "../../base/error-code.ts";
import type { Context } from "../command.ts";
import { CommandError } from "../exit.ts";
import { told } from "../texts/say.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Opens the queue of the config, and closes it when the task has ended. BullMQ is loaded only now: other commands do not
 * need it. Its warnings go to stderr, or to the config's logger.
 */
export async function withQueue<T>(
  workspace: Workspace,
  { output }: Context,
  task: (queue: UserQueue) => Promise<T>,
): Promise<T> {
  const { config, isFake } = workspace;
  const { queue: options, ledger, client } = config;
  if (isFake) throw new CommandError("usage", told("queue_with_fake"));
  if (options === undefined) {
    throw new CommandError("invalid_options", told("queue_option_missing"));
  }
  if (ledger === undefined || typeof ledger === "string") {
    throw new CommandError("invalid_options", told("queue_needs_shared_ledger"));
  }
  const { userQueue } = await import("oplead-sdk/bullmq").catch((error: unknown) => {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CommandError("missing_package", told("queue_needs_packages"));
  });
  const lines: OpleadLogger = {
    debug() {},
    info: (line) => output.note(line),
    warn: (line) => output.warn(line),
    error: (line) => output.warn(line),
  };
  const queue = userQueue(workspace.oplead, { logger: client?.logger ?? lines, ...options });
  try {
    return await task(queue);
  } finally {
    await queue.close();
  }
}
