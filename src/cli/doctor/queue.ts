import type { OpleadConfig } from "oplead-sdk/config";
import type { Check } from "./check.ts";
import { packageCheck } from "./packages.ts";

/** The queue of the config; no checks without one. */
export async function queueChecks({ queue }: OpleadConfig): Promise<Check[]> {
  if (queue === undefined) return [];
  return Promise.all([packageCheck("bullmq", "6", "the queue"), packageCheck("ioredis", "5", "the queue")]);
}
