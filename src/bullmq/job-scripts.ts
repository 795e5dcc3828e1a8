import { Job, type Queue } from "bullmq";
import type { EndedJob, EndJob, JobScript } from "./inbox.ts";
import type { JobData, StoredJob } from "./job.ts";
import { connectionIn, makeBackend, type WithScripts } from "./versions.ts";

// Lets the inbox store a state and add its job in one step. Undefined if this BullMQ or ioredis does not show the
// script.
export async function addJobOf(
  queue: Queue<StoredJob, string>,
  jobId: string,
  { platform }: JobData,
  priority: number,
): Promise<JobScript | undefined> {
  await queue.waitUntilReady();
  const { scriptsSet } = (await connectionIn(queue).client) as WithScripts;
  const calls: JobScript[] = [];
  const client = {
    runCommand(name: string, given: readonly string[]): Promise<string> {
      const { lua, numberOfKeys } = scriptsSet?.[name] ?? {};
      if (lua && numberOfKeys) calls.push({ lua, keys: given.slice(0, numberOfKeys), args: given.slice(numberOfKeys) });
      return Promise.resolve(jobId);
    },
  };
  const options = { ...queue.defaultJobOptions };
  if (priority > 0) options.priority = priority;
  try {
    // Safe: `client` has the only method that BullMQ calls here.
    await new Job(queue, "user", { platform }, options, jobId).addJob(client as never);
  } catch {
    return undefined;
  }
  return calls[0];
}

type UserJob = Job<StoredJob, string>;

export interface JobEnd {
  readonly mayTake: boolean;
  readonly next?: Awaited<ReturnType<UserJob["moveToCompleted"]>> | undefined;
  readonly taken?: unknown;
  readonly error?: unknown;
}

// BullMQ's code prepares its script and reads the answer; the inbox runs the script as a part of its own.
export class JobEnds {
  readonly #running = new Map<string, (script: JobScript) => Promise<unknown>>();

  // A backend without the second connection, which only BullMQ's own loop needs. Undefined with BullMQ 5, whose workers
  // always have both connections.
  readonly backend = makeBackend((scripts, name, given) => {
    const { lua, numberOfKeys = 0 } = name.startsWith("moveToFinished:") ? (scripts[name] ?? {}) : {};
    const run = lua && this.#running.get(given[numberOfKeys] ?? "");
    if (!run) return undefined;
    const args = given.slice(numberOfKeys).map((arg) => arg ?? "");
    return run({ lua, keys: given.slice(0, numberOfKeys), args });
  });

  async completeAlone(job: UserJob, outcome: string, token: string, mayTake: boolean): Promise<JobEnd> {
    return { mayTake, next: await job.moveToCompleted(outcome, token, mayTake) };
  }

  async complete(
    job: UserJob,
    outcome: string,
    token: string,
    mayTake: boolean,
    run: Parameters<EndJob>[0],
  ): Promise<JobEnd | undefined> {
    const { id = "", data } = job;
    if (!this.backend) {
      await run();
      return undefined;
    }
    let isAsked = false;
    let ended: EndedJob | undefined;
    this.#running.set(id, async (script) => {
      isAsked = true;
      ended = await run({ id, token, platform: data.platform, script });
      return ended?.answer;
    });
    try {
      const next = await job.moveToCompleted(outcome, token, mayTake);
      if (isAsked) return ended && { mayTake, next, taken: ended.taken };
      // This BullMQ or ioredis does not show the script: BullMQ has ended the job itself.
      await run();
      return { mayTake, next };
    } catch (error) {
      if (!ended) throw error;
      return { mayTake, error };
    } finally {
      this.#running.delete(id);
    }
  }
}
