import type { UserQueue } from "oplead-sdk/bullmq";
import type { OpleadConfig } from "oplead-sdk/config";
import { errorCode } from "../../error-code.ts";
import { CommandError } from "../shell/command-error.ts";

/** The queue of the config. BullMQ is loaded only now: other commands do not need it. */
export async function openQueue({ queue, ledger }: OpleadConfig, isFake: boolean): Promise<UserQueue> {
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
  return userQueue(queue);
}
