import { Job, type Queue } from "bullmq";
import type { EndedJob, EndJob, JobScript } from "./inbox.ts";
import type { JobData, StoredJob } from "./job.ts";
import { connectionIn, makeBackend, type WithScripts } from "./versions.ts";

/**
 * The script with which BullMQ adds a job, and its keys and arguments, so that the inbox stores a state and adds the
 * job in one step. Undefined if the script can't be read from this version of BullMQ or ioredis: then the job is added
 * in a second step.
 */
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
    // The object has the only method that BullMQ calls here, and not the rest of a client.
    await new Job(queue, "user", { platform }, options, jobId).addJob(client as never);
  } catch {
    // This version of BullMQ does not add a job with a single script, so the state and its job cannot be written in one
    // step.
    return undefined;
  }
  return calls[0];
}

type UserJob = Job<StoredJob, string>;

/** How a job has ended. */
export interface JobEnd {
  /** Whether the worker was ready for another job. */
  readonly mayTake: boolean;
  /** The next job as BullMQ gives it, its data and its id, if it was taken in the same step. */
  readonly next?: Awaited<ReturnType<UserJob["moveToCompleted"]>> | undefined;
  /** The answer of Redis about the record of the next job, if one script took the job and its record. */
  readonly taken?: unknown;
  /** Why BullMQ did not end the job although its user is acknowledged: another worker has the job. */
  readonly error?: unknown;
}

/**
 * Ends the jobs of a worker, each in the step that acknowledges its user. BullMQ's own code prepares its script and
 * reads the answer. In between, the script is given to the inbox, which runs it as part of a script of its own.
 */
export class JobEnds {
  /** For each job that is ending, by its id: the function that runs BullMQ's script. */
  readonly #running = new Map<string, (script: JobScript) => Promise<unknown>>();

  /**
   * Makes the connection of a worker. It lacks the second connection, which only BullMQ's own loop needs. Undefined
   * with version 5 of BullMQ: its workers always have both connections, and their jobs end in a step of their own.
   */
  readonly backend = makeBackend((scripts, name, given) => {
    const { lua, numberOfKeys = 0 } = name.startsWith("moveToFinished:") ? (scripts[name] ?? {}) : {};
    const run = lua && this.#running.get(given[numberOfKeys] ?? "");
    if (!run) return undefined;
    const args = given.slice(numberOfKeys).map((arg) => arg ?? "");
    return run({ lua, keys: given.slice(0, numberOfKeys), args });
  });

  /** Completes a job in a step of its own. Takes the next job in the same step if `mayTake` is true. */
  async completeAlone(job: UserJob, outcome: string, token: string, mayTake: boolean): Promise<JobEnd> {
    return { mayTake, next: await job.moveToCompleted(outcome, token, mayTake) };
  }

  /**
   * Completes a job in the step that `run` takes. Undefined if the job has not ended: another state of the user came
   * meanwhile, or the job has to end in a step of its own.
   */
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
      // The script can't be read from this version of BullMQ or ioredis, so BullMQ has ended the job by itself.
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
