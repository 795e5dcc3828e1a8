import type { Oplead } from "oplead-sdk";
import type { OpleadConfig } from "oplead-sdk/config";
import { told } from "../texts/say.ts";
import { answersOf, type Check, reasonOf } from "./check.ts";
import { packageCheck } from "./packages.ts";

/** The queue of the config; no checks without one. */
export async function queueChecks(oplead: Oplead, { queue }: OpleadConfig): Promise<Check[]> {
  if (queue === undefined) return [];
  const packages = await Promise.all([
    packageCheck("bullmq", "6", "the queue", () => import("bullmq")),
    packageCheck("ioredis", "5", "the queue", () => import("ioredis")),
  ]);
  if (packages.some(({ state }) => state !== "ok")) return packages;
  return [...packages, await redisCheck(oplead, queue)];
}

async function redisCheck(oplead: Oplead, options: NonNullable<OpleadConfig["queue"]>): Promise<Check> {
  const { ok, broken, warning } = answersOf(told("check_queue"));
  try {
    const { userQueue } = await import("oplead-sdk/bullmq");
    const queue = userQueue(oplead, options);
    await queue.status().finally(() => queue.close());
    const { encryptionKey = [], storeUsers } = options;
    return storeUsers !== false && encryptionKey.length === 0 ? warning("queue_in_clear") : ok("queue_answers");
  } catch (error) {
    return broken("queue_fails", { reason: reasonOf(error) });
  }
}
