import { Job, type Queue } from "bullmq";
import type { AddJob } from "./inbox.ts";
import type { JobData, StoredJob } from "./job.ts";

/** A client on which BullMQ has defined its scripts, as ioredis keeps them. */
interface WithScripts {
  readonly scriptsSet?: Readonly<Record<string, { readonly lua: string; readonly numberOfKeys: number } | undefined>>;
}

/**
 * The script of BullMQ that adds a job, and what it would be called with, so that the inbox does both in one step. Undefined if a
 * version of BullMQ or ioredis does not show it: then the job has to be added by a step of its own.
 */
export async function addJobOf(
  queue: Queue<StoredJob, string>,
  jobId: string,
  { platform }: JobData,
  priority: number,
): Promise<AddJob | undefined> {
  await queue.waitUntilReady();
  const { scriptsSet } = (await queue.getBackend().client) as WithScripts;
  const calls: AddJob[] = [];
  const client = {
    runCommand(name: string, given: readonly string[]): Promise<string> {
      const { lua, numberOfKeys } = scriptsSet?.[name] ?? {};
      if (lua && numberOfKeys) calls.push({ lua, keys: given.slice(0, numberOfKeys), args: given.slice(numberOfKeys) });
      return Promise.resolve(jobId);
    },
  };
  const options = { ...queue.defaultJobOptions, ...(priority > 0 && { priority }) };
  try {
    await new Job(queue, "user", { platform }, options, jobId).addJob(client as never);
  } catch {
    // It asks for more than its script.
    return undefined;
  }
  return calls[0];
}
