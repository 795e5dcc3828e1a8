import type { OpleadLogger } from "oplead-sdk";
import type { UserQueue } from "oplead-sdk/bullmq";
import { errorCode } from "../../error-code.ts";
import { CommandError } from "../shell/command-error.ts";
import type { Context } from "../shell/context.ts";
import type { Session } from "./session.ts";

/** The queue of the config. BullMQ is loaded only now: other commands do not need it. Its warnings go to stderr, or to the config's logger. */
export async function openQueue({ config, isFake }: Session, { output }: Context): Promise<UserQueue> {
  const { queue, ledger, client } = config;
  if (isFake) throw new CommandError("usage", "A queue reaches other processes, and the target fake does not.");
  if (queue === undefined) {
    throw new CommandError("invalid_options", "queue: is missing in the config, and this command needs it");
  }
  if (ledger === undefined || typeof ledger === "string") {
    throw new CommandError(
      "invalid_options",
      "ledger: must be one that processes share if there is a queue, for example redisLedger(redis) of oplead-sdk/redis",
    );
  }
  let userQueue: typeof import("oplead-sdk/bullmq").userQueue;
  try {
    ({ userQueue } = await import("oplead-sdk/bullmq"));
  } catch (error) {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CommandError("missing_package", "The queue needs two more packages: npm install bullmq ioredis");
  }
  const lines: OpleadLogger = {
    debug() {},
    info: (line) => output.note(line),
    warn: (line) => output.warn(line),
    error: (line) => output.warn(line),
  };
  return userQueue({ logger: client?.logger ?? lines, ...queue });
}
